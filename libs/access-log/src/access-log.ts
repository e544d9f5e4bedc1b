/** AccessRecord is one NEN 7513 record: who did what to whose data, when, on which basis. Ids and codes only. */
export interface AccessRecord {
  readonly id: string;
  readonly at: string;
  /** event: what kind of action, NEN 7513 chapter 7. */
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E';
  readonly operation: string;
  readonly outcome: 'SUCCESS' | 'DENIED' | 'ERROR';
  readonly requestId: string;
  readonly actorId: string;
  readonly actorRole: string;
  readonly actorOrganisation: string;
  readonly authenticationLevel?: string;
  readonly responsibleId?: string;
  readonly relation: string;
  readonly personId: string;
  readonly caseId?: string;
  readonly category: string;
  readonly purpose: string;
  /** objects: ids of what was opened (documents, report versions, command ids); a list of 50 rows is one record. */
  readonly objects: readonly string[];
  /** basis: rule of the access matrix, for example `A13 R s(Q2)`; the matrix version stands beside it. */
  readonly basis: string;
  readonly policyVersion: string;
  readonly application: string;
  readonly breakGlass?: boolean;
}

/** AccessLogQuery: by person and, within a person, by case; or by case; neither = everything, for the auditor's review. */
export interface AccessLogQuery {
  readonly personId?: string;
  readonly caseId?: string;
  /** limit of records in a page, 1 to 500 (default 100). */
  readonly limit?: number;
  /** cursor: `next` of the page before; anything else is refused with `Invalid('invalid-cursor')`. */
  readonly cursor?: string;
}

/** AccessLogPage of records, oldest first. */
export interface AccessLogPage {
  readonly records: readonly AccessRecord[];
  readonly next?: string;
}

/** AccessLogProof: how many records stand in the log, a hash over all of them, and the first place where the chain is broken. */
export interface AccessLogProof {
  readonly records: number;
  readonly head: string;
  /** brokenAt is the number (from 1, in the order of the walk) of the first record that was changed, moved, or follows a gap; absent when all is whole. */
  readonly brokenAt?: number;
}

/**
 * AccessLog is append-only and apart from the event store (other retention, other readers). Promises: `write` resolves only when
 * the records are durable, all of one call or none; a record whose id stands there already is not written again (a retry); nothing
 * changes or removes one; each record carries a hash of the one before, so that a gap or a change shows in `prove` (the last ones
 * can only be missed by whoever kept an earlier `head`).
 *
 * Where several processes write one log and none of them may read it, no record can follow the last one of another process: there each
 * process chains its own records, `prove` walks one chain after the other, and its `head` is made of all their heads. `read` then gives
 * the order in which the store took the records; one that is being written while somebody pages may be missing on a page before it, and
 * is there when he begins again.
 */
export abstract class AccessLog {
  abstract write(records: readonly AccessRecord[]): Promise<void>;
  abstract read(query: AccessLogQuery): Promise<AccessLogPage>;
  /** prove walks the whole chain. */
  abstract prove(): Promise<AccessLogProof>;
}
