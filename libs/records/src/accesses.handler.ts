import { Injectable } from '@nestjs/common';
import { AccessLog, type AccessRecord } from '@second-opinion/access-log';
import { Invalid } from '@second-opinion/kernel';
import { KeyedHashes, type PageQuery } from '@second-opinion/nest';
import { looksLikeId } from '@second-opinion/nest/fields';
import { cursorOf, limitOf } from './paging.rules';
import { inPlainWords } from './plain-words.rules';

/** AccessQuery: a page of a person's list, of one case if so asked. */
export interface AccessQuery extends PageQuery {
  readonly caseId?: unknown;
}

/** Accesses shows from the access log who opened what of a person, when, and on which basis (BR-68). */
@Injectable()
export class Accesses {
  constructor(
    private readonly accessLog: AccessLog,
    private readonly hashes: KeyedHashes,
  ) {}

  async page(personId: string, query: AccessQuery) {
    // The log's own cursor tells how much was opened of everybody.
    const asked = cursorOf(query);
    const cursor = asked === undefined ? undefined : this.hashes.pageOf(asked);
    if (asked !== undefined && cursor === undefined) throw new Invalid('invalid-cursor');
    const { caseId } = query;
    if (caseId !== undefined && !looksLikeId(caseId))
      throw new Invalid('invalid-request', { at: '/caseId', rule: 'pattern' });
    const { records, next } = await this.accessLog.read({
      personId,
      limit: limitOf(query),
      ...(caseId === undefined ? {} : { caseId }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { items: records.map(shown), ...(next === undefined ? {} : { next: this.hashes.pageToken(next) }) };
  }
}

function shown(record: AccessRecord) {
  const { at, actorId, actorRole, actorOrganisation, relation, action, outcome, operation, category, caseId } = record;
  const { purpose, objects, basis, policyVersion } = record;
  return {
    at,
    inWords: inPlainWords(record),
    who: { id: actorId, role: actorRole, organisation: actorOrganisation, relation },
    what: { action, outcome, operation, category, purpose, objects },
    ...(caseId === undefined ? {} : { caseId }),
    basis,
    policyVersion,
  };
}
