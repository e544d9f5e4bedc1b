import type { Participants, Relation } from './decider';
import type { Seal } from './personal';
import type { View } from './view';

/** ToOpen marks the place of personal text in an answer: the door replaces it by the text, by `{"forgotten": true}`, or leaves it out. */
export class ToOpen {
  constructor(
    readonly seal: Seal,
    /** context of the place where the seal was found; compared with the seal's own header. */
    readonly place: {
      readonly personId: string;
      readonly caseId: string;
      readonly purpose: string;
      readonly object?: string;
    },
  ) {}
}

/** Shown is an answer tree: plain JSON with {@link ToOpen} in the places of personal text. */
export type Shown = { readonly [field: string]: ShownValue };
export type ShownValue = string | number | boolean | null | undefined | ToOpen | Shown | readonly ShownValue[];

/** ExampleOf marks a value in an example that is not always a plain value: personal text (can be forgotten), or null now and then. */
export class ExampleOf {
  constructor(
    readonly value: ExampleValue,
    readonly kind: 'personal' | 'nullable',
  ) {}
}

/** Example is an invented answer for the API document. */
export type Example = { readonly [field: string]: ExampleValue };
export type ExampleValue = string | number | boolean | null | ExampleOf | Example | readonly ExampleValue[];

/** personal marks invented text in the place of personal text. */
export const personal = (text: string): ExampleOf => new ExampleOf(text, 'personal');
/** orNull marks a value that can be null. */
export const orNull = (value: ExampleValue): ExampleOf => new ExampleOf(value, 'nullable');

/**
 * Reading is one question that can be asked of a view: which operation it is (libs/access decides it), whose row it is, and what this
 * relation is shown. Pure. What `show` leaves out does not leave the process; what the matrix denies is left out by the door besides.
 */
export interface Reading<Row extends object> {
  /** operation as libs/access knows it, `<context>.<GetOrListSomething>`. */
  readonly operation: string;
  readonly view: View<Row>;
  participants(row: Row): Participants;
  caseId(row: Row): string | undefined;
  /** stream whose ETag the answer carries; absent: no ETag. */
  stream?(row: Row): string;
  /** facts that the access matrix may ask for (E: after the stated event), for example `{ released: true }`. */
  facts?(row: Row): Readonly<Record<string, boolean>>;
  show(row: Row, relation: Relation): Shown;
  /** example of what is shown of one row, for the API document: invented, and the fullest that any relation may get. */
  readonly example?: Example;
}

/** TaskRow is one thing somebody must do; every context has a view of these, `GET /<context>/tasks` shows them, overdue first. */
export interface TaskRow {
  /** task names what is to be done, in the command's words, for example `HonourRequest`. */
  readonly task: string;
  /** about: the case (or, for reference data, the thing) it is about. */
  readonly about: string;
  /** assignee is the id of a person or doctor, or `role:<role>` for whoever has that role. */
  readonly assignee: string;
  readonly since: string;
  /** dueAt, or the far future when there is no term: `9999-12-31T00:00:00.000Z`. */
  readonly dueAt: string;
}
/** NO_TERM is the dueAt of a task without a term; sorts last. */
export const NO_TERM = '9999-12-31T00:00:00.000Z';
