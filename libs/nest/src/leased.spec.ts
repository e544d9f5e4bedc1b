import { Unavailable } from '@second-opinion/kernel';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { Led, whileLeased } from './leased';

describe('work under a lease', () => {
  let database: SqliteDatabase;
  let views: SqliteViewStore;
  let stop: AbortController;
  let lines: unknown[];
  let led: Led;
  const logger = { warn: (...line: unknown[]) => void lines.push(line) };

  beforeEach(() => {
    database = SqliteDatabase.open();
    views = new SqliteViewStore(database);
    stop = new AbortController();
    lines = [];
    led = new Led('test.views');
  });
  afterEach(() => {
    jest.useRealTimers();
    database.close();
  });
  /** until the work was begun so often; what it fails with. */
  const failing = async (times: number, error: Error) => {
    await whileLeased(views, led, 'one', logger, stop.signal, () => {
      if (--times === 0) stop.abort();
      return Promise.reject(error);
    });
  };

  it('says what it fails with: class, code and facts, never the message; and since when', async () => {
    await failing(2, new Unavailable('event-store.unavailable', { attempts: 3 }));
    expect(lines[1]).toEqual([
      {
        ...{ lease: 'test.views', error: 'Unavailable', code: 'event-store.unavailable', facts: { attempts: 3 } },
        failures: 2,
      },
      'work under lease failed; starting again',
    ]);
    expect(led).toMatchObject({ leading: false, elsewhere: false });
    expect(led.failing).toEqual({ error: 'Unavailable', code: 'event-store.unavailable', since: expect.any(String) });
    lines = [];
    stop = new AbortController();
    await failing(1, new Error('An Jansen, an@prive.example'));
    expect(JSON.stringify(lines)).not.toContain('Jansen');
  });

  it('says in a sentence that it stands further than the log', async () => {
    await failing(1, new Unavailable('event-store.position-beyond-end', { position: '9' }));
    expect(lines).toEqual([
      [
        expect.objectContaining({ code: 'event-store.position-beyond-end', facts: { position: '9' } }),
        expect.stringContaining('restore the log, or stop the service and drop its views (rebuild)'),
      ],
    ]);
  });

  it('tells a lease that another holds from one that nobody holds', async () => {
    expect(led).toMatchObject({ leading: false, elsewhere: false });
    await views.acquire('test.views', 'other', 60_000);
    const running = whileLeased(views, led, 'one', logger, stop.signal, () => Promise.resolve());
    while (!led.elsewhere) await new Promise(setImmediate);
    stop.abort();
    await running;
    expect(led).toMatchObject({ leading: false, elsewhere: true });
  });

  it('fails no more once it has gone well for a while, here or elsewhere; and not before', () => {
    jest.useFakeTimers();
    for (const where of ['here', 'elsewhere'] as const) {
      led.failed(new Error());
      led.found(where);
      jest.advanceTimersByTime(14_000);
      expect([led.failing?.error, led.elsewhere]).toEqual(['Error', false]);
      jest.advanceTimersByTime(1_000);
      expect([led.failing, led.elsewhere]).toEqual([undefined, where === 'elsewhere']);
    }
  });

  it('keeps since when it fails, however often another has the lease for a moment', () => {
    jest.useFakeTimers();
    expect(led.failed(new Error())).toBe(1);
    const { since } = led.failing ?? {};
    for (let time = 2; time < 10; time++) {
      led.found('elsewhere');
      jest.advanceTimersByTime(5_000);
      led.found('here');
      expect(led.failed(new Error())).toBe(time);
    }
    expect(led.failing?.since).toBe(since);
  });
});
