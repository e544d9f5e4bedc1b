import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Invalid } from '@second-opinion/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { CommandResult } from './deciders';
import { Follower } from './follower';
import { KeyedHashes } from './ports';
import { Answer } from './reads';

/** AnswerInterceptor sets the headers of an answer (ETag, Log-Position, no-store) and waits for `?after=` before a read. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(
    private readonly follower: Follower,
    private readonly hashes: KeyedHashes,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler<unknown>): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    void reply.header('Cache-Control', 'no-store');
    if (request.method === 'GET') await this.waitFor(request);
    return next
      .handle()
      .pipe(map((answer) => (request.method === 'POST' ? this.command(reply, answer) : read(reply, answer))));
  }

  private async waitFor(request: FastifyRequest): Promise<void> {
    const after = (request.query as Readonly<Record<string, unknown>>)['after'];
    if (after === undefined) return;
    const position = typeof after === 'string' && after.length <= 200 ? this.hashes.positionOf(after) : undefined;
    if (position === undefined) throw new Invalid('invalid-position');
    await this.follower.reached(position);
  }

  private command(reply: FastifyReply, answer: unknown): unknown {
    const { id, happened, etag, position } = answer as CommandResult;
    if (happened === undefined) return answer;
    if (etag !== undefined) void reply.header('ETag', etag);
    if (position !== undefined) void reply.header('Log-Position', this.hashes.positionToken(position));
    return { id, happened };
  }
}

function read(reply: FastifyReply, answer: unknown): unknown {
  if (!(answer instanceof Answer)) return answer;
  if (answer.etag !== undefined) void reply.header('ETag', answer.etag);
  return answer.body;
}
