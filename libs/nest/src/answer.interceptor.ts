import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Invalid } from '@second-opinion/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { CommandResult } from './deciders';
import { Follower } from './follower';
import { Answer } from './reads';

/** AnswerInterceptor sets the headers of an answer (ETag, Log-Position, no-store) and waits for `?after=` before a read. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(private readonly follower: Follower) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    void reply.header('Cache-Control', 'no-store');
    if (request.method === 'GET') await this.waitFor(request);
    return next
      .handle()
      .pipe(map((answer) => (request.method === 'POST' ? command(reply, answer) : read(reply, answer))));
  }

  private async waitFor(request: FastifyRequest): Promise<void> {
    const after = (request.query as Readonly<Record<string, unknown>>)['after'];
    if (after === undefined) return;
    if (typeof after !== 'string' || !/^[0-9A-Za-z_:.-]{1,100}$/.test(after)) throw new Invalid('invalid-position');
    await this.follower.reached(after);
  }
}

function command(reply: FastifyReply, answer: unknown): unknown {
  const { id, happened, etag, position } = answer as CommandResult;
  if (happened === undefined) return answer;
  if (etag !== undefined) void reply.header('ETag', etag);
  if (position !== undefined) void reply.header('Log-Position', position);
  return { id, happened };
}

function read(reply: FastifyReply, answer: unknown): unknown {
  if (!(answer instanceof Answer)) return answer;
  if (answer.etag !== undefined) void reply.header('ETag', answer.etag);
  return answer.body;
}
