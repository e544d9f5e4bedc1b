import type { ActorRole, Relation } from '@second-opinion/kernel';
import type { Item } from './matrix';

/** Right in the access matrix: R read, W create or change, D decide, M metadata only. */
export type Right = 'R' | 'W' | 'D' | 'M';

/**
 * OperationRule says what an operation (a command or a query) does to which item of the matrix. Every operation of every context has
 * one: an operation without a rule is denied to all, and a route without a rule fails the build.
 */
export type OperationRule =
  | {
      /** item of domain section 2; the relation of the asker must have the right there. */
      readonly item: Item;
      readonly right: Right;
      /** only narrows further: these relations alone (a right in the matrix is necessary, not sufficient). */
      readonly only?: readonly Relation[];
    }
  /** What belongs to no case (registers, tasks, own person): the role alone decides; `basis` says why. */
  | { readonly roles: readonly ActorRole[]; readonly basis: string };

/** PurposeRule says to which item of the matrix a sealed field belongs, and so who may have it opened. */
export interface PurposeRule {
  readonly item: Item;
  /** relations that may have it opened although the matrix has no word for them, with the reason (system: mails, invoices). */
  readonly also?: readonly { readonly relation: Relation; readonly basis: string }[];
}

/** ContextRules are one context's operations (by command or query name) and purposes (by field name). */
export interface ContextRules {
  readonly operations: Readonly<Record<string, OperationRule>>;
  readonly purposes: Readonly<Record<string, PurposeRule>>;
}
