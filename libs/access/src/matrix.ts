import type { Relation } from '@second-opinion/kernel';

/** MATRIX_VERSION is stored with every access record. */
export const MATRIX_VERSION = 'matrix-a-2026.1';

/** Item is a row of the access matrix of route A, domain section 2. */
export type Item =
  1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23;

/** Entry: rights of one relation on one item, for example `RW`; `E:<fact>` = only after the stated event; empty = nothing. */
export interface Entry {
  readonly rights: string;
  /** after: the fact that must hold (E), for example `released`. */
  readonly after?: string;
  /** source of the rule as domain.md tags it: s(Qn), l, p, i. */
  readonly source: string;
}

/** matrix of route A: item to relation to entry; what is not here is denied. */
export const matrix: Readonly<Record<Item, Partial<Record<Relation, Entry>>>> = {} as never;
