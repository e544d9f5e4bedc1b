import { Controller, Get, Res } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { EventStore } from '@second-opinion/event-store';
import type { FastifyReply } from 'fastify';
import { Public } from './asking';
import { ContextRunner } from './context-runner';
import { answered } from './openapi-parts';

/** HealthController says whether commands and reads can be served, and how far the views are behind. No token needed, no data told. */
@Controller('health')
@Public(true)
@ApiTags('health')
export class HealthController {
  constructor(
    private readonly store: EventStore,
    private readonly modules: ModuleRef,
  ) {}

  @Get('live')
  @ApiOperation({ operationId: 'Live', summary: 'The process runs' })
  @ApiResponse({
    status: 200,
    description: 'It does',
    content: answered({ status: 'ok' }),
  })
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ operationId: 'Ready', summary: 'Commands and reads can be served' })
  @ApiResponse({
    status: 200,
    description: 'Ready, or degraded: views behind',
    content: answered({ status: 'ok', contexts: [{ context: 'intake', behind: false }] }),
  })
  @ApiResponse({
    status: 503,
    description: 'The event store does not answer',
    content: answered({ status: 'unavailable' }),
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    try {
      const end = await this.store.end();
      const contexts = this.modules
        .get(ContextRunner, { strict: false, each: true })
        .map((runner) => runner.health(end));
      return { status: contexts.every(({ behind }) => !behind) ? 'ok' : 'degraded', contexts };
    } catch {
      void reply.status(503);
      return { status: 'unavailable' };
    }
  }
}
