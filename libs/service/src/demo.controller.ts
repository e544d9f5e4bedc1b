import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventStore } from '@second-opinion/event-store';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Invalid, type Example } from '@second-opinion/kernel';
import {
  answered,
  AnswersProblems,
  ContextRunner,
  Deployment,
  FORMATS,
  KeyedHashes,
  OffsetClock,
  Public,
  settleAll,
} from '@second-opinion/nest';

const answer = (example: Example) => ({
  status: 200,
  description: 'Business time',
  content: answered(example),
});

/** DemoController moves business time forward and waits until everything that follows has happened. Demo and test deployments only. */
@Controller('demo')
@Public(true)
@ApiTags('demo (demo and test only)')
export class DemoController {
  constructor(
    private readonly clock: OffsetClock,
    private readonly modules: ModuleRef,
    private readonly store: EventStore,
    private readonly hashes: KeyedHashes,
    private readonly deployment: Deployment,
  ) {}

  @Get('clock')
  @ApiOperation({ operationId: 'DemoClock', summary: 'Business time' })
  @ApiResponse(answer({ now: '2026-11-24T09:30:00.000Z' }))
  now() {
    return { now: this.clock.now() };
  }

  @Post('clock')
  @HttpCode(200)
  @ApiOperation({ operationId: 'MoveDemoClock', summary: 'Move business time forward, never backwards' })
  @ApiBody({
    schema: { type: 'object', required: ['to'], properties: { to: { type: 'string', format: 'instant' } } },
    examples: { later: { value: { to: '2027-01-04T08:00:00.000Z' } } },
  })
  @ApiResponse(answer({ now: '2027-01-04T08:00:00.000Z' }))
  @AnswersProblems({ invalid: ['clock-never-backwards'] })
  async move(@Body() body: { to?: unknown } | null) {
    const to = body?.to;
    if (typeof to !== 'string' || !FORMATS.instant(to))
      throw new Invalid('invalid-request', { at: '/to', rule: 'format' });
    const now = this.clock.advanceTo(to);
    await this.settle();
    return { now };
  }

  @Post('settle')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'Settle',
    summary:
      'Wait until all that follows from what happened has happened in this process; `end` tells whether it still goes on elsewhere',
  })
  @ApiResponse(answer({ now: '2026-11-24T09:30:00.000Z', end: 'b7f…', leading: { 'intake.views': true } }))
  async settle() {
    const runners = this.modules.get(ContextRunner, { strict: false, each: true });
    // Of several processes each looks once at a time, and whoever asks them all looks again until nothing moves.
    if (this.deployment.alone) await settleAll(runners, this.store);
    else await Promise.all(runners.map((runner) => runner.settle()));
    const end = await this.store.end();
    const leading = Object.fromEntries(runners.flatMap((runner) => [...runner.leading()]));
    return { now: this.clock.now(), leading, ...(end === undefined ? {} : { end: this.hashes.positionToken(end) }) };
  }
}
