import { EngineProbe } from './engine-probe';

describe('a probe of an engine', () => {
  let asked: { resolve: () => void; reject: (error: Error) => void }[];
  let probe: EngineProbe;
  const ping = () => new Promise<void>((resolve, reject) => asked.push({ resolve, reject }));
  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    probe = new EngineProbe({ name: 'mongodb', ping });
  });
  afterEach(() => jest.useRealTimers());

  it('asks once for many, and again when that is a second ago', async () => {
    const many = Promise.all([probe.answers(), probe.answers()]);
    asked[0]?.resolve();
    expect(await many).toEqual([true, true]);
    expect(await probe.answers()).toBe(true);
    expect(asked.length).toBe(1);
    jest.advanceTimersByTime(1_000);
    const again = probe.answers();
    asked[1]?.reject(new Error('away'));
    expect(await again).toBe(false);
  });

  it('takes one that is silent for away, and does not heap up questions', async () => {
    for (let time = 1; time <= 3; time++) {
      const answer = probe.answers();
      jest.advanceTimersByTime(8_000);
      expect(await answer).toBe(false);
      jest.advanceTimersByTime(1_000);
    }
    expect(asked.length).toBe(1);
    asked[0]?.resolve();
    await Promise.resolve();
    const answer = probe.answers();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    asked[1]?.resolve();
    expect(await answer).toBe(true);
  });
});
