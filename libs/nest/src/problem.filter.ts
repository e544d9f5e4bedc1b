import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { DomainError, placeOf } from '@second-opinion/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MethodTable } from './method-table';
import { statusOf, TITLES } from './problems';

/** Problem is an RFC 9457 answer: a stable code and facts; never text from the request, never personal data. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** problemOf maps any failure to its problem; what nobody expected is 500 and says nothing about itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof DomainError) {
    const status = statusOf(error.kind, error.code);
    if (status !== 500) return { status, code: error.code, facts: error.facts };
  }
  const status = transportStatusOf(error);
  if (status !== undefined && status >= 400 && status < 500)
    return { status, code: TITLES[status]?.[1] ?? 'invalid-request', facts: {} };
  return { status: 500, code: 'internal', facts: {} };
}

/** ProblemFilter answers every failure as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const allowed = error instanceof NotFoundException ? MethodTable.allowed(request) : [];
    if (allowed.length > 0) void http.getResponse<FastifyReply>().header('Allow', allowed.join(', '));
    const problem = allowed.length > 0 ? { status: 405, code: 'method-not-allowed', facts: {} } : problemOf(error);
    // The class and place of a bug help; its message may hold text from the request and stays out of the log.
    if (problem.status === 500) this.logger.error({ requestId: request.id, error: placeOf(error) }, 'internal error');
    answerProblem(http.getResponse<FastifyReply>(), problem, request.id);
  }
}

/** answerProblem writes a problem. */
export function answerProblem(reply: FastifyReply, problem: Problem, requestId: string): void {
  const { status } = problem;
  if (status === 503) void reply.header('Retry-After', '1');
  if (status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  void reply
    .status(status)
    .type('application/problem+json')
    .header('Cache-Control', 'no-store')
    .send(bodyOf(problem, requestId));
}

/** bodyOf a problem, as JSON. */
export function bodyOf({ status, code, facts }: Problem, requestId: string): string {
  return JSON.stringify({
    // First, so that no fact takes the place of a member of the problem.
    ...facts,
    type: `urn:second-opinion:problem:${code}`,
    title: TITLES[status]?.[0] ?? code,
    status,
    code,
    requestId,
  });
}

function transportStatusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
