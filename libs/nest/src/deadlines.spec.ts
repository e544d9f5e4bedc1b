import type { Deadline } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import { deadlineView, type DeadlineRow } from './deadlines';

const term: Deadline = {
  name: 'term',
  categories: ['test.thing'],
  start: {
    Started: (event) => [{ ref: (event.data as { ref: string }).ref, dueAt: (event.data as { dueAt: string }).dueAt }],
  },
  stop: { Stopped: (event) => [(event.data as { ref: string }).ref], Ended: () => 'all' },
  send: () => {
    throw new Error('not sent here');
  },
};
const reminder: Deadline = {
  ...term,
  name: 'reminder',
  start: { Started: () => [{ ref: 'r', dueAt: '2026-12-01T00:00:00.000Z' }] },
  stop: { Ended: () => 'all' },
};
const view = deadlineView('test', [term, reminder]);
const fold = (...events: { type: string; data: object }[]) =>
  recorded('test.thing-1', events).reduce<DeadlineRow | null | undefined>(
    (row, event) => view.project(row ?? undefined, event, event.stream),
    undefined,
  );
const started = (ref: string, dueAt: string) => ({ type: 'Started', data: { ref, dueAt } });

describe('deadlines as rows', () => {
  it('keeps the earliest of a stream in front', () => {
    const row = fold(started('a', '2026-12-05T00:00:00.000Z'), started('b', '2026-12-03T00:00:00.000Z'));
    expect(row?.nextDueAt).toBe('2026-12-01T00:00:00.000Z');
    expect(row?.due.map(({ name, ref }) => `${name}/${ref}`)).toEqual(['term/a', 'term/b', 'reminder/r']);
  });
  it('starting the same one again replaces it', () => {
    const row = fold(started('a', '2026-12-05T00:00:00.000Z'), started('a', '2026-12-09T00:00:00.000Z'));
    expect(row?.due.filter(({ name }) => name === 'term')).toEqual([
      { name: 'term', ref: 'a', dueAt: '2026-12-09T00:00:00.000Z' },
    ]);
  });
  it('stops one, or all of a stream', () => {
    expect(
      fold(started('a', '2026-12-05T00:00:00.000Z'), { type: 'Stopped', data: { ref: 'a' } })?.due.map(
        ({ name }) => name,
      ),
    ).toEqual(['reminder']);
    expect(fold(started('a', '2026-12-05T00:00:00.000Z'), { type: 'Ended', data: {} })).toBeNull();
  });
  it('looks only at events that start or stop something', () => {
    expect(view.keys(recorded('test.thing-1', [{ type: 'Other', data: {} }])[0]!)).toEqual([]);
    expect(view.keys(recorded('other.thing-1', [started('a', 'x')])[0]!)).toEqual([]);
  });
});
