import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import { testCalendar, testNow } from '@second-opinion/kernel/testing';
import type { Deciders } from '@second-opinion/nest';
import { TestClock } from '@second-opinion/nest/testing';
import type { ViewStore } from '@second-opinion/view-store';
import { message } from './message.decider';
// It says which decider decides which command.
import './notification.module';
import { NotificationSender, roomAt } from './notification-sender';

describe('how many messages leave at a look', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterEach(() => jest.restoreAllMocks());
  it.each([
    [0, 50],
    [0.5, 50],
    [0.75, 25],
    [0.9, 10],
    [0.97, 10],
    [1, 10],
    [NaN, 10],
  ])('when the program was busy for %d of the time: %i, and never none', (utilization, room) => {
    expect(roomAt(utilization)).toBe(room);
  });

  it('those that left already, as far as the view is behind, and those that cannot leave take the room of none', async () => {
    jest.spyOn(performance, 'eventLoopUtilization').mockReturnValue({ idle: 0, active: 1, utilization: 1 });
    const ids = (kind: string, many: number) => Array.from({ length: many }, (_, nth) => `${kind}-${nth}`);
    const due = [...ids('left', 30), ...ids('broken', 12), ...ids('due', 18)];
    const ended = new Set<string>();
    const views = {
      find: (_: unknown, { limit, cursor = '0' }: { limit: number; cursor?: string }) => {
        const page = due.filter((id) => !ended.has(id)).slice(Number(cursor), Number(cursor) + limit);
        const rows = page.map((messageId) => ({ row: { messageId, dueAt: testNow } }));
        return Promise.resolve({ rows, next: String(Number(cursor) + limit) });
      },
    };
    const deciders = {
      state: (decider: unknown, id: string) => {
        if (decider !== message) return Promise.resolve({ state: { known: {}, forgotten: true } });
        if (id.startsWith('broken')) return Promise.reject(new Error('cannot be read'));
        const phase = id.startsWith('left') ? 'sent' : 'due';
        return Promise.resolve({ state: { phase, attempts: 0, planned: { messageId: id, recipientId: 'person-1' } } });
      },
    };
    const bus = { execute: ({ messageId }: { messageId: string }) => Promise.resolve(ended.add(messageId)) };
    const none = undefined as never;
    const stop = new AbortController();
    const sender = new NotificationSender(
      views as unknown as ViewStore,
      deciders as unknown as Deciders,
      none,
      none,
      none,
      none,
      new TestClock(),
      bus as unknown as CommandBus,
      testCalendar,
    );
    const running = sender.run(stop.signal);
    for (let look = 0; look < 300 && ended.size < 18; look++) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    await running;
    expect([...ended].sort()).toEqual(ids('due', 18).sort());
  });
});
