import type { Decision } from '@second-opinion/access';
import type { AccessRecord } from '@second-opinion/access-log';
import { derivedId, type Instant, type Relation } from '@second-opinion/kernel';
import type { Asking } from './asking';
import type { Deployment, VerifiedToken } from './ports';

/** Attempt is an access that the matrix denied before anything was opened. */
export interface Attempt {
  readonly asking: Pick<Asking, 'actor' | 'requestId'> & { readonly token: Pick<VerifiedToken, 'authenticationLevel'> };
  readonly relation: Relation;
  readonly operation: string;
  readonly decision: Decision;
  readonly personId: string;
  readonly caseId: string | undefined;
  readonly action: AccessRecord['action'];
}

/** deniedRecord is the access record of a failed attempt (BR-66). */
export function deniedRecord(attempt: Attempt, at: Instant, deployment: Deployment): AccessRecord {
  const { asking, relation, operation, decision, personId, caseId, action } = attempt;
  return {
    id: derivedId('denied', asking.requestId, operation, personId, caseId ?? ''),
    at,
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
    ...(caseId === undefined ? {} : { caseId }),
    category: '-',
    purpose: operation,
    objects: [],
    basis: decision.basis,
    policyVersion: decision.policyVersion,
    application: deployment.application,
  };
}
