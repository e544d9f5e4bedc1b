import { NotFound, type Envelope } from '@second-opinion/kernel';
import type { Query, StoredRow, ViewStore } from '@second-opinion/view-store';
import type { ParkedMessage } from '../message-bus';
import { topicOf, type Place } from './places';
import { envelopeOf, identityOf, takenAs, unreadable, type Taken } from './wire';

/** PARKED_VIEW holds what waits for a person, what was asked for, what was dropped and why, and where groups began ({@link Beginnings}). */
export const PARKED_VIEW = {
  name: 'bus.parked.v1',
  indexes: [
    ['kind', 'parkedAt'],
    ['kind', 'group', 'parkedAt'],
    ['kind', 'group', 'key'],
    ['kind', 'group', 'place'],
  ],
} as const;
const VIEW = PARKED_VIEW.name;
const PAGE = 100;

/** ParkedRow waits; only the member that has its partition changes it. */
interface ParkedRow {
  readonly kind: 'parked';
  readonly group: string;
  readonly place: Place;
  readonly topic: string;
  readonly offset: string;
  readonly key: string;
  readonly value: string;
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: string;
}
/** SkippedRow tells for good what was dropped and why; that holds for the message also when it is told again. */
interface SkippedRow {
  readonly kind: 'skipped';
  /** identity of the message; rows of earlier versions have none: they count for the parked row that they name and for nothing else. */
  readonly identity?: string;
  readonly group: string;
  readonly place: Place;
  readonly topic: string;
  readonly key: string;
  readonly eventId: string;
  readonly failure: string;
  readonly reason: string;
  readonly skippedAt: string;
}
/** ReplayRow asks the member that has the partition to hand the key's messages out again. */
interface ReplayRow {
  readonly kind: 'replay';
  readonly group: string;
  readonly place: Place;
  readonly key: string;
}
/** Waiting is a parked message as its member remembers it. */
export interface Waiting {
  readonly id: string;
  readonly place: Place;
  readonly key: string;
  readonly offset: bigint;
  readonly parkedAt: string;
  /** identity of the message ({@link identityOf}): its offset alone says nothing once the topic was made anew. */
  readonly identity: string;
}

type Where = NonNullable<Query['where']>;

/** Asked is a replay that somebody asked for. */
export type Asked = Pick<ReplayRow, 'group' | 'place' | 'key'>;

/** ParkedRows keeps parked messages in the view store, whichever engine that is, so that they outlive every process. */
export class ParkedRows {
  constructor(
    private readonly views: ViewStore,
    private readonly now: () => number,
  ) {}

  declare(): Promise<void> {
    return this.views.declare(PARKED_VIEW);
  }

  /**
   * park a message, durably, after the `last` that waits under its key; parking it again changes nothing but the reason. Undefined when it was
   * skipped before it was counted as handled.
   */
  async park(
    group: string,
    place: Place,
    message: Taken,
    reason: string,
    attempts: number,
    last: Waiting | undefined,
  ): Promise<Waiting | undefined> {
    const identity = identityOf(place, message);
    if ((await this.skipped(group, message.key)).has(identity)) return undefined;
    const id = idOf(group, place, message);
    const parkedAt = (await this.views.get<ParkedRow>(VIEW, id))?.row.parkedAt ?? this.after(last);
    const row: ParkedRow = {
      ...{ kind: 'parked', group, place, topic: topicOf(place) },
      ...{ offset: String(message.offset), key: message.key, value: message.value, reason, attempts, parkedAt },
    };
    await this.views.patch(VIEW, [{ key: id, row }]);
    return { id, place, key: message.key, offset: message.offset, parkedAt, identity };
  }

  /** skipped messages of a group, or of one of its keys: the identities of all that are left out for good. */
  async skipped(group: string, key?: string): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for await (const { row } of this.pages<SkippedRow>({
      kind: 'skipped',
      group,
      ...(key === undefined ? {} : { key }),
    }))
      if (row.identity !== undefined) found.add(row.identity);
    return found;
  }

  /** waiting under these places of a group, in the order in which they were parked. */
  async waiting(group: string, places: readonly Place[]): Promise<readonly Waiting[]> {
    const found: Waiting[] = [];
    if (places.length > 0)
      for await (const { key: id, row } of this.pages<ParkedRow>({ kind: 'parked', group, place: places }))
        found.push(waitingOf(id, row));
    return found.sort(inOrder);
  }

  /** read a parked message; says so when it is no longer there, or was skipped: then it is removed. */
  async read(waiting: Waiting): Promise<Taken | 'gone' | 'skipped'> {
    const stored = await this.views.get<ParkedRow>(VIEW, waiting.id);
    const skipped = await this.views.get<SkippedRow>(VIEW, skippedKey(waiting.id));
    if (!skipped) return stored ? takenOf(stored.row) : 'gone';
    await this.remove(waiting);
    return 'skipped';
  }

  /** putBehind the `last` that waits under its key. */
  async putBehind(waiting: Waiting, last: Waiting | undefined): Promise<Waiting> {
    const stored = await this.views.get<ParkedRow>(VIEW, waiting.id);
    const parkedAt = this.after(last);
    if (stored) await this.views.patch(VIEW, [{ key: waiting.id, row: { ...stored.row, parkedAt } }]);
    return { ...waiting, parkedAt };
  }

  /** failedAgain keeps the message, and why it failed now. */
  async failedAgain(waiting: Waiting, reason: string, attempts: number): Promise<void> {
    const stored = await this.views.get<ParkedRow>(VIEW, waiting.id);
    if (!stored) return;
    const row: ParkedRow = { ...stored.row, reason, attempts: stored.row.attempts + attempts };
    await this.views.patch(VIEW, [{ key: waiting.id, row }]);
  }

  /** remove what was handled at last. */
  async remove(waiting: Waiting): Promise<void> {
    await this.views.patch(VIEW, [{ key: waiting.id, row: null }]);
  }

  /** count of what stands parked, by group; the bodies are not read. What was skipped counts until its member has removed it. */
  async count(): Promise<ReadonlyMap<string, number>> {
    const counted = await this.views.countBy(VIEW, 'group', { kind: 'parked' });
    return new Map([...counted].map(([group, rows]) => [String(group), rows]));
  }

  /** list of what waits, oldest first. */
  async list(group?: string): Promise<readonly ParkedMessage[]> {
    const found: ParkedMessage[] = [];
    for await (const { key: parkedId, row } of this.left({ ...(group === undefined ? {} : { group }) })) {
      const { topic, key, reason, attempts, parkedAt } = row;
      const event: Envelope = envelopeOf(row.value) ?? unreadable(parkedId, key, parkedAt);
      found.push({ parkedId, group: row.group, topic, key, event, reason, attempts, parkedAt });
    }
    return found;
  }

  /** askReplay of a key; throws `NotFound('message-bus.nothing-parked')` when nothing waits. */
  async askReplay(group: string, key: string): Promise<void> {
    const rows = await this.ofKey(group, key);
    await this.views.patch(VIEW, this.asking(group, key, rows));
  }

  /** skip the first of the key, for a reason that is kept, and ask for those behind it; at once or not at all. */
  async skip(group: string, key: string, reason: string): Promise<void> {
    const rows = await this.ofKey(group, key);
    const { key: id, row } = rows[0] as StoredRow<ParkedRow>;
    const skipped: SkippedRow = {
      ...{ kind: 'skipped', group, place: row.place, topic: row.topic, key, identity: waitingOf(id, row).identity },
      ...{ eventId: envelopeOf(row.value)?.id ?? id, failure: row.reason, reason, skippedAt: this.at() },
    };
    await this.views.patch(VIEW, [{ key: skippedKey(id), row: skipped }, ...this.asking(group, key, rows)]);
  }

  /** asked lists the replays that wait for these groups. */
  async asked(groups: readonly string[]): Promise<readonly Asked[]> {
    const found: Asked[] = [];
    if (groups.length > 0)
      for await (const { row } of this.pages<ReplayRow>({ kind: 'replay', group: groups })) found.push(row);
    return found;
  }

  /** answered forgets replays that were done. */
  async answered(group: string, places: readonly Place[], key: string): Promise<void> {
    await this.views.patch(
      VIEW,
      places.map((place) => ({ key: replayKey({ group, place, key }), row: null })),
    );
  }

  private async ofKey(group: string, key: string): Promise<readonly StoredRow<ParkedRow>[]> {
    const rows: StoredRow<ParkedRow>[] = [];
    for await (const row of this.left({ group, key })) rows.push(row);
    if (rows.length === 0) throw new NotFound('message-bus.nothing-parked');
    return rows;
  }

  private asking(group: string, key: string, rows: readonly StoredRow<ParkedRow>[]) {
    const places = [...new Set(rows.map(({ row }) => row.place))];
    return places.map((place) => {
      const row: ReplayRow = { kind: 'replay', group, place, key };
      return { key: replayKey(row), row };
    });
  }

  /** left are the parked rows that were not skipped, oldest first; of a page of them that is asked once. */
  private async *left(where: { readonly group?: string; readonly key?: string }) {
    for await (const rows of this.pagesOf<ParkedRow>({ kind: 'parked', ...where }, 'parkedAt')) {
      const skipped = await this.views.getMany(
        VIEW,
        rows.map(({ key }) => skippedKey(key)),
      );
      yield* rows.filter(({ key }) => !skipped.has(skippedKey(key)));
    }
  }

  private async *pages<Row extends object>(where: Where) {
    for await (const rows of this.pagesOf<Row>(where)) yield* rows;
  }

  private async *pagesOf<Row extends object>(where: Where, orderBy?: string) {
    for (let cursor: string | undefined; ;) {
      const order = orderBy === undefined ? {} : { orderBy };
      const page = await this.views.find<Row>(VIEW, { where, limit: PAGE, ...order, ...(cursor ? { cursor } : {}) });
      yield page.rows;
      if (!page.next) return;
      cursor = page.next;
    }
  }

  private at(): string {
    return new Date(this.now()).toISOString();
  }

  /** after the last of the key, whichever member's clock is behind: the instant is the order, since offsets begin anew with a topic. */
  private after(last: Waiting | undefined): string {
    return new Date(Math.max(this.now(), last ? Date.parse(last.parkedAt) + 1 : 0)).toISOString();
  }
}

function takenOf({ offset, key, value }: ParkedRow): Taken {
  return takenAs(BigInt(offset), key, value);
}

function waitingOf(id: string, row: ParkedRow): Waiting {
  const { place, key, parkedAt } = row;
  return { id, place, key, parkedAt, offset: BigInt(row.offset), identity: identityOf(place, takenOf(row)) };
}

/** inOrder of parking; earlier versions parked several of a key at one instant, in order of their offsets, which their ids hold. */
function inOrder(one: Waiting, other: Waiting): number {
  if (one.parkedAt !== other.parkedAt) return one.parkedAt < other.parkedAt ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

/** idOf a parked message: the same for the same message at its place, however often it comes, and another one's for none. */
function idOf(group: string, place: Place, { offset, print }: Taken): string {
  return `parked|${group}|${place}|${String(offset).padStart(19, '0')}|${print.slice(0, 32)}`;
}

function skippedKey(id: string): string {
  return `skipped|${id}`;
}

function replayKey({ group, place, key }: Asked): string {
  return `replay|${group}|${place}|${key}`;
}
