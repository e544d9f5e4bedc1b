import type { Logger } from '@nestjs/common';
import {
  canonicalJson,
  categoryOf,
  sha256,
  Clock,
  failureOf,
  type Deadline,
  type Due,
  type Instant,
  type RecordedEvent,
  type View,
} from '@second-opinion/kernel';
import { ViewStore, type Lease, type Page } from '@second-opinion/view-store';
import type { Projected } from './context-definition';
import { threads } from './handled-lines';
import type { SystemCommands } from './issued';
import { tableOf } from './names';

/** DeadlineRow holds what is due of one stream. */
export interface DeadlineRow {
  readonly stream: string;
  readonly caseId?: string;
  readonly correlationId: string;
  readonly due: readonly { readonly name: string; readonly ref: string; readonly dueAt: Instant }[];
  readonly nextDueAt: Instant;
}

// Events differ per deadline; the view only keeps what they start and stop.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyDeadline = Deadline<any>;

/** deadlineView keeps the deadlines of a context as rows, one per stream, so that they survive restarts and rebuilds. */
export function deadlineView(context: string, deadlines: readonly AnyDeadline[]): View<DeadlineRow> {
  return {
    name: `${context}.deadlines`,
    version: versionOf(deadlines),
    categories: [...new Set(deadlines.flatMap((deadline) => deadline.categories))],
    indexes: [['nextDueAt']],
    keys: (event) => (deadlines.some((deadline) => concerns(deadline, event)) ? [event.stream] : []),
    begins: ({ revision }) => revision === 0,
    project(row, event) {
      let due = row?.due ?? [];
      for (const deadline of deadlines) if (concerns(deadline, event)) due = apply(deadline, due, event);
      return rowOf(event.stream, event.metadata.caseId ?? row?.caseId, event.metadata.correlationId, due);
    },
  };
}

/** allViews of a context: those that it declares, and the one of its deadlines. */
export function allViews({ name, views, deadlines }: Projected): Projected['views'] {
  return deadlines.length > 0 ? [...views, deadlineView(name, deadlines)] : [...views];
}

/** versionOf changes with what starts and stops deadlines, so that a new one also finds what began before it was deployed. */
function versionOf(deadlines: readonly AnyDeadline[]): number {
  const shape = deadlines.map(({ name, categories, start, stop }) => [
    name,
    categories,
    Object.keys(start),
    Object.keys(stop),
  ]);
  return Number.parseInt(sha256(canonicalJson(shape)).slice(0, 8), 16);
}

function concerns(deadline: AnyDeadline, event: RecordedEvent): boolean {
  return (
    deadline.categories.includes(categoryOf(event.stream)) &&
    (event.type in deadline.start || event.type in deadline.stop)
  );
}

function apply(deadline: AnyDeadline, due: DeadlineRow['due'], event: RecordedEvent): DeadlineRow['due'] {
  const stopped = deadline.stop[event.type]?.(event) ?? [];
  const started = deadline.start[event.type]?.(event) ?? [];
  const replaced = started.map(({ ref }) => ref);
  const kept = due.filter(
    ({ name, ref }) =>
      name !== deadline.name || !(stopped === 'all' || stopped.includes(ref) || replaced.includes(ref)),
  );
  return [...kept, ...started.map(({ ref, dueAt }) => ({ name: deadline.name, ref, dueAt }))];
}

function rowOf(
  stream: string,
  caseId: string | undefined,
  correlationId: string,
  due: DeadlineRow['due'],
): DeadlineRow | null {
  const [first, ...rest] = due;
  if (!first) return null;
  const nextDueAt = rest.reduce((earliest, { dueAt }) => (dueAt < earliest ? dueAt : earliest), first.dueAt);
  return { stream, ...(caseId === undefined ? {} : { caseId }), correlationId, due, nextDueAt };
}

const PAGE = 50;

/** NEVER is after every instant, ALWAYS before. */
const NEVER = '\uffff';
const ALWAYS = '';

/** Ticker sends the commands of deadlines whose instant has come. A deadline whose command is refused is done. */
export class Ticker {
  private readonly table: string;
  private ticking: Promise<number> | undefined;
  /** nextDueAt: nothing is due before this, as the rows were read and have changed since. */
  private nextDueAt: Instant = ALWAYS;
  /** failing: streams of which something stays due, the one tried longest ago first, with the failures in a row of each deadline that does. */
  private readonly failing = new Map<string, ReadonlyMap<string, number>>();

  constructor(
    private readonly deadlines: readonly AnyDeadline[],
    view: View<DeadlineRow>,
    private readonly rows: ViewStore,
    private readonly clock: Clock,
    private readonly commands: SystemCommands,
    private readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {
    this.table = tableOf(view);
  }

  /**
   * tick handles what is due now and says how many it handled. A command that fails stays due and is tried at the next ticks, after what
   * has not failed, so that it holds up nothing else. Who asks while a tick runs waits for that one: nothing is sent twice at once.
   */
  tick(lease: Lease | undefined): Promise<number> {
    this.ticking ??= this.handle(lease).finally(() => (this.ticking = undefined));
    return this.ticking;
  }

  /** changed tells when a row that was written is due at the earliest; without that, that another replica may have written any. */
  changed(nextDueAt: Instant = ALWAYS): void {
    if (nextDueAt < this.nextDueAt) this.nextDueAt = nextDueAt;
  }

  private async handle(lease: Lease | undefined): Promise<number> {
    const now = this.clock.now();
    // Mostly nothing is due: one row tells when something will be, and who writes rows tells what is due sooner.
    if (this.nextDueAt > now) return 0;
    // What changes while it reads counts too, and after a read that failed everything does.
    this.nextDueAt = NEVER;
    const { rows: found } = await this.page(1).catch((error: Error) => {
      this.changed();
      throw error;
    });
    const [first] = found;
    this.changed(first?.row.nextDueAt ?? NEVER);
    if (!first || first.row.nextDueAt > now) {
      this.failing.clear();
      return 0;
    }
    let handled = 0;
    for (const row of await this.due(now)) handled += await this.handleRow(row, now, lease);
    return handled;
  }

  private page(limit: number, cursor?: string): Promise<Page<DeadlineRow>> {
    return this.rows.find(this.table, { orderBy: 'nextDueAt', limit, ...(cursor === undefined ? {} : { cursor }) });
  }

  /** due now, the longest first, past those that fail; after them as many of these as fit a page. */
  private async due(now: Instant): Promise<DeadlineRow[]> {
    const due: DeadlineRow[] = [];
    const failing = new Map<string, DeadlineRow>();
    let cursor: string | undefined;
    do {
      const { rows, next } = await this.page(PAGE, cursor);
      const found = rows.map(({ row }) => row).filter(({ nextDueAt }) => nextDueAt <= now);
      for (const row of found)
        if (this.failing.has(row.stream)) failing.set(row.stream, row);
        else due.push(row);
      cursor = found.length === PAGE ? next : undefined;
    } while (cursor !== undefined && due.length < PAGE);
    // All that is due was read: of the others nothing is due any more.
    if (due.length < PAGE)
      for (const stream of this.failing.keys()) if (!failing.has(stream)) this.failing.delete(stream);
    const again = [...this.failing.keys()].flatMap((stream) => failing.get(stream) ?? []);
    return [...due, ...again.slice(0, PAGE)];
  }

  private async handleRow(row: DeadlineRow, now: Instant, lease: Lease | undefined): Promise<number> {
    let handled = 0;
    const before = this.failing.get(row.stream);
    const failures = new Map<string, number>();
    this.failing.delete(row.stream);
    for (const item of [...row.due].sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1))) {
      if (item.dueAt > now) continue;
      const which = `${item.name} ${item.ref}/${item.dueAt}`;
      const failed = await this.send(row, item, before?.get(which) ?? 0);
      if (failed > 0) this.failing.set(row.stream, failures.set(which, failed));
      else {
        await this.done(row.stream, item, lease);
        handled++;
      }
    }
    return handled;
  }

  /** send what is due after so many failures in a row, and say how many there are now. */
  private async send(row: DeadlineRow, item: DeadlineRow['due'][number], failures: number): Promise<number> {
    const deadline = this.deadlines.find(({ name }) => name === item.name);
    if (!deadline) return 0;
    const streamId = row.stream.slice(row.stream.indexOf('-') + 1);
    const due: Due = {
      stream: row.stream,
      streamId,
      ...(row.caseId === undefined ? {} : { caseId: row.caseId }),
      ref: item.ref,
      dueAt: item.dueAt,
    };
    const of = `${row.stream}/${item.ref}/${item.dueAt}`;
    try {
      await this.commands.send([deadline.send(due)], { by: deadline.name, of, correlationId: row.correlationId });
      return 0;
    } catch (error) {
      this.warn(deadline.name, of, row, failures + 1, error);
      return failures + 1;
    }
  }

  /** warn of what stays due at the first, second, fourth, eighth … failure: it is tried at every tick. */
  private warn(
    deadline: string,
    of: string,
    { caseId, correlationId }: DeadlineRow,
    failures: number,
    error: unknown,
  ): void {
    if ((failures & (failures - 1)) !== 0) return;
    const line = { deadline, ...threads(caseId, correlationId, of, undefined), failures, ...failureOf(error) };
    this.logger.warn(line, 'deadline failed; it is tried again');
  }

  /** done takes the sent deadline off, in turn with the projection, so that neither writes over the other. */
  private done(stream: string, item: DeadlineRow['due'][number], lease: Lease | undefined): Promise<boolean> {
    return this.inTurn(async () => {
      const stored = await this.rows.get<DeadlineRow>(this.table, stream);
      if (!stored) return true;
      const { row } = stored;
      const due = row.due.filter(
        ({ name, ref, dueAt }) => name !== item.name || ref !== item.ref || dueAt !== item.dueAt,
      );
      return this.rows.patch(
        this.table,
        [{ key: stream, row: rowOf(stream, row.caseId, row.correlationId, due) }],
        lease,
      );
    });
  }
}
