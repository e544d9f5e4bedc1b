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
});
