'use strict';
/** What the server knows: streams, their metadata and what an append, a delete or a tombstone does to them. */
const { EventEmitter } = require('node:events');
const { randomUUID } = require('node:crypto');

/** Ids of recent events, for appends without an exact revision. A restart forgets them. */
const MOST_RECENT_IDS = 100_000;
/** A soft delete is this `$tb`. */
const DELETED_TB = '9223372036854775807';
const NONE = Buffer.alloc(0);

/**
 * EventLog answers appends with `{ revision, position }`, `{ conflict: last revision or -1 }` or `{ deleted: true }`. Answers hold
 * only once `settled` has resolved; readers see events from then on, in the order of their positions.
 */
class EventLog extends EventEmitter {
  constructor(journal) {
    super();
    this.setMaxListeners(0);
    this.journal = journal;
    this.all = [];
    this.streams = new Map();
    this.recentIds = new Map();
    journal.load((entries) => entries.forEach((entry) => this.add(entry)));
    /** visible: so many events of `all` are durable. */
    this.visible = this.all.length;
    journal.onDurable = (upTo) => {
      while (this.visible < this.all.length && this.all[this.visible].position < upTo) this.visible++;
      this.emit('visible');
    };
  }

  settled() {
    return this.journal.settled();
  }

  /** append: expected is `any`, `no_stream`, `stream_exists` or a BigInt. */
  append(name, expected, events) {
    const stream = this.streams.get(name);
    if (stream?.tombstoned) return { deleted: true };
    const last = lastOf(stream);
    const known = this.known(name, stream, expected, events, last);
    if (known === 'conflict') return { conflict: last };
    if (known === 'deleted') return { deleted: true };
    if (known !== 'new') return this.resultAt(stream, known);
    if (events.length === 0) return { revision: Math.max(last, 0), position: this.all.at(-1)?.position ?? 0 };
    const batch = events.map((event) => ({ ...event, stream: name }));
    // An append brings a soft-deleted stream back, with its revisions going on.
    const revived = stream && isSoftDeleted(stream) ? [this.metadataOf(stream, String(last + 1))] : [];
    this.write([...batch, ...revived]);
    return this.resultAt(this.streams.get(name), last + events.length);
  }

  /** known: the revision of the last event when these ids were written before, `new`, `conflict` or `deleted`. */
  known(name, stream, expected, events, last) {
    if (expected === 'any' || expected === 'stream_exists') {
      if (expected === 'stream_exists' && last === -1) return 'conflict';
      const revisions = events.map(({ id }) => this.recentIds.get(`${name}\0${id}`));
      if (revisions.length > 0 && revisions[0] !== undefined)
        return revisions.includes(undefined) ? 'conflict' : revisions.at(-1);
      return expected === 'stream_exists' && stream && isSoftDeleted(stream) ? 'deleted' : 'new';
    }
    const before = expected === 'no_stream' ? -1n : expected;
    if (before === BigInt(last)) return 'new';
    if (before > BigInt(last)) return 'conflict';
    const from = Number(before) + 1;
    if (events.length > 0 && events.every(({ id }, index) => stream.entries[from + index]?.id === id))
      return from + events.length - 1;
    return expected === 'no_stream' && isSoftDeleted(stream) ? 'new' : 'conflict';
  }

  /** delete hides the stream's events; the next append goes on after them. */
  delete(name, expected) {
    const stream = this.streams.get(name);
    const refused = this.mayEnd(stream, expected, lastOf(stream) === -1);
    if (refused) return refused;
    this.write([this.metadataOf(stream, DELETED_TB)]);
    return { position: this.all.at(-1).position };
  }

  /** tombstone ends the stream for good. */
  tombstone(name, expected) {
    const refused = this.mayEnd(this.streams.get(name), expected, false);
    if (refused) return refused;
    const event = { id: randomUUID(), type: '$streamDeleted', contentType: 'application/octet-stream' };
    this.write([{ ...event, stream: name, data: NONE, metadata: NONE }]);
    return { position: this.all.at(-1).position };
  }

  mayEnd(stream, expected, missing) {
    if (stream?.tombstoned) return { deleted: true };
    const last = lastOf(stream);
    const fits =
      expected === 'any' ||
      (expected === 'no_stream' && last === -1) ||
      (expected === 'stream_exists' && last >= 0) ||
      expected === BigInt(last);
    return fits && !missing ? undefined : { conflict: last };
  }

  metadataOf(stream, truncateBefore) {
    const text = JSON.stringify({ ...stream.metadata, $tb: 0 }).replace('"$tb":0', `"$tb":${truncateBefore}`);
    return {
      stream: `$$${stream.name}`,
      id: randomUUID(),
      type: '$metadata',
      contentType: 'application/json',
      data: Buffer.from(text),
      metadata: NONE,
    };
  }

  write(events) {
    const created = BigInt(Date.now()) * 10_000n;
    const entries = this.journal.append(created, events);
    entries.forEach((entry, index) => {
      this.add(entry, events[index].data);
      this.remember(entry);
    });
  }

  /** add takes an event into the log, and metadata to the stream that it is about. */
  add(entry, data) {
    const stream = this.stream(entry.stream);
    entry.revision = stream.entries.length;
    entry.ordinal = this.all.length;
    stream.entries.push(entry);
    this.all.push(entry);
    if (entry.type === '$streamDeleted') stream.tombstoned = true;
    if (entry.type !== '$metadata' || !entry.stream.startsWith('$$')) return;
    this.stream(entry.stream.slice(2)).metadata = parsed(data ?? this.journal.read(entry.at, entry.dataLength));
  }

  stream(name) {
    let stream = this.streams.get(name);
    if (!stream) this.streams.set(name, (stream = { name, entries: [], metadata: {}, tombstoned: false }));
    return stream;
  }

  remember({ stream, id, revision }) {
    const key = `${stream}\0${id}`;
    this.recentIds.delete(key);
    this.recentIds.set(key, revision);
    if (this.recentIds.size > MOST_RECENT_IDS) this.recentIds.delete(this.recentIds.keys().next().value);
  }

  resultAt(stream, revision) {
    return { revision, position: stream.entries[revision].position };
  }

  isVisible(entry) {
    return entry !== undefined && entry.ordinal < this.visible;
  }

  /** view: the events of a stream that a reader sees, `deleted` after a tombstone, undefined when there is none. */
  view(name) {
    const stream = this.streams.get(name);
    if (stream?.tombstoned) return 'deleted';
    if (!stream || isSoftDeleted(stream) || !this.isVisible(stream.entries[0])) return undefined;
    const { $tb = 0, $maxCount, $maxAge } = stream.metadata;
    const entries = stream.entries.filter((entry) => this.isVisible(entry));
    const first = Math.max($tb, $maxCount === undefined ? 0 : entries.length - $maxCount);
    const oldest = $maxAge === undefined ? 0n : BigInt(Date.now() - $maxAge * 1000) * 10_000n;
    return entries.filter(({ revision, created }) => revision >= first && created >= oldest);
  }

  /** newestOf a stream: what its last event says, or undefined when there is none. */
  newestOf(name) {
    const entry = this.streams.get(name)?.entries.findLast((one) => this.isVisible(one));
    return entry && parsed(this.bytesOf(entry).data);
  }

  /** indexAt: where in `all` the first event stands that is not before this position. */
  indexAt(position) {
    let [low, high] = [0, this.visible];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (BigInt(this.all[middle].position) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** bytesOf gives the data and the metadata of an event. */
  bytesOf({ at, dataLength, metadataLength }) {
    const bytes = this.journal.read(at, dataLength + metadataLength);
    return { data: bytes.subarray(0, dataLength), metadata: bytes.subarray(dataLength) };
  }
}

const lastOf = (stream) => (stream?.entries.length ?? 0) - 1;
const isSoftDeleted = ({ metadata }) => metadata.$tb > Number.MAX_SAFE_INTEGER;

function parsed(data) {
  try {
    const metadata = JSON.parse(data.toString('utf8'));
    return metadata !== null && typeof metadata === 'object' ? metadata : {};
  } catch {
    return {};
  }
}

module.exports = { EventLog };
