import { randomUUIDv7 } from 'node:crypto';
import { mayOpen, purposeRule, type Decision, type PurposeRule } from '@second-opinion/access';
import type { AccessLog, AccessRecord } from '@second-opinion/access-log';
import { DomainError, Invalid, Unavailable, type Clock } from '@second-opinion/kernel';
import type { Access, SealContext } from './vault';

/** Asked is one thing that somebody wanted opened, with what was decided about it. */
export interface Asked {
  readonly context: SealContext;
  readonly outcome: AccessRecord['outcome'];
  readonly basis: string;
  readonly policyVersion: string;
}

/** Place is where the finder found something sealed; what its header says must be the same. */
export type Place = Omit<SealContext, 'category' | 'object'> & { readonly object?: string };

const LOG_AWAY = 'access-log-unavailable';

/**
 * Door decides and records every opening, of texts and of documents. What the matrix denies stays shut; nothing opens before its access
 * record is durable; when the log cannot be written nothing opens at all (`Unavailable('access-log-unavailable')`).
 */
export class Door {
  constructor(
    private readonly log: AccessLog,
    private readonly clock: Clock,
    private readonly rules: (purpose: string) => PurposeRule | undefined = purposeRule,
  ) {}

  /** decide asks the access matrix by the purpose that stands in the seal's own header. */
  decide({ purpose, category }: SealContext, access: Access): Decision {
    return mayOpen(this.rules(purpose), access.relation, access.facts ?? {}, category);
  }

  /** record writes one record per person, case, category, purpose and outcome, naming the objects; resolves when they are durable. */
  async record(asked: readonly Asked[], access: Access): Promise<void> {
    const groups = new Map<string, Asked & { objects: Set<string> }>();
    for (const one of asked) {
      const { personId, caseId, category, purpose, object } = one.context;
      const name = JSON.stringify([personId, caseId, category, purpose, one.outcome, one.basis]);
      const group = groups.get(name);
      if (group) group.objects.add(object);
      else groups.set(name, { ...one, objects: new Set([object]) });
    }
    const at = this.clock.now();
    try {
      await this.log.write([...groups.values()].map((group) => recordOf(group, [...group.objects], access, at)));
    } catch (error) {
      throw new Unavailable(LOG_AWAY, {}, { cause: error });
    }
  }

  /** failed records what could not be opened and gives the error back, for the caller to throw; a log that is away is not asked again. */
  async failed(contexts: readonly SealContext[], access: Access, error: unknown): Promise<unknown> {
    if (error instanceof Unavailable && error.code === LOG_AWAY) return error;
    const basis = error instanceof DomainError ? error.code : 'failed';
    const asked = contexts.map((context): Asked => ({ context, outcome: 'ERROR', basis, policyVersion: '-' }));
    await this.record(asked, access);
    return error;
  }

  /** assertPlace throws `Invalid('seal-misplaced')` when something sealed was found in another place than it was made for. */
  assertPlace(header: SealContext, { personId, caseId, purpose, object }: Place): void {
    const same =
      header.personId === personId &&
      header.caseId === caseId &&
      header.purpose === purpose &&
      (object === undefined || header.object === object);
    if (!same) throw new Invalid('seal-misplaced');
  }
}

function recordOf(
  { context, outcome, basis, policyVersion }: Asked,
  objects: readonly string[],
  access: Access,
  at: string,
): AccessRecord {
  const { personId, caseId, category, purpose } = context;
  return {
    // By time: what is written together then stands together in the index of ids.
    id: randomUUIDv7(),
    at,
    action: 'R',
    operation: access.operation,
    outcome,
    requestId: access.requestId,
    actorId: access.actorId,
    actorRole: access.actorRole,
    actorOrganisation: access.actorOrganisation,
    ...(access.authenticationLevel === undefined ? {} : { authenticationLevel: access.authenticationLevel }),
    relation: access.relation,
    personId,
    ...(caseId === '' ? {} : { caseId }),
    category,
    purpose,
    objects,
    basis,
    policyVersion,
    application: access.application,
  };
}
