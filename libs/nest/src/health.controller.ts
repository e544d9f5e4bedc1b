import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from './asking';
import { HealthWatch } from './health-watch';
import { answered } from './openapi-parts';

const FOLLOWERS = [{ context: 'intake', name: 'intake.views', state: 'current', leading: true, stillSeconds: 0 }];

/** HealthController says whether commands and reads can be served, and what does not go on behind them. No token needed, no data told. */
@Controller('health')
@Public(true)
@ApiTags('health')
export class HealthController {
  constructor(private readonly watch: HealthWatch) {}

  @Get('live')
  @ApiOperation({ operationId: 'Live', summary: 'The process runs' })
  @ApiResponse({ status: 200, description: 'It does', content: answered({ status: 'ok' }) })
  live() {
    return { status: 'ok' };
  }

  @Get('startup')
  @ApiOperation({ operationId: 'Startup', summary: 'The views have been where the log ended at the start' })
  @ApiResponse({ status: 200, description: 'Started', content: answered({ status: 'ok' }) })
  @ApiResponse({ status: 503, description: 'Still catching up', content: answered({ status: 'starting' }) })
  async startup(@Res({ passthrough: true }) reply: FastifyReply) {
    if (await this.watch.hasStarted().catch(() => false)) return { status: 'ok' };
    void reply.status(503);
    return { status: 'starting' };
  }

  @Get('ready')
  @ApiOperation({ operationId: 'Ready', summary: 'Commands and reads can be served' })
  @ApiResponse({
    status: 200,
    description:
      'Ready, or degraded: served, but something behind it does not go on (views behind, a subscription or worker that stands still, a bus that does not answer)',
    content: answered({ status: 'ok', away: [], readOnly: [], followers: FOLLOWERS, groups: [] }),
  })
  @ApiResponse({
    status: 503,
    description:
      'Those that are named under `away` do not answer: the event store, or the engine of views and keys; those under `readOnly` answer and take no writes, so that no command is served',
    content: answered({ status: 'unavailable', away: ['mongodb'], readOnly: [], followers: [], groups: [] }),
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const health = await this.watch.health();
    if (health.status === 'unavailable') void reply.status(503);
    return health;
  }
}
