import {
  streamNameFilter,
  START,
  type AllStreamRecordedEvent,
  type FilterOptions,
  type Position as LogPosition,
  type RecordedEvent as StoredEvent,
} from '@eventstore/db-client';
import { categoryOf, Invalid, Unavailable, type Position, type RecordedEvent } from '@second-opinion/kernel';

/**
 * FROM_LEADER: only the leader of a cluster answers. A follower may be behind: it would not show what was just appended, and would not
 * know a position that somebody has; the client goes on at the leader that it names. A single server is its own leader.
 */
export const FROM_LEADER = { requiresLeader: true } as const;

/** isOwn tells an event that this product wrote from those of the server itself: metadata, statistics, links, tombstones. */
export function isOwn({ streamId, type }: { streamId: string; type: string }): boolean {
  return !streamId.startsWith('$') && !type.startsWith('$');
}

/** passes: the stream's category begins with one of these; absent: all. */
export function passes(stream: string, categories: readonly string[] | undefined): boolean {
  if (!categories) return true;
  const category = categoryOf(stream);
  return categories.some((prefix) => category.startsWith(prefix));
}

/** recordedOf gives a stored event as readers get it. */
export function recordedOf(stored: StoredEvent | AllStreamRecordedEvent): RecordedEvent {
  const { streamId, revision, position, id, type, data, metadata, isJson } = stored;
  if (!isJson || position === undefined || typeof data !== 'object' || typeof metadata !== 'object')
    throw new Unavailable('event-store.foreign-event', { stream: streamId, revision: Number(revision) });
  return {
    stream: streamId,
    revision: Number(revision),
    position: position.commit.toString(),
    id,
    type,
    data,
    metadata: metadata as unknown as RecordedEvent['metadata'],
  };
}

/** filterOf: what the server is to send. Names of streams are narrowed there, categories exactly by {@link passes}. */
export function filterOf(
  categories: readonly string[] | undefined,
  checkpointReached: NonNullable<FilterOptions['checkpointReached']>,
) {
  return categories
    ? streamNameFilter({ prefixes: [...categories], checkpointReached })
    : streamNameFilter({ regex: '^[^$]', checkpointReached });
}

/** placeOf reads a position (0: before everything); one that no store of this kind gave is refused. */
export function placeOf(position: Position | undefined): bigint {
  if (position === undefined) return 0n;
  if (!/^[0-9]{1,19}$/.test(position)) throw new Invalid('event-store.invalid-position');
  return BigInt(position);
}

/** fromPlace: where the client is to begin. Checkpoints are compared and kept by commit position only. */
export function fromPlace(place: bigint): LogPosition | typeof START {
  return place === 0n ? START : { commit: place, prepare: place };
}
