import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { bodyOf } from './problem.filter';
import { TITLES } from './problems';

const STATUS: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** answerUnreadable answers what is no HTTP request, or one that never arrived whole, as a problem too, and closes the connection. */
export function answerUnreadable({ code = '' }: Error & { readonly code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const status = STATUS[code] ?? 400;
  const body = problem(status);
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
    );
  socket.destroySoon();
}

/** answerExpectations refuses an `Expect` that nobody here can meet (RFC 9110, 10.1.1). */
export function answerExpectations(server: Server): void {
  server.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(417, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    response.end(problem(417));
  });
}

function problem(status: number): string {
  return bodyOf({ status, code: TITLES[status]?.[1] ?? 'invalid-request', facts: {} }, randomUUID());
}
