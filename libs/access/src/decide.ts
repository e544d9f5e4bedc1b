import type { ActorRole, Relation } from '@second-opinion/kernel';

/** Decision of the access matrix; `basis` names the rule that decided, for the access log. */
export interface Decision {
  readonly allowed: boolean;
  readonly basis: string;
  readonly policyVersion: string;
}

/** Asker: his relation to the case (`none` without one) and the role of his token. */
export interface Asker {
  readonly relation: Relation;
  readonly role: ActorRole;
}
