import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { hasDuplicates } from './json-members';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const CHARSET = /;\s*charset\s*=\s*"?([^\s;,"]*)/gi;

/**
 * jsonBodies reads JSON as what it is by RFC 8259: UTF-8 without a byte order mark. Bytes that are none are refused (400), never replaced by
 * others, and so is an object that names a member twice; another charset is another content type (415).
 */
export function jsonBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isInUtf8(request.headers['content-type'] ?? '')) return done(refusal(415));
    if (body.length === 0) return done(null, {});
    if (!isUtf8(body) || body.subarray(0, BOM.length).equals(BOM)) return done(refusal(400));
    const text = body.toString('utf8');
    void parse(request, text, (error, parsed) => {
      if (!error && hasDuplicates(text, parsed)) done(refusal(400));
      else done(error, parsed);
    });
  });
}

function isInUtf8(type: string): boolean {
  if (type.length === 'application/json'.length) return true;
  return [...type.matchAll(CHARSET)].every(([, charset = '']) => /^utf-?8$/i.test(charset));
}

function refusal(statusCode: 400 | 415): Error {
  return Object.assign(new Error('no JSON of ours'), { statusCode });
}
