import type { ModuleRef } from '@nestjs/core';
import type { EventStore } from '@second-opinion/event-store';
import type { ContextRunner, Following } from './context-runner';
import { HealthWatch } from './health-watch';
import type { Deployment } from './ports';
import type { WriteWatch } from './write-watch';

describe('health', () => {
  let end: string | undefined;
  let storeAway: boolean;
  let viewsAway: boolean;
  let refusing: string[];
  let followed: Following;
  let watch: HealthWatch;
  const runner = { name: 'intake', following: () => [followed], groups: () => [] } as unknown as ContextRunner;
  const store = {
    end: () => (storeAway ? Promise.reject(new Error('away')) : Promise.resolve(end)),
    comparePositions: (a?: string, b?: string) => Number(a ?? 0) - Number(b ?? 0),
  } as unknown as EventStore;
  const at = (position: string, leading = true) =>
    (followed = { name: 'intake.views', leading, elsewhere: !leading, position });
  const failing = { error: 'Unavailable', code: 'storage-unavailable', since: '2026-11-25T09:00:00.000Z' };
  const writes = { refusing: () => Promise.resolve(refusing), parts: ['files'] } as unknown as WriteWatch;
  const stateAt = async (seconds: number) => {
    const { status, followers } = await watch.health(seconds * 1000);
    return [status, followers[0]?.state];
  };

  beforeEach(() => {
    end = '10';
    [storeAway, viewsAway, refusing] = [false, false, []];
    const ping = () => (viewsAway ? Promise.reject(new Error('away')) : Promise.resolve());
    const deployment = { engines: [{ name: 'mongodb', ping }] } as unknown as Deployment;
    watch = new HealthWatch(store, { get: () => [runner] } as unknown as ModuleRef, deployment, writes);
  });

  it('is degraded while views are on their way after a start', async () => {
    at('3');
    expect(await stateAt(0)).toEqual(['degraded', 'behind']);
    at('10');
    expect(await stateAt(1)).toEqual(['ok', 'current']);
  });

  it('does not mind that under load something is always under way', async () => {
    for (let second = 0; second < 60; second += 5) {
      end = String(100 + second);
      at(String(99 + second));
      if (second > 10) expect(await stateAt(second)).toEqual(['ok', 'current']);
      else await stateAt(second);
    }
  });

  it('is degraded when a view falls further and further behind, though it moves', async () => {
    for (let second = 0; second <= 30; second += 5) {
      end = String(100 + 10 * second);
      at(String(100 + second));
      await stateAt(second);
    }
    expect(await stateAt(31)).toEqual(['degraded', 'behind']);
  });

  it('tells a position that does not move from one that lags, however small the distance', async () => {
    at('9');
    await stateAt(0);
    expect(await stateAt(29)).toEqual(['degraded', 'behind']);
    expect(await stateAt(31)).toEqual(['degraded', 'stalled']);
    at('10');
    expect(await stateAt(32)).toEqual(['ok', 'current']);
  });

  it('leaves to the other replica what that one runs', async () => {
    at('1', false);
    expect(await stateAt(0)).toEqual(['ok', 'elsewhere']);
    expect(await stateAt(60)).toEqual(['ok', 'elsewhere']);
  });

  it('does not forget what it has seen while the work fails as soon as it has begun', async () => {
    for (let second = 0; second <= 30; second += 5) {
      at('9');
      followed = { ...followed, leading: second % 10 === 0, failing };
      if (second < 30) expect((await stateAt(second))[1]).toBe('behind');
    }
    expect(await stateAt(31)).toEqual(['degraded', 'stalled']);
    expect((await watch.health(32_000)).followers).toEqual([
      { context: 'intake', name: 'intake.views', state: 'stalled', leading: true, stillSeconds: 32, failing },
    ]);
  });

  it('is degraded when the work fails for long, also while nothing is to be done', async () => {
    at('10');
    followed = { ...followed, failing };
    expect(await stateAt(0)).toEqual(['ok', 'current']);
    expect(await stateAt(31)).toEqual(['degraded', 'stalled']);
  });

  it('is degraded when nobody runs it, here or elsewhere', async () => {
    at('9');
    followed = { ...followed, leading: false };
    await stateAt(0);
    expect(await stateAt(31)).toEqual(['degraded', 'stalled']);
  });

  it('does not call current what stands further than the log, which will not heal by itself', async () => {
    at('99');
    followed = { ...followed, failing: { ...failing, code: 'event-store.position-beyond-end' } };
    expect(await stateAt(0)).toEqual(['degraded', 'stalled']);
  });

  it('knows of a worker that follows no log when it last worked', async () => {
    const worked = (workedAt: number) =>
      (followed = { name: 'intake.worker', leading: true, elsewhere: false, workedAt });
    for (let second = 0; second <= 60; second += 5) {
      worked(second);
      expect(await stateAt(second)).toEqual(['ok', 'current']);
    }
    expect(await stateAt(89)).toEqual(['ok', 'current']);
    expect(await stateAt(90)).toEqual(['degraded', 'stalled']);
  });

  it('is degraded without the bus, also where no consumer group would tell', async () => {
    at('10');
    let away = true;
    const ping = () => (away ? Promise.reject(new Error('away')) : Promise.resolve());
    const deployment = { bus: { name: 'kafka', ping } } as unknown as Deployment;
    watch = new HealthWatch(store, { get: () => [runner] } as unknown as ModuleRef, deployment, writes);
    expect(await watch.health(0)).toMatchObject({ status: 'degraded', away: [], busAway: 'kafka' });
    away = false;
    jest.spyOn(performance, 'now').mockReturnValueOnce(Infinity);
    const health = await watch.health(1);
    expect([health.status, health.busAway]).toEqual(['ok', undefined]);
    expect(watch.engines).toEqual(['event-store', 'kafka']);
  });

  it('says which engine is away: without the event store, or that of views and keys, nothing is served', async () => {
    at('10');
    viewsAway = true;
    expect(await watch.health(0)).toMatchObject({ status: 'unavailable', away: ['mongodb'] });
    storeAway = true;
    expect(await watch.health(1)).toMatchObject({ status: 'unavailable', away: ['event-store', 'mongodb'] });
  });

  it('is not ready while something that commands write to takes no writes, and says which', async () => {
    at('10');
    refusing = ['event-store', 'files'];
    expect(await watch.health(0)).toMatchObject({
      status: 'unavailable',
      away: [],
      readOnly: ['event-store', 'files'],
      followers: [{ state: 'current' }],
    });
    storeAway = true;
    expect(await watch.health(1)).toMatchObject({ away: ['event-store'], readOnly: ['files'] });
    [storeAway, refusing] = [false, []];
    expect(await watch.health(2)).toMatchObject({ status: 'ok', readOnly: [] });
    expect(watch.parts).toEqual(['files']);
  });

  it('does not wait for an event store that is silent, and does not heap up questions', async () => {
    jest.useFakeTimers();
    let asked = 0;
    const silent = { end: () => new Promise(() => asked++) } as unknown as EventStore;
    const quiet = new HealthWatch(silent, { get: () => [runner] } as unknown as ModuleRef, {} as Deployment, writes);
    for (let time = 0; time < 2; time++) {
      const health = quiet.health();
      await jest.advanceTimersByTimeAsync(8_000);
      expect(await health).toMatchObject({ status: 'unavailable', away: ['event-store'] });
    }
    expect(asked).toBe(1);
    jest.useRealTimers();
  });
});
