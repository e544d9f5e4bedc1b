'use strict';
/** The call that reads: streams and the whole log, once or as a subscription. */
const { randomUUID } = require('node:crypto');
const { status } = require('@grpc/grpc-js');
const Streams = require('@eventstore/db-client/generated/streams_pb');
const { allPosition, eventMessage, failure, identifierOf, nameOf, streamDeleted } = require('./messages.cjs');

/** A live subscriber may be so many events behind; then it is dropped. */
const MOST_BEHIND = 32;
const DEFAULT_WINDOW = 32;
const BACKWARDS = 1;
const { ReadResp } = Streams;

/** reads: the handler of the reading call over this log, as a node in this role takes it from those who have the right. */
const reads = (log, { role, rights, newer }) => ({
  read: async (call) => {
    const options = call.request.getOptions();
    call.on('error', () => {});
    const check = () => {
      const refused = role.refusedRead(call);
      if (refused) throw refused;
    };
    try {
      const stream = options.hasAll() ? '$all' : nameOf(options.getStream().getStreamIdentifier());
      const refused = rights.refused(call, 'read', stream);
      if (refused) throw refused;
      check();
      if (options.hasSubscription()) await new Subscription(log, call, options, newer).start(check);
      else await readOnce(log, call, options);
    } catch (error) {
      // A handler that throws shows as code 2, as on the real server.
      call.emit('error', error.code === undefined ? failure(status.UNKNOWN, error.message) : error);
    }
  },
});

async function readOnce(log, call, options) {
  const count = BigInt(options.getCount());
  if (count <= 0n) throw failure(status.UNKNOWN, 'The count must be positive.');
  const matches = filterOf(options);
  const entries = options.hasAll() ? allEntries(log, options) : streamEntries(log, call, options);
  let left = count;
  for (const entry of entries) {
    if (!matches(entry)) continue;
    if (left-- <= 0n || (await write(call, eventMessage(entry, log.bytesOf(entry)))) === false) break;
  }
  call.end();
}

function* allEntries(log, options) {
  const backwards = options.getReadDirection() === BACKWARDS;
  const all = options.getAll();
  let index;
  if (all.hasStart()) index = backwards ? -1 : 0;
  else if (all.hasEnd()) index = backwards ? log.visible - 1 : log.visible;
  else index = placeOf(log, all.getPosition()) - (backwards ? 1 : 0);
  for (; index >= 0 && index < log.visible; index += backwards ? -1 : 1) yield log.all[index];
}

function* streamEntries(log, call, options) {
  const stream = options.getStream();
  const name = nameOf(stream.getStreamIdentifier());
  const view = log.view(name);
  if (view === 'deleted') throw streamDeleted(name);
  if (!view) {
    const notFound = new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name));
    call.write(new ReadResp().setStreamNotFound(notFound));
    return;
  }
  const backwards = options.getReadDirection() === BACKWARDS;
  const inOrder = backwards ? view.toReversed() : view;
  if (stream.hasStart() || stream.hasEnd()) {
    // From the end forwards, and from the start backwards, there is nothing.
    if (stream.hasEnd() === backwards) yield* inOrder;
    return;
  }
  const from = BigInt(stream.getRevision());
  yield* inOrder.filter(({ revision }) => (backwards ? BigInt(revision) <= from : BigInt(revision) >= from));
}

/** placeOf a position in `all`: it must be the start, one that an event has, or beyond the end. */
function placeOf(log, message) {
  const position = BigInt(message.getCommitPosition());
  const index = log.indexAt(position);
  if (position > 0n && index < log.visible && BigInt(log.all[index].position) !== position)
    throw failure(status.UNKNOWN, `Log record at actual pos ${position} is no record.`);
  return index;
}

function filterOf(options) {
  if (!options.hasFilter()) return () => true;
  const filter = options.getFilter();
  const byType = filter.hasEventType();
  const expression = byType ? filter.getEventType() : filter.getStreamIdentifier();
  const regex = expression.getRegex() ? new RegExp(expression.getRegex(), 'u') : undefined;
  const prefixes = expression.getPrefixList();
  return ({ type, stream }) => {
    const text = byType ? type : stream;
    return regex ? regex.test(text) : prefixes.some((prefix) => text.startsWith(prefix));
  };
}

/** Subscription sends what is there, says that it has caught up, and goes on with what comes. */
class Subscription {
  /** `newer` servers do not drop who is too slow: he falls behind, and is told again when he has caught up. */
  constructor(log, call, options, newer) {
    this.newer = newer;
    this.fellBehind = false;
    this.log = log;
    this.call = call;
    this.matches = filterOf(options);
    this.window = 0;
    this.read = 0;
    this.matched = 0;
    this.blocked = false;
    if (options.hasAll()) this.ofAll(options.getAll(), options);
    else this.ofStream(options.getStream());
  }

  ofAll(all, options) {
    if (all.hasStart()) this.next = 0;
    else if (all.hasEnd()) this.next = this.log.visible;
    else {
      const index = placeOf(this.log, all.getPosition());
      // Exclusive; a position beyond the end waits for whatever comes next.
      const exact = BigInt(this.log.all[index]?.position ?? -1) === BigInt(all.getPosition().getCommitPosition());
      this.next = exact ? index + 1 : index;
    }
    this.entries = () => this.log.all;
    if (!options.hasFilter()) return;
    const filter = options.getFilter();
    const searched = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
    this.window = searched * Math.max(1, filter.getCheckpointintervalmultiplier());
  }

  ofStream(stream) {
    const name = nameOf(stream.getStreamIdentifier());
    const view = this.log.view(name);
    if (view === 'deleted') throw streamDeleted(name);
    this.entries = () => this.log.streams.get(name)?.entries ?? [];
    this.missing = !view;
    const there = this.entries().filter((entry) => this.log.isVisible(entry)).length;
    if (stream.hasEnd()) this.next = there;
    else {
      const first = view?.[0]?.revision ?? there;
      this.next = stream.hasStart() ? first : Math.max(first, Number(stream.getRevision()) + 1);
    }
  }

  /** start sends what there is, as long as this server may read it, and then what comes, which no server ends for its role. */
  async start(check) {
    const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID());
    await write(this.call, new ReadResp().setConfirmation(confirmation));
    for (let entry = this.take(); entry; entry = this.take()) {
      for (const message of this.messages(entry)) if ((await write(this.call, message)) === false) return;
      check();
    }
    if (!this.missing) this.call.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
    this.live();
  }

  live() {
    const publish = () => this.publish();
    const stop = () => this.log.off('visible', publish);
    if (this.call.cancelled) return;
    this.log.on('visible', publish);
    for (const ending of ['cancelled', 'close', 'error', 'finish']) this.call.on(ending, stop);
    this.publish();
  }

  publish() {
    if (this.call.cancelled || this.call.writableEnded) return;
    if (this.blocked) {
      if (!this.isTooSlow()) return;
      if (this.newer) this.fellBehind = true;
      else this.call.emit('error', failure(status.ABORTED, 'Consumer too slow'));
      return;
    }
    for (let entry = this.take(); entry; entry = this.take()) {
      for (const message of this.messages(entry)) if (!this.call.write(message)) this.blocked = true;
      if (!this.blocked) continue;
      this.call.once('drain', () => {
        this.blocked = false;
        this.publish();
      });
      return;
    }
    if (!this.fellBehind) return;
    this.fellBehind = false;
    this.call.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
  }

  isTooSlow() {
    const entries = this.entries();
    let behind = 0;
    for (let index = this.next; behind <= MOST_BEHIND && this.log.isVisible(entries[index]); index++)
      if (this.matches(entries[index])) behind++;
    return behind > MOST_BEHIND;
  }

  take() {
    const entry = this.entries()[this.next];
    if (!this.log.isVisible(entry)) return undefined;
    this.next++;
    return entry;
  }

  /** messages about one event: itself when it matches, and a checkpoint when so many have been read. */
  messages(entry) {
    const messages = [];
    if (this.matches(entry)) {
      this.matched = entry.position;
      messages.push(eventMessage(entry, this.log.bytesOf(entry)));
    }
    if (this.window > 0 && ++this.read % this.window === 0) {
      const checkpoint = allPosition(new ReadResp.Checkpoint(), entry.position);
      // While nothing has matched, a checkpoint has no prepare position.
      messages.push(new ReadResp().setCheckpoint(this.matched ? checkpoint : checkpoint.setPreparePosition('0')));
    }
    return messages;
  }
}

/** write waits until the call takes more; false when it is over. */
function write(call, message) {
  if (call.cancelled) return false;
  if (call.write(message)) return true;
  return new Promise((resolve) => {
    const endings = ['drain', 'cancelled', 'close', 'error'];
    const done = () => {
      for (const ending of endings) call.off(ending, done);
      resolve(!call.cancelled);
    };
    for (const ending of endings) call.on(ending, done);
  });
}

module.exports = { reads };
