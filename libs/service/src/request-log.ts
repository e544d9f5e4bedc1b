import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { notedCase, traceIdOf } from '@second-opinion/nest';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * logRequests writes one line for each answer at level `info`: the route as it is declared, the case it is about, the ids by which what
 * followed is found (the request's id is the correlation id of the events that it led to), the id by which a trusted gateway calls it, and the
 * trace that it came with. No query, no body, no address, no name.
 */
export function logRequests(app: NestFastifyApplication): void {
  const logger = new Logger('http');
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  server.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime);
    logger.log(
      {
        requestId: request.id,
        method,
        route: routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms,
        ...about(request),
      },
      'answered',
    );
    done();
  });
}

/** REQUEST_ID as a gateway makes them: nginx's $request_id, or a UUID. */
const REQUEST_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** gatewayIdOf a request: only the gateway's line is found by it, nothing is derived from what somebody else may have made. */
function gatewayIdOf({ headers, ips = [] }: FastifyRequest): string | undefined {
  const id = headers['x-request-id'];
  // More than the address of the connection is only there when that one is trusted.
  return typeof id === 'string' && ips.length > 1 && REQUEST_ID.test(id) ? id : undefined;
}

function about(request: FastifyRequest): { caseId?: string; gatewayRequestId?: string; traceId?: string } {
  const { caseId = notedCase(request) } = (request.params ?? {}) as { caseId?: string };
  const traceId = traceIdOf(request.headers.traceparent);
  const gatewayRequestId = gatewayIdOf(request);
  // Whatever stands in the place of an id is an id of ours only when it looks like one.
  const known = caseId !== undefined && /^[0-9a-f-]{36}$/.test(caseId);
  return {
    ...(known ? { caseId } : {}),
    ...(gatewayRequestId === undefined ? {} : { gatewayRequestId }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}
