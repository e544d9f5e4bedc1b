import { NotFound, type Envelope } from '@second-opinion/kernel';
import type { StoredRow, ViewStore } from '@second-opinion/view-store';
import type { ParkedMessage } from '../message-bus';
import type { Place } from './places';
import { envelopeOf, unreadable, type Taken } from './wire';

/** PARKED_VIEW holds what waits for a person, what was asked for, what was dropped and why, and where groups began. */
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
/** SkippedRow tells for good what was dropped and why. */
interface SkippedRow {
  readonly kind: 'skipped';
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
/** BeginRow is where a group that starts at its deployment began. */
interface BeginRow {
  readonly kind: 'begin';
  readonly group: string;
  readonly offsets: Readonly<Record<Place, string>>;
}

/** Waiting is a parked message as its member remembers it. */
export interface Waiting {
  readonly id: string;
  readonly place: Place;
  readonly key: string;
  readonly offset: bigint;
  readonly parkedAt: string;
}

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

  /** park a message, durably; parking it again changes nothing but the reason. Undefined when it was skipped before it was counted as handled. */
  async park(
    group: string,
    place: Place,
    message: Taken,
    reason: string,
    attempts: number,
  ): Promise<Waiting | undefined> {
    const id = idOf(group, place, message.offset);
    if (await this.isSkipped(id)) return undefined;
    const parkedAt = this.at();
    const row: ParkedRow = {
      ...{ kind: 'parked', group, place, topic: place.slice(0, place.lastIndexOf('|')) },
      ...{ offset: String(message.offset), key: message.key, value: message.value, reason, attempts, parkedAt },
    };
    await this.views.patch(VIEW, [{ key: id, row }]);
    return { id, place, key: message.key, offset: message.offset, parkedAt };
  }

  /** waiting under these places of a group, each place in order. */
  async waiting(group: string, places: readonly Place[]): Promise<readonly Waiting[]> {
    const found: Waiting[] = [];
    if (places.length > 0)
      for await (const { key: id, row } of this.pages<ParkedRow>({ kind: 'parked', group, place: places }))
        found.push({ id, place: row.place, key: row.key, offset: BigInt(row.offset), parkedAt: row.parkedAt });
    return found.sort((one, other) => (one.offset < other.offset ? -1 : 1));
  }

  /** read a parked message; undefined when it is no longer there, or was skipped: then it is removed. */
  async read(waiting: Waiting): Promise<Taken | undefined> {
    const stored = await this.views.get<ParkedRow>(VIEW, waiting.id);
    if (!stored) return undefined;
    if (await this.isSkipped(waiting.id)) {
      await this.remove(waiting);
      return undefined;
    }
    return { offset: waiting.offset, key: stored.row.key, value: stored.row.value };
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

  /** list of what waits, oldest first. */
  async list(group?: string): Promise<readonly ParkedMessage[]> {
    const found: ParkedMessage[] = [];
    const where = { kind: 'parked', ...(group === undefined ? {} : { group }) };
    for await (const { key: parkedId, row } of this.pages<ParkedRow>(where, 'parkedAt')) {
      const { topic, key, reason, attempts, parkedAt } = row;
      const event: Envelope = envelopeOf(row.value) ?? unreadable(parkedId, key, parkedAt);
      if (!(await this.isSkipped(parkedId)))
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
      ...{ kind: 'skipped', group, place: row.place, topic: row.topic, key },
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

  /**
   * beginning of a group that starts at its deployment: decided once for each topic, whoever asks first, and kept. A group whose
   * committed offsets are lost begins there again.
   */
  async beginning(group: string, topics: readonly string[], ends: () => Promise<ReadonlyMap<Place, bigint>>) {
    const key = `begin|${group}`;
    const lacks = (row: BeginRow | undefined) =>
      topics.some((topic) => !Object.keys(row?.offsets ?? {}).some((place) => place.startsWith(`${topic}|`)));
    let row = (await this.views.get<BeginRow>(VIEW, key))?.row;
    if (lacks(row)) {
      row = await this.alone(key, async () => {
        const before = (await this.views.get<BeginRow>(VIEW, key))?.row;
        if (before && !lacks(before)) return before;
        const now = Object.fromEntries([...(await ends())].map(([place, offset]) => [place, String(offset)]));
        const decided: BeginRow = { kind: 'begin', group, offsets: { ...now, ...before?.offsets } };
        await this.views.patch(VIEW, [{ key, row: decided }]);
        return decided;
      });
    }
    return new Map(Object.entries(row?.offsets ?? {}).map(([place, offset]) => [place, BigInt(offset)]));
  }

  private async ofKey(group: string, key: string): Promise<readonly StoredRow<ParkedRow>[]> {
    const rows: StoredRow<ParkedRow>[] = [];
    for await (const row of this.pages<ParkedRow>({ kind: 'parked', group, key }, 'parkedAt'))
      if (!(await this.isSkipped(row.key))) rows.push(row);
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

  private async alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const holder = crypto.randomUUID();
    for (;;) {
      const lease = await this.views.acquire(`bus.${name}`, holder, 30_000);
      if (!lease) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      try {
        return await work();
      } finally {
        await this.views.release(lease);
      }
    }
  }

  private async isSkipped(id: string): Promise<boolean> {
    return (await this.views.get<SkippedRow>(VIEW, skippedKey(id))) !== undefined;
  }

  private async *pages<Row extends object>(where: Record<string, string | readonly string[]>, orderBy?: string) {
    for (let cursor: string | undefined; ;) {
      const order = orderBy === undefined ? {} : { orderBy };
      const page = await this.views.find<Row>(VIEW, { where, limit: PAGE, ...order, ...(cursor ? { cursor } : {}) });
      yield* page.rows;
      if (!page.next) return;
      cursor = page.next;
    }
  }

  private at(): string {
    return new Date(this.now()).toISOString();
  }
}

/** idOf a parked message: the same for the same message of the same group, however often it comes; in order of the offset. */
function idOf(group: string, place: Place, offset: bigint): string {
  return `parked|${group}|${place}|${String(offset).padStart(19, '0')}`;
}

function skippedKey(id: string): string {
  return `skipped|${id}`;
}

function replayKey({ group, place, key }: Asked): string {
  return `replay|${group}|${place}|${key}`;
}
