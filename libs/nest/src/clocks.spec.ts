import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OffsetClock } from './clocks';

describe('the demo clock', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'clock-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('moves forward, never backwards, and keeps what another process moved', () => {
    const file = path.join(folder, 'offset');
    const clock = new OffsetClock(file);
    const later = new Date(Date.now() + 86_400_000).toISOString();
    expect(clock.advanceTo(later) >= later).toBe(true);
    expect(new OffsetClock(file).now() >= later).toBe(true);
    expect(() => clock.advanceTo(new Date().toISOString())).toThrow('clock-never-backwards');
    expect(clock.now() >= later).toBe(true);
  });

  it('sees every move, however fast one follows another', () => {
    const file = path.join(folder, 'offset');
    const [clock, other] = [new OffsetClock(file), new OffsetClock(file)];
    for (let day = 1; day <= 20; day++) {
      const [later, latest] = [0, 1].map((hour) =>
        new Date(Date.now() + day * 86_400_000 + hour * 3_600_000).toISOString(),
      );
      expect(clock.advanceTo(String(later)) >= String(later)).toBe(true);
      expect(other.advanceTo(String(latest)) >= String(latest)).toBe(true);
    }
  });
});
