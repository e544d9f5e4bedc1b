'use strict';
/** The calls that write: Append, BatchAppend, Delete and Tombstone. */
const { status } = require('@grpc/grpc-js');
const { Empty: GoogleEmpty } = require('google-protobuf/google/protobuf/empty_pb');
const { Code } = require('@eventstore/db-client/generated/code_pb');
const Shared = require('@eventstore/db-client/generated/shared_pb');
const Streams = require('@eventstore/db-client/generated/streams_pb');
const {
  allPosition,
  eventOf,
  expectedOf,
  failure,
  faultOf,
  identifierOf,
  nameOf,
  statusOf,
  streamDeleted,
  unhandledStatus,
  uuidOf,
  wrongExpectedVersion,
} = require('./messages.cjs');

/** An append that was answered as bad runs into this all the same, and is answered again. */
const WRITE_TIMEOUT_MS = 2000;
const CODES = { any: -2n, no_stream: -1n, stream_exists: -4n };

/** append: one append in a call of its own. */
const append =
  (log, { role, rights, sizes }) =>
  (call, callback) => {
    let options;
    const events = [];
    call.on('data', (message) => {
      if (message.hasOptions()) options = message.getOptions();
      else events.push(eventOf(message.getProposedMessage()));
    });
    call.on('error', () => {});
    call.on('end', async () => {
      if (!options) return callback(failure(status.UNKNOWN, 'An append begins with its options.'));
      const stream = nameOf(options.getStreamIdentifier());
      const expected = expectedOf(options, 'Revision');
      const denied = rights.refused(call, 'write', stream);
      if (denied) return callback(denied);
      const fault = faultOf(stream, expected, events, sizes);
      if (fault === 'size')
        return callback(
          failure(status.INVALID_ARGUMENT, 'Maximum Append Size Exceeded.', 'maximum-append-size-exceeded', {
            'maximum-append-size': sizes.maxAppendSize,
          }),
        );
      if (fault) return callback(failure(status.UNKNOWN, 'Exception was thrown by handler.'));
      const refused = await role.refusedWrite(call);
      if (refused) return callback(refused);
      const result = log.append(stream, expected, events);
      await log.settled();
      if (result.deleted) return callback(streamDeleted(stream));
      callback(null, appendResponse(expected, result));
    });
  };

function appendResponse(expected, { conflict, revision, position }) {
  const response = new Streams.AppendResp();
  if (conflict === undefined)
    return response.setSuccess(
      new Streams.AppendResp.Success()
        .setCurrentRevision(String(revision))
        .setPosition(allPosition(new Streams.AppendResp.Position(), position)),
    );
  const wrong = new Streams.AppendResp.WrongExpectedVersion();
  if (conflict < 0) wrong.setCurrentNoStream(new Shared.Empty());
  else wrong.setCurrentRevision(String(conflict));
  if (expected === 'any') wrong.setExpectedAny(new Shared.Empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new Shared.Empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new Shared.Empty());
  else wrong.setExpectedRevision(String(expected));
  return response.setWrongExpectedVersion(wrong);
}

/** batchAppend: the long-lived call of a client, with the parts of its appends one after another or mixed. */
const batchAppend =
  (log, { role, rights, sizes }) =>
  (call) => {
    const parts = new Map();
    let open = true;
    for (const ending of ['cancelled', 'error', 'close']) call.on(ending, () => (open = false));
    const unknown = rights.refusedCall(call);
    if (unknown) return call.emit('error', unknown);
    const answer = (response) => open && call.write(response);
    const refused = async () => {
      const refusal = await role.refusedWrite(call);
      // That the leader is elsewhere ends the whole call, and with it all appends in it.
      if (refusal?.code === status.NOT_FOUND && open) call.emit('error', refusal);
      return refusal;
    };
    call.on('data', (message) => {
      const id = uuidOf(message.getCorrelationId());
      const part = parts.get(id) ?? { correlationId: message.getCorrelationId(), events: [] };
      parts.set(id, part);
      if (message.hasOptions()) part.options = message.getOptions();
      part.events.push(...message.getProposedMessagesList().map(eventOf));
      if (!message.getIsFinal()) return;
      parts.delete(id);
      void appendPart(log, part, answer, {
        denied: (stream) => rights.refused(call, 'write', stream) !== undefined,
        refused,
        sizes,
      });
    });
    call.on('end', () => {
      open = false;
      call.end();
    });
  };

async function appendPart(log, { correlationId, options, events }, answer, { denied, refused, sizes }) {
  const stream = nameOf(options.getStreamIdentifier());
  const respond = () =>
    new Streams.BatchAppendResp().setCorrelationId(correlationId).setStreamIdentifier(identifierOf(stream));
  const fail = (code, message, details, type = message) =>
    answer(respond().setError(statusOf(code, message, type, details)));
  const timeout = () => fail(Code.DEADLINE_EXCEEDED, 'Timeout', new Shared.Timeout());
  const expected = expectedOf(options, 'StreamPosition');
  if (denied(stream)) return fail(Code.PERMISSION_DENIED, 'AccessDenied', new Shared.AccessDenied());
  const fault = faultOf(stream, expected, events, sizes);
  if (fault === 'size')
    return fail(
      Code.INVALID_ARGUMENT,
      'MaximumAppendSizeExceeded',
      new Shared.MaximumAppendSizeExceeded().setMaxappendsize(sizes.maxAppendSize),
    );
  if (fault) {
    if (fault === 'event') setTimeout(timeout, WRITE_TIMEOUT_MS).unref();
    return fail(Code.INVALID_ARGUMENT, 'BadRequest', new Shared.BadRequest());
  }
  if (options.hasDeadline() && options.getDeadline().toDate() <= new Date()) return timeout();
  const refusal = await refused();
  if (refusal?.code === status.NOT_FOUND) return;
  if (refusal?.code === status.ABORTED) return timeout();
  if (refusal) return answer(respond().setError(unhandledStatus(refusal.details)));
  const result = log.append(stream, expected, events);
  await log.settled();
  if (result.deleted)
    return fail(
      Code.FAILED_PRECONDITION,
      'StreamDeleted',
      new Shared.StreamDeleted().setStreamIdentifier(identifierOf(stream)),
    );
  if (result.conflict !== undefined)
    return fail(Code.FAILED_PRECONDITION, 'WrongExpectedVersion', conflictDetails(expected, result.conflict));
  answer(
    respond().setSuccess(
      new Streams.BatchAppendResp.Success()
        .setCurrentRevision(String(result.revision))
        .setPosition(allPosition(new Shared.AllStreamPosition(), result.position)),
    ),
  );
}

function conflictDetails(expected, actual) {
  const wrong = new Shared.WrongExpectedVersion();
  if (actual < 0) wrong.setCurrentNoStream(new GoogleEmpty());
  else wrong.setCurrentStreamRevision(String(actual));
  if (expected === 'any') return wrong.setExpectedAny(new GoogleEmpty());
  if (expected === 'no_stream') return wrong.setExpectedNoStream(new GoogleEmpty());
  if (expected === 'stream_exists') return wrong.setExpectedStreamExists(new GoogleEmpty());
  return wrong.setExpectedStreamPosition(String(expected));
}

/** end makes the call that ends a stream: softly (`delete`) or for good (`tombstone`). */
const end =
  (log, { role, rights }, how, Response) =>
  async (call, callback) => {
    const options = call.request.getOptions();
    const stream = nameOf(options.getStreamIdentifier());
    const expected = expectedOf(options, 'Revision');
    const refused = rights.refused(call, 'delete', stream) ?? (await role.refusedWrite(call));
    if (refused) return callback(refused);
    const result = log[how](stream, expected);
    await log.settled();
    if (result.deleted) return callback(streamDeleted(stream));
    if (result.conflict !== undefined)
      return callback(wrongExpectedVersion(stream, CODES[expected] ?? expected, result.conflict));
    callback(null, new Response().setPosition(allPosition(new Response.Position(), result.position)));
  };

/** writes: the handlers of the writing calls over this log, as a node in this role takes them from those who have the right. */
const writes = (log, node) => ({
  append: append(log, node),
  batchAppend: batchAppend(log, node),
  delete: end(log, node, 'delete', Streams.DeleteResp),
  tombstone: end(log, node, 'tombstone', Streams.TombstoneResp),
});

module.exports = { writes };
