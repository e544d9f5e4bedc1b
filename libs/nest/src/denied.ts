import { Injectable } from '@nestjs/common';
import type { Decision } from '@second-opinion/access';
import { AccessLog, type AccessRecord } from '@second-opinion/access-log';
import { Clock, derivedId, type Relation } from '@second-opinion/kernel';
import type { Asking } from './asking';
import { Deployment, KeyedHashes, type VerifiedToken } from './ports';

/** Attempt is an access that was denied before anything was opened. */
export interface Attempt {
  readonly asking: Pick<Asking, 'actor' | 'requestId'> & { readonly token: Pick<VerifiedToken, 'authenticationLevel'> };
  readonly relation: Relation;
  readonly operation: string;
  readonly decision: Decision;
  /** asked: what stood in the request; it is recorded only as a keyed hash, and only where it leads to nobody. */
  readonly asked: string;
  /** personId whose data it is; undefined when it is nobody's, or nothing at all. */
  readonly personId: string | undefined;
  readonly caseId: string | undefined;
  readonly action: AccessRecord['action'];
}

/**
 * Denials put failed attempts on record (BR-66). What does not exist is recorded like what does, and as durably: nobody learns from how long a
 * refusal takes whether there was something to refuse (BR-40).
 */
@Injectable()
export class Denials {
  constructor(
    private readonly accessLog: AccessLog,
    private readonly clock: Clock,
    private readonly deployment: Deployment,
    private readonly hashes: KeyedHashes,
  ) {}

  /** record resolves when it is durable. */
  async record(attempt: Attempt): Promise<void> {
    const { asking, relation, operation, decision, asked, caseId, action } = attempt;
    const unknown = this.hashes.unknown(asked);
    const personId = attempt.personId ?? unknown;
    const isKnown = attempt.personId !== undefined && caseId !== undefined;
    const record: AccessRecord = {
      id: derivedId('denied', asking.requestId, operation, personId, isKnown ? caseId : ''),
      at: this.clock.now(),
      action,
      operation,
      outcome: 'DENIED',
      requestId: asking.requestId,
      actorId: asking.actor.id,
      actorRole: asking.actor.role,
      actorOrganisation: asking.actor.organisation,
      ...(asking.token.authenticationLevel === undefined
        ? {}
        : { authenticationLevel: asking.token.authenticationLevel }),
      relation,
      personId,
      ...(isKnown ? { caseId } : {}),
      category: '-',
      purpose: operation,
      objects: [],
      basis: decision.basis,
      policyVersion: decision.policyVersion,
      application: this.deployment.application,
    };
    await this.accessLog.write([record]);
  }
}
