import type { RecordedEvent } from './event';

/**
 * View turns the events of its context into rows, purely. Rows hold ids, codes, times, amounts and seals; never plain personal text.
 * The same events in the same order give the same rows: a rebuild equals what is there.
 */
export interface View<Row extends object> {
  /** name is `<context>.<noun>`; rows live under `name.v<version>`. */
  readonly name: string;
  /** version goes up when the same events would give other rows; the new version is built beside the old one. */
  readonly version: number;
  /** categories of streams it is made of, for example `['intake.case']`. */
  readonly categories: readonly string[];
  /** indexes: top-level fields that may be asked for; each entry is one index over these fields in this order. */
  readonly indexes: readonly (readonly (keyof Row & string)[])[];
  /** keys of the rows that this event touches; empty when none. */
  keys(event: RecordedEvent): readonly string[];
  /** begins says that all rows which this event touches begin with it: there can be none before it, so nobody looks for one. */
  begins?(event: RecordedEvent): boolean;
  /**
   * project gives the new row, the same object when nothing changes, or null to remove it. `beside` gives the row under another key of
   * this event, as it stands by now; keys are projected in their order.
   */
  project(
    row: Row | undefined,
    event: RecordedEvent,
    key: string,
    beside?: (key: string) => Row | undefined,
  ): Row | null | undefined;
}
