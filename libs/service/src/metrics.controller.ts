import { Controller, Get, Injectable, Optional, Res, SetMetadata, UseGuards, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import { MessageBus } from '@second-opinion/message-bus';
import { HealthWatch, ProviderKeys, ROUTE, TokenGuard, type RouteInfo } from '@second-opinion/nest';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Certificates } from './certificates';
import { STDERR } from './log-lines';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Metrics are the numbers of this process: codes, routes and states only, nobody's data. */
@Injectable()
export class Metrics implements OnModuleInit {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'second_opinion_http_request_seconds',
    help: 'Time to answer, by route (as declared, without ids), method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private readonly served = new Gauge({
    name: 'second_opinion_ready',
    help: '1: commands and reads are served; 0: an engine without which they are not does not answer, or takes no writes',
    registers: [this.registry],
  });
  private readonly away = new Gauge({
    name: 'second_opinion_engine_away',
    help: '1 for each engine that does not answer this process: the event store, that of views and keys, or the bus',
    labelNames: ['engine'],
    registers: [this.registry],
  });
  private readonly refused = new Gauge({
    name: 'second_opinion_write_refused',
    help: '1 for each part that answers this process and takes no writes, so that no command is served: the event store, mongodb, or the files',
    labelNames: ['part'],
    registers: [this.registry],
  });
  private readonly followers = new Gauge({
    name: 'second_opinion_follower_state',
    help: '1 for the state in which each subscription on the log and each worker is: current, behind, stalled (does not move), elsewhere (another replica runs it)',
    labelNames: ['context', 'follower', 'state'],
    registers: [this.registry],
  });
  private readonly leading = new Gauge({
    name: 'second_opinion_follower_leading',
    help: '1 where this process runs the subscription or worker now; one replica should',
    labelNames: ['context', 'follower'],
    registers: [this.registry],
  });
  private readonly still = new Gauge({
    name: 'second_opinion_follower_still_seconds',
    help: 'How long a subscription or worker has not moved although there is something to do',
    labelNames: ['context', 'follower'],
    registers: [this.registry],
  });

  private readonly groups = new Gauge({
    name: 'second_opinion_group_state',
    help: '1 for the state of each consumer group in this process: well, away (no touch with the bus), stalled (does not move)',
    labelNames: ['group', 'state'],
    registers: [this.registry],
  });
  private readonly lag = new Gauge({
    name: 'second_opinion_group_lag',
    help: 'Messages that are published and neither handled nor parked, as far as this process has them',
    labelNames: ['group'],
    registers: [this.registry],
  });

  private readonly parked = new Gauge({
    name: 'second_opinion_parked_messages',
    help: 'Messages that wait for a person, by consumer group',
    labelNames: ['group'],
    registers: [this.registry],
  });

  private readonly certificateBegin = new Gauge({
    name: 'second_opinion_certificate_begin_seconds',
    help: 'When the validity of the same certificates begins, in seconds since the epoch',
    labelNames: ['certificate'],
    registers: [this.registry],
  });

  private readonly certificateEnd = new Gauge({
    name: 'second_opinion_certificate_end_seconds',
    help: 'When each certificate on which this process stands ends, in seconds since the epoch: of the files in its settings, and as servers present it',
    labelNames: ['certificate'],
    registers: [this.registry],
  });

  private readonly providerAway = new Gauge({
    name: 'second_opinion_identity_provider_away_seconds',
    help: 'How long the keys of the identity provider have been asked for in vain; 0: they were had when they were needed last',
    registers: [this.registry],
  });

  private readonly linesLost = new Counter({
    name: 'second_opinion_log_lines_lost_total',
    help: 'Lines of the log of this process that could not be written: a full disk, or a reader that stands still',
    registers: [this.registry],
  });

  constructor(
    private readonly watch: HealthWatch,
    private readonly bus: MessageBus,
    private readonly host: HttpAdapterHost,
    private readonly certificates: Certificates,
    @Optional() private readonly providerKeys?: ProviderKeys,
  ) {
    collectDefaultMetrics({ register: this.registry });
  }

  /** onModuleInit measures every answer. */
  onModuleInit(): void {
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    server.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'none';
      this.requests.observe({ route, method: request.method, status: reply.statusCode }, reply.elapsedTime / 1000);
      done();
    });
  }

  /** text of all numbers, as Prometheus reads it. */
  async text(): Promise<string> {
    this.followers.reset();
    for (const gauge of [this.leading, this.still]) gauge.reset();
    this.groups.reset();
    for (const { group, connected, stalled, lag } of this.watch.groups()) {
      this.groups.set({ group, state: connected ? (stalled ? 'stalled' : 'well') : 'away' }, 1);
      if (lag !== undefined) this.lag.set({ group }, lag);
    }
    const { status, away, readOnly, busAway, followers } = await this.watch.health();
    for (const { context, name, state, leading, stillSeconds } of followers) {
      this.followers.set({ context, follower: name, state }, 1);
      this.leading.set({ context, follower: name }, leading ? 1 : 0);
      this.still.set({ context, follower: name }, stillSeconds);
    }
    const isAway = (engine: string) => engine === busAway || away.includes(engine);
    for (const engine of this.watch.engines) this.away.set({ engine }, isAway(engine) ? 1 : 0);
    for (const part of this.watch.parts) this.refused.set({ part }, readOnly.includes(part) ? 1 : 0);
    this.served.set(status === 'unavailable' ? 0 : 1);
    for (const [certificate, { begin, end }] of this.certificates.validities()) {
      this.certificateBegin.set({ certificate }, begin);
      this.certificateEnd.set({ certificate }, end);
    }
    this.providerAway.set(this.providerKeys?.awaySeconds() ?? 0);
    this.linesLost.reset();
    this.linesLost.inc(STDERR.lost);
    if (away.length === 0) await this.countParked();
    return this.registry.metrics();
  }

  /** countParked leaves the numbers as they were when they cannot be read. */
  private async countParked(): Promise<void> {
    const parked = await this.bus.countParked().catch(() => undefined);
    if (!parked) return;
    this.parked.reset();
    for (const [group, waiting] of parked) this.parked.set({ group }, waiting);
  }
}

/**
 * MetricsController is for an operator with his token: how often each route was answered tells what was decided (BR-38), and that there is a case
 * at all (BR-40). What collects numbers without one has a listener of its own (MetricsListener).
 */
@Controller('metrics')
@UseGuards(TokenGuard)
@ApiExcludeController()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @SetMetadata(ROUTE, { kind: 'answers', operation: 'operations.GetMetrics' } satisfies RouteInfo)
  async read(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.metrics.registry.contentType);
    return this.metrics.text();
  }
}
