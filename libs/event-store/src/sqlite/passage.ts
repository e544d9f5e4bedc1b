import type { RecordedEvent } from '@second-opinion/kernel';
import type { Part, Wanted } from './chunks';
import type { Entry } from './entry';

/** Passage says which events somebody is given. When they are few, it knows the places of all up to a position. */
export class Passage {
  private readonly known = new Map<string, boolean>();

  constructor(
    readonly categories: Wanted,
    private readonly few: readonly number[] | undefined,
    /** upTo the end of the log when it was looked through. */
    readonly upTo: number,
  ) {}

  /** places of all that passes up to `upTo`, when they are few. */
  get places(): readonly number[] {
    return this.few ?? [];
  }

  /** knows everything that passes from here up to `upTo`. */
  knows(position: number): boolean {
    return this.few !== undefined && position < this.upTo;
  }

  /** passes says whether this event is given. */
  passes({ category }: Entry): boolean {
    if (!this.categories) return true;
    let passes = this.known.get(category);
    if (passes === undefined) {
      passes = this.categories.some((prefix) => category.startsWith(prefix));
      this.known.set(category, passes);
    }
    return passes;
  }

  /** take the entries that pass until the batch is full; gives how far it came. */
  take({ entries, upTo }: Part, limit: number, into: RecordedEvent[]): number {
    for (const entry of entries) {
      if (this.passes(entry)) into.push(entry.event);
      if (into.length >= limit) return entry.position;
    }
    return upTo;
  }
}
