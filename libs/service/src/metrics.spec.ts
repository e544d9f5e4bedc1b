import type { HttpAdapterHost } from '@nestjs/core';
import type { MessageBus } from '@second-opinion/message-bus';
import type { Health, HealthWatch, ProviderKeys } from '@second-opinion/nest';
import type { Certificates } from './certificates';
import { Metrics } from './metrics.controller';

const ENGINES = ['event-store', 'mongodb', 'kafka'];

describe('the numbers of a process', () => {
  const groups = [{ group: 'intake.a', connected: true, stalled: true }];
  const followers = [
    { context: 'intake', name: 'intake.views', state: 'stalled' as const, leading: true, stillSeconds: 31 },
  ];
  let health: Health;
  let parked: () => Promise<ReadonlyMap<string, number>>;
  const numbers = async () => {
    const watch = {
      health: () => Promise.resolve(health),
      groups: () => groups,
      engines: ENGINES,
      parts: ['event-store', 'files'],
    };
    const bus = { countParked: () => parked() };
    const certificates = {
      validities: () => new Map([['kafka-server', { begin: 1_800_000_000, end: 1_900_000_000 }]]),
    };
    const metrics = new Metrics(
      watch as unknown as HealthWatch,
      bus as unknown as MessageBus,
      {} as HttpAdapterHost,
      certificates as unknown as Certificates,
      { awaySeconds: () => 700 } as ProviderKeys,
    );
    return (await metrics.text()).split('\n').filter((line) => line.startsWith('second_opinion_'));
  };
  beforeEach(() => {
    health = { status: 'ok', away: [], readOnly: [], followers, groups: [] };
    parked = () => Promise.resolve(new Map([['billing.a', 2]]));
  });

  it('tell what is served, who follows how, what is parked, and when certificates end', async () => {
    expect(await numbers()).toEqual([
      'second_opinion_ready 1',
      'second_opinion_engine_away{engine="event-store"} 0',
      'second_opinion_engine_away{engine="mongodb"} 0',
      'second_opinion_engine_away{engine="kafka"} 0',
      'second_opinion_write_refused{part="event-store"} 0',
      'second_opinion_write_refused{part="files"} 0',
      'second_opinion_follower_state{context="intake",follower="intake.views",state="stalled"} 1',
      'second_opinion_follower_leading{context="intake",follower="intake.views"} 1',
      'second_opinion_follower_still_seconds{context="intake",follower="intake.views"} 31',
      'second_opinion_group_state{group="intake.a",state="stalled"} 1',
      'second_opinion_parked_messages{group="billing.a"} 2',
      'second_opinion_certificate_begin_seconds{certificate="kafka-server"} 1800000000',
      'second_opinion_certificate_end_seconds{certificate="kafka-server"} 1900000000',
      'second_opinion_identity_provider_away_seconds 700',
      'second_opinion_log_lines_lost_total 0',
    ]);
  });

  it('name the engine that is away', async () => {
    health = { ...health, status: 'unavailable', away: ['mongodb'] };
    expect(await numbers()).toEqual(
      expect.arrayContaining([
        'second_opinion_ready 0',
        'second_opinion_engine_away{engine="event-store"} 0',
        'second_opinion_engine_away{engine="mongodb"} 1',
      ]),
    );
  });

  it('name what answers and takes no writes, without which no command is served', async () => {
    health = { ...health, status: 'unavailable', readOnly: ['files'] };
    expect(await numbers()).toEqual(
      expect.arrayContaining([
        'second_opinion_ready 0',
        'second_opinion_write_refused{part="event-store"} 0',
        'second_opinion_write_refused{part="files"} 1',
      ]),
    );
  });

  it('name the bus that is away, without which all is served', async () => {
    health = { ...health, status: 'degraded', busAway: 'kafka' };
    expect(await numbers()).toEqual(
      expect.arrayContaining(['second_opinion_ready 1', 'second_opinion_engine_away{engine="kafka"} 1']),
    );
  });

  it('do not call a process unready because what is parked cannot be counted', async () => {
    parked = () => Promise.reject(new Error('away'));
    expect(await numbers()).toContain('second_opinion_ready 1');
  });
});
