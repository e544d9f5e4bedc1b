import { Clock, derivedId, Unavailable, type Deadline } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { deadlineView, Ticker, type DeadlineRow } from './deadlines';
import type { SystemCommands } from './issued';
import { tableOf } from './names';

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

describe('the ticker', () => {
  let now: string;
  const clock = new (class extends Clock {
    now = () => now;
  })();
  let rows: SqliteViewStore;
  let sent: string[];
  let lines: object[];
  let failing: Error | undefined;
  let fails: (of: string) => boolean;
  let tried: string[];
  let ticker: Ticker;
  let asked: jest.SpyInstance;
  beforeEach(async () => {
    now = '2026-11-30T08:00:00.000Z';
    rows = new SqliteViewStore(SqliteDatabase.open());
    await rows.declare({ name: tableOf(view), indexes: view.indexes });
    sent = [];
    tried = [];
    failing = undefined;
    fails = () => true;
    const commands = {
      send: (_: unknown, { of }: { of: string }) => {
        tried.push(of.slice(0, of.indexOf('/')));
        return failing && fails(of) ? Promise.reject(failing) : Promise.resolve(void sent.push(of));
      },
    } as unknown as SystemCommands;
    const sending: Deadline = { ...term, send: () => ({ type: 'test.Remind', data: {} }) as never };
    lines = [];
    const logger = { warn: (line: object) => void lines.push(line) };
    ticker = new Ticker([sending], view, rows, clock, commands, (work) => work(), logger);
    asked = jest.spyOn(rows, 'find');
  });
  const write = async (key: string, dueAt: string, position: string) => {
    const row: DeadlineRow = {
      stream: key,
      correlationId: 'c',
      due: [{ name: 'term', ref: 'a', dueAt }],
      nextDueAt: dueAt,
    };
    await rows.apply(tableOf(view), [{ key, row, position }], position);
    ticker.changed(dueAt);
  };

  it('reads again only when something changed or is due', async () => {
    await write('test.thing-1', '2026-11-30T09:00:00.000Z', '1');
    for (let ticks = 0; ticks < 3; ticks++) expect(await ticker.tick(undefined)).toBe(0);
    expect(asked).toHaveBeenCalledTimes(1);
    await write('test.thing-2', '2026-11-30T08:00:00.000Z', '2');
    expect(await ticker.tick(undefined)).toBe(1);
    now = '2026-11-30T09:00:00.000Z';
    expect(await ticker.tick(undefined)).toBe(1);
    expect(sent).toEqual(['test.thing-2/a/2026-11-30T08:00:00.000Z', 'test.thing-1/a/2026-11-30T09:00:00.000Z']);
    await ticker.tick(undefined);
    asked.mockClear();
    expect(await ticker.tick(undefined)).toBe(0);
    expect(asked).not.toHaveBeenCalled();
  });

  it('reads no more when what is written is due later than what it knows', async () => {
    now = '2026-11-30T07:00:00.000Z';
    await write('test.thing-1', '2026-11-30T09:00:00.000Z', '1');
    await ticker.tick(undefined);
    await write('test.thing-2', '2026-11-30T10:00:00.000Z', '2');
    await write('test.thing-3', '2026-11-30T08:00:00.000Z', '3');
    await ticker.tick(undefined);
    expect(asked).toHaveBeenCalledTimes(1);
    now = '2026-11-30T08:00:00.000Z';
    expect(await ticker.tick(undefined)).toBe(1);
  });

  it('reads again when another replica may have written, and after a read that failed', async () => {
    now = '2026-11-30T07:00:00.000Z';
    await ticker.tick(undefined);
    ticker.changed();
    asked.mockRejectedValueOnce(new Error('away'));
    await expect(ticker.tick(undefined)).rejects.toThrow('away');
    await ticker.tick(undefined);
    await ticker.tick(undefined);
    expect(asked).toHaveBeenCalledTimes(3);
  });

  it('tells what stays due, and with what it fails, ever more rarely', async () => {
    failing = new Unavailable('key-missing', { category: 'CONTACT' });
    await write('test.thing-1', '2026-11-30T08:00:00.000Z', '1');
    for (let ticks = 0; ticks < 9; ticks++) expect(await ticker.tick(undefined)).toBe(0);
    const causationId = derivedId('test.thing-1/a/2026-11-30T08:00:00.000Z');
    const about = { deadline: 'term', correlationId: 'c', causationId };
    const why = { error: 'Unavailable', code: 'key-missing', facts: { category: 'CONTACT' } };
    expect(lines).toEqual([1, 2, 4, 8].map((failures) => ({ ...about, ...why, failures })));
    failing = undefined;
    expect(await ticker.tick(undefined)).toBe(1);
  });

  it('forgets how often a deadline failed once it stands no more', async () => {
    failing = new Unavailable('key-missing');
    const told = () => lines.map((line) => (line as { failures: number }).failures);
    await write('test.thing-1', '2026-11-30T08:00:00.000Z', '1');
    for (let ticks = 0; ticks < 3; ticks++) await ticker.tick(undefined);
    expect(told()).toEqual([1, 2]);
    await write('test.thing-1', '2026-11-30T09:00:00.000Z', '2');
    await ticker.tick(undefined);
    await write('test.thing-1', '2026-11-30T08:00:00.000Z', '3');
    await ticker.tick(undefined);
    expect(told()).toEqual([1, 2, 1]);
  });

  describe('of more than a page that fails', () => {
    const many = Array.from({ length: 120 }, (_, index) => `test.thing-${String(index).padStart(3, '0')}`);
    beforeEach(async () => {
      failing = new Unavailable('key-missing');
      fails = (of) => !of.startsWith('test.other');
      for (const [index, stream] of many.entries()) await write(stream, '2026-11-30T07:00:00.000Z', String(index + 1));
    });

    it('nothing else is held up, and what becomes due later comes first', async () => {
      await write('test.other-1', '2026-11-30T07:30:00.000Z', '121');
      expect([await ticker.tick(undefined), await ticker.tick(undefined), await ticker.tick(undefined)]).toEqual([
        0, 0, 1,
      ]);
      await write('test.other-2', '2026-11-30T07:45:00.000Z', '122');
      tried = [];
      expect(await ticker.tick(undefined)).toBe(1);
      expect(tried[0]).toBe('test.other-2');
      expect(tried).toHaveLength(51);
    });

    it('each is tried again in its turn, and is done once it can be', async () => {
      for (let ticks = 0; ticks < 3; ticks++) await ticker.tick(undefined);
      tried = [];
      for (let ticks = 0; ticks < 3; ticks++) await ticker.tick(undefined);
      expect(new Set(tried)).toEqual(new Set(many));
      failing = undefined;
      let handled = 0;
      for (let ticks = 0; ticks < 3; ticks++) handled += await ticker.tick(undefined);
      expect(handled).toBe(many.length);
      await ticker.tick(undefined);
      asked.mockClear();
      expect(await ticker.tick(undefined)).toBe(0);
      expect(asked).not.toHaveBeenCalled();
    });

    it('what was stopped meanwhile is forgotten', async () => {
      await ticker.tick(undefined);
      const gone = many.map((key) => ({ key, row: null, position: '200' }));
      await rows.apply(tableOf(view), gone, '200');
      ticker.changed();
      tried = [];
      expect(await ticker.tick(undefined)).toBe(0);
      await write('test.thing-000', '2026-11-30T07:00:00.000Z', '201');
      await ticker.tick(undefined);
      expect(tried).toEqual(['test.thing-000']);
    });
  });

  it('does not miss what changes while it reads', async () => {
    now = '2026-11-30T10:00:00.000Z';
    const tick = ticker.tick(undefined);
    await write('test.thing-3', '2026-11-30T10:00:00.000Z', '3');
    const first = await tick;
    expect(first + (await ticker.tick(undefined))).toBe(1);
  });
});
