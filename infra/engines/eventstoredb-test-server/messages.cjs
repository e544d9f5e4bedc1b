'use strict';
/** Between the messages of the protocol and plain objects. */
const { Metadata, status } = require('@grpc/grpc-js');
const { Any } = require('google-protobuf/google/protobuf/any_pb');
const { Empty } = require('google-protobuf/google/protobuf/empty_pb');
const Shared = require('@eventstore/db-client/generated/shared_pb');
const Streams = require('@eventstore/db-client/generated/streams_pb');
const { Status } = require('@eventstore/db-client/generated/status_pb');

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';
const LARGEST_REVISION = 2n ** 63n - 1n;
/** MAX_APPEND_SIZE of one append; up to 24.10 only its data counts. */
const MAX_APPEND_SIZE = 1024 * 1024;
const dataOf = ({ data }) => data.length;
const allOf = ({ type, data, metadata }) => 2 * type.length + data.length + metadata.length;
/** sizes: what one append may hold, and what of an event counts; `newer`: as from 25.0 on. */
const sizes = ({ newer = false, maxAppendSize = MAX_APPEND_SIZE } = {}) => ({
  maxAppendSize,
  sizeOf: newer ? allOf : dataOf,
});

const nameOf = (identifier) => Buffer.from(identifier.getStreamName_asU8()).toString('utf8');
const identifierOf = (name) => new Shared.StreamIdentifier().setStreamName(Uint8Array.from(Buffer.from(name, 'utf8')));

function uuidOf(uuid) {
  if (!uuid.hasStructured()) return uuid.getString().toLowerCase();
  const structured = uuid.getStructured();
  const hex = [structured.getMostSignificantBits(), structured.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** eventOf a proposed message, of either append call. */
const eventOf = (message) => ({
  id: uuidOf(message.getId()),
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? 'application/octet-stream',
  data: Buffer.from(message.getData_asU8()),
  metadata: Buffer.from(message.getCustomMetadata_asU8()),
});

/** expectedOf the options of a call: what the stream must be. `revision` is the name of the field that holds an exact one. */
function expectedOf(options, revision) {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return BigInt(options[`get${revision}`]());
}

/** faultOf an append: `call` when it cannot be meant, `event` when one of its events cannot be, `size` when it is too large. */
function faultOf(stream, expected, events, { maxAppendSize, sizeOf }) {
  if (stream === '' || (typeof expected === 'bigint' && expected > LARGEST_REVISION)) return 'call';
  if (events.some(({ id, type }) => !UUID.test(id) || id === NIL || type === '')) return 'event';
  if (events.reduce((sum, event) => sum + sizeOf(event), 0) > maxAppendSize) return 'size';
  return undefined;
}

/** eventMessage is what a reader gets. */
function eventMessage(entry, { data, metadata }) {
  const position = String(entry.position);
  const recorded = new Streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new Shared.UUID().setString(entry.id))
    .setStreamIdentifier(identifierOf(entry.stream))
    .setStreamRevision(String(entry.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(data)
    .setCustomMetadata(metadata);
  recorded
    .getMetadataMap()
    .set('type', entry.type)
    .set('content-type', entry.contentType)
    .set('created', String(entry.created));
  return new Streams.ReadResp().setEvent(
    new Streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position),
  );
}

const allPosition = (message, position) =>
  message.setCommitPosition(String(position)).setPreparePosition(String(position));

/** printable: headers carry nothing but ASCII. */
const printable = (text) => (/^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text));

/** failure of a whole call, with the exception's name where the client looks for it. */
function failure(code, details, exception, facts = {}) {
  const metadata = new Metadata();
  if (exception) metadata.set('exception', exception);
  for (const [name, value] of Object.entries(facts)) metadata.set(name, String(value));
  return { code, details, metadata };
}

const streamDeleted = (stream) =>
  failure(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, 'stream-deleted', {
    'stream-name': printable(stream),
  });

const wrongExpectedVersion = (stream, expected, actual) =>
  failure(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    'wrong-expected-version',
    { 'stream-name': printable(stream), 'expected-version': expected, 'actual-version': actual },
  );

/** statusOf one append of a batch call that failed. */
function statusOf(code, message, type, details) {
  const any = new Any();
  any.pack(details.serializeBinary(), `event_store.client.${type}`);
  return new Status().setCode(code).setMessage(message).setDetails(any);
}

/** unhandledStatus of one append of a batch call that this server did not take at all: it has no code, and says why in its message. */
function unhandledStatus(message) {
  const any = new Any();
  any.pack(new Empty().serializeBinary(), 'google.protobuf.Empty');
  return new Status().setMessage(message).setDetails(any);
}

module.exports = {
  allPosition,
  eventMessage,
  eventOf,
  expectedOf,
  failure,
  faultOf,
  identifierOf,
  nameOf,
  sizes,
  statusOf,
  streamDeleted,
  unhandledStatus,
  uuidOf,
  wrongExpectedVersion,
};
