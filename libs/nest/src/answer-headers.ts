import type { FastifyInstance, FastifyReply } from 'fastify';
import type { CommandResult } from './deciders';
import type { KeyedHashes } from './ports';
import { Answer } from './reads';

/** answerHeaders sets ETag and Log-Position of what a context answers, and leaves the body. */
export function answerHeaders(server: FastifyInstance, hashes: KeyedHashes): void {
  server.addHook('preSerialization', (request, reply, payload, done) => {
    if (payload instanceof Answer) done(null, read(reply, payload));
    else if (request.method === 'POST' && isResult(payload)) done(null, command(reply, payload, hashes));
    else done(null, payload);
  });
}

function command(reply: FastifyReply, { id, happened, etag, position }: CommandResult, hashes: KeyedHashes): unknown {
  if (etag !== undefined) void reply.header('ETag', etag);
  if (position !== undefined) void reply.header('Log-Position', hashes.positionToken(position));
  return { id, happened };
}

function read(reply: FastifyReply, { body, etag }: Answer): unknown {
  if (etag !== undefined) void reply.header('ETag', etag);
  return body;
}

function isResult(payload: unknown): payload is CommandResult {
  return typeof payload === 'object' && payload !== null && 'happened' in payload;
}
