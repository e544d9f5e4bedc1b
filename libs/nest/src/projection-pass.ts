import { categoryOf, Unavailable, type Position, type RecordedEvent } from '@second-opinion/kernel';
import { ViewStore, type Change } from '@second-opinion/view-store';
import type { AnyView } from './projections';
import { tableOf } from './names';

interface Held {
  /** row as it is now, undefined when there is none. */
  row: object | undefined;
  /** changedAt is the position of the last event that changed it in this pass; undefined: as it is stored. */
  changedAt: Position | undefined;
  /** begins with an event of this pass: nobody has looked whether something is stored, since nothing can be. */
  readonly begins: boolean;
}

interface Touched {
  readonly event: RecordedEvent;
  readonly keys: readonly string[];
}

/** isAfter says whether an event comes after this place of the log. */
export type IsAfter = (position: Position, place: Position | undefined) => boolean;

/**
 * ProjectionPass holds the rows of some views while events pass through them, so that a row which many events change is read once and
 * written once. It changes nothing in the store: whoever holds it writes `changes` of each view, together with how far it came.
 */
export class ProjectionPass {
  /** events taken so far. */
  events = 0;
  /** rowsHeld in memory. */
  rowsHeld = 0;
  private readonly rows = new Map<AnyView, Map<string, Held>>();
  private readonly concerned = new Map<string, readonly AnyView[]>();

  constructor(
    private readonly stored: ViewStore,
    private readonly views: readonly AnyView[],
    private readonly at: ReadonlyMap<AnyView, Position | undefined>,
    private readonly isAfter: IsAfter,
    /** mayBeStored says whether a row can stand in the store at all: what cannot is not looked for. */
    private readonly mayBeStored: (view: AnyView, key: string) => boolean = () => true,
  ) {
    for (const view of views) this.rows.set(view, new Map());
  }

  /** take lets these events, which follow those before, pass through every view that does not have them yet. */
  async take(events: readonly RecordedEvent[]): Promise<void> {
    this.events += events.length;
    const touched = this.touched(events);
    await Promise.all([...touched].map(([view, those]) => this.project(view, those)));
  }

  /** touches says whether any event concerned a row of this view, whether or not it changed. */
  touches(view: AnyView): boolean {
    return (this.rows.get(view)?.size ?? 0) > 0;
  }

  /** changes of this view since the pass began. */
  changes(view: AnyView): Change[] {
    const changes: Change[] = [];
    for (const [key, { row, changedAt, begins }] of this.rows.get(view) ?? [])
      if (changedAt !== undefined)
        changes.push({ key, row: row ?? null, position: changedAt, ...(begins ? { begins } : {}) });
    return changes;
  }

  private touched(events: readonly RecordedEvent[]): ReadonlyMap<AnyView, Touched[]> {
    const touched = new Map<AnyView, Touched[]>();
    const [first] = events;
    if (!first) return touched;
    const ahead = this.views.filter((view) => !this.isAfter(first.position, this.at.get(view)));
    for (const event of events) {
      for (const view of this.viewsOf(event)) {
        if (ahead.includes(view) && !this.isAfter(event.position, this.at.get(view))) continue;
        const keys = view.keys(event);
        if (keys.length === 0) continue;
        const those = touched.get(view);
        if (those) those.push({ event, keys });
        else touched.set(view, [{ event, keys }]);
      }
    }
    return touched;
  }

  private viewsOf({ stream }: RecordedEvent): readonly AnyView[] {
    const category = categoryOf(stream);
    let views = this.concerned.get(category);
    if (!views) {
      views = this.views.filter((view) => view.categories.includes(category));
      this.concerned.set(category, views);
    }
    return views;
  }

  private async project(view: AnyView, touched: readonly Touched[]): Promise<void> {
    const rows = this.rows.get(view) as Map<string, Held>;
    await this.fetch(view, rows, touched);
    const beside = (key: string) => rows.get(key)?.row;
    let at: RecordedEvent | undefined;
    try {
      for (const { event, keys } of touched) {
        at = event;
        for (const key of keys) {
          const held = rows.get(key) as Held;
          const after = view.project(held.row, event, key, beside) as object | null | undefined;
          if (after === held.row || (after == null && held.row === undefined)) continue;
          held.row = after ?? undefined;
          held.changedAt = event.position;
        }
      }
    } catch (cause) {
      // Whoever sees to it must know over which event it stumbles.
      throw new Unavailable('projection-failed', { view: view.name, event: at?.id ?? null }, { cause });
    }
  }

  /** fetch what is stored of the rows that these events touch and that are not held yet. */
  private async fetch(view: AnyView, rows: Map<string, Held>, touched: readonly Touched[]): Promise<void> {
    const missing: string[] = [];
    for (const { event, keys } of touched) {
      const begins = view.begins?.(event) ?? false;
      for (const key of keys) {
        if (rows.has(key)) continue;
        rows.set(key, { row: undefined, changedAt: undefined, begins });
        this.rowsHeld++;
        if (!begins && this.mayBeStored(view, key)) missing.push(key);
      }
    }
    if (missing.length === 0) return;
    const stored = await this.stored.getMany<object>(tableOf(view), missing);
    for (const [key, { row }] of stored) (rows.get(key) as Held).row = row;
  }
}
