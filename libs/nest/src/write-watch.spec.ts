import type { HttpAdapterHost } from '@nestjs/core';
import type { Deployment } from './ports';
import { WriteWatch } from './write-watch';

describe('the watch over what commands write to', () => {
  let full: boolean;
  let written: number;
  let watch: WriteWatch;
  const later = () => jest.advanceTimersByTime(1_000);
  const answered = (...statuses: readonly number[]) => statuses.forEach((status) => watch.answered('POST', status));

  beforeEach(() => {
    jest.useFakeTimers();
    [full, written] = [false, 0];
    const ping = () => (written++, full ? Promise.reject(new Error('full')) : Promise.resolve());
    const writes = [
      { name: 'event-store', ping: () => Promise.resolve() },
      { name: 'files', ping },
    ];
    watch = new WriteWatch({ writes } as unknown as Deployment, {} as HttpAdapterHost);
  });
  afterEach(() => jest.useRealTimers());

  it('writes nothing while commands are served, or fail for once', async () => {
    full = true;
    answered(503, 503, 201, 503, 412, 404);
    for (let time = 0; time < 5; time++) watch.answered('GET', 503);
    expect([await watch.refusing(), written]).toEqual([[], 0]);
  });

  it('names what takes no writes after three commands in a row that were not served, others’ refusals between them', async () => {
    full = true;
    answered(503, 409, 503, 503);
    expect(await watch.refusing()).toEqual(['files']);
    expect(watch.parts).toEqual(['event-store', 'files']);
  });

  it('finds out by itself that writes are taken again, since nobody sends commands to what is not ready', async () => {
    full = true;
    answered(503, 503, 503);
    await watch.refusing();
    // An answer that was known before is no sign.
    answered(200);
    later();
    expect(await watch.refusing()).toEqual(['files']);
    full = false;
    later();
    expect(await watch.refusing()).toEqual([]);
    full = true;
    later();
    expect([await watch.refusing(), written]).toEqual([[], 3]);
  });

  describe('where a write takes its time', () => {
    /** tookMs: so long the next writes take; whether they are taken then, `full` says. */
    let tookMs: number;
    const seen: string[] = [];
    beforeEach(() => {
      seen.splice(0);
      const ping = () =>
        new Promise<void>((resolve, reject) => {
          written++;
          setTimeout(() => (full ? reject(new Error('no answer')) : resolve()), tookMs);
        });
      watch = new WriteWatch(
        { writes: [{ name: 'event-store', ping }] } as unknown as Deployment,
        {} as HttpAdapterHost,
      );
      answered(503, 503, 503);
    });
    /** look every five seconds, for so long, and write down what was said. */
    const look = async (ms: number) => {
      for (let time = 0; time < ms; time += 5_000) {
        void watch.refusing().then((parts) => seen.push(parts.join()));
        await jest.advanceTimersByTimeAsync(5_000);
      }
    };

    it.each([7_000, 9_000, 12_000, 14_500])('takes one that is answered after %d ms for no refusal', async (ms) => {
      tookMs = ms;
      await look(120_000);
      expect(new Set(seen)).toEqual(new Set(['']));
    });

    it('names one that takes none once its own write has failed, not before, until it has taken another', async () => {
      [full, tookMs] = [true, 15_000];
      await look(10_000);
      expect(seen.splice(0)).toEqual(['']);
      await look(10_000);
      seen.splice(0);
      await look(60_000);
      expect(new Set(seen)).toEqual(new Set(['event-store']));
      [full, tookMs] = [false, 12_000];
      await look(30_000);
      expect([seen.at(-1), await watch.refusing()]).toEqual(['', []]);
    });

    it('names one that gives no answer at all, and writes nothing beside what waits', async () => {
      tookMs = 600_000;
      await look(60_000);
      expect([seen.at(0), seen.at(-1), written]).toEqual(['', 'event-store', 1]);
    });
  });
});
