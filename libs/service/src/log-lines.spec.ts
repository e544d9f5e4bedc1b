import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LogLines, type Written } from './log-lines';

const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
const still = Object.assign(new Error('try again'), { code: 'EAGAIN' });

describe('the lines of a log', () => {
  let folder: string;
  let file: string;
  let fd: number;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'log-'));
    file = path.join(folder, 'log');
    fd = openSync(file, 'w');
  });
  afterEach(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  const written = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const notice = (lost: number) => expect.stringMatching(new RegExp(`"level":40,.*"context":"log","lost":${lost},`));

  /** disk that takes as many bytes of a write as `takes` says, then fails with `error` for as long as there is one. */
  const disk = () => {
    const state: { error: Error | undefined; takes: number } = { error: undefined, takes: Infinity };
    const put: Written = (to, bytes, done) =>
      setImmediate(() => {
        const taken = Math.min(state.takes, bytes.length);
        state.takes -= taken;
        if (taken > 0) return done(null, writeSync(to, bytes, 0, taken));
        if (state.error) return done(state.error, 0);
        state.takes = Infinity;
        done(null, writeSync(to, bytes));
      });
    return { state, lines: new LogLines(fd, put) };
  };

  it('are all there, in their order, once they are drained', async () => {
    const lines = new LogLines(fd);
    const all = Array.from({ length: 20_000 }, (_, n) => `line ${n} é`);
    for (const line of all) lines.write(`${line}\n`);
    expect(await lines.drained()).toBe(false);
    expect(written()).toEqual(all);
    expect(lines.lost).toBe(0);
  });

  it('are lost on a device that is always full, and nothing else happens', async () => {
    const device = openSync('/dev/full', 'w');
    const lines = new LogLines(device);
    for (let n = 0; n < 100; n++) lines.write('line\n');
    expect(await lines.drained()).toBe(false);
    expect(lines.lost).toBe(100);
    closeSync(device);
  });

  it('that a full disk lost are counted, and the next line that it takes follows their number', async () => {
    const { state, lines } = disk();
    lines.write('before\n');
    await lines.drained();
    state.error = full;
    state.takes = 6;
    // The first of these is written in part only.
    for (const line of ['first', 'second', 'third']) lines.write(`${line} that is lost\n`);
    await lines.drained();
    lines.write('fourth\n');
    await lines.drained();
    expect(lines.lost).toBe(4);
    state.error = undefined;
    lines.write('after\n');
    lines.write('and more\n');
    await lines.drained();
    expect(written()).toEqual(['before', 'first ', notice(4), 'after', 'and more']);
    state.error = full;
    state.takes = 0;
    lines.write('fifth\n');
    await lines.drained();
    state.error = undefined;
    lines.write('end\n');
    await lines.drained();
    expect(written().slice(-2)).toEqual([notice(1), 'end']);
    expect(lines.lost).toBe(5);
  });

  it('wait for a reader that stands still, and no more of them than a bound', async () => {
    const { state, lines } = disk();
    state.error = still;
    state.takes = 0;
    const line = `${'x'.repeat(1023)}\n`;
    for (let n = 0; n < 5_000; n++) lines.write(line);
    expect(lines.lost).toBe(5_000 - 4_096 - 1);
    state.error = undefined;
    await lines.drained();
    expect(written()).toHaveLength(4_096 + 1 + 1);
    expect(written()[1]).toEqual(notice(5_000 - 4_096 - 1));
  });

  it('are waited for a second at the end, and no longer where nobody takes them', async () => {
    const { state, lines } = disk();
    state.error = still;
    state.takes = 0;
    lines.write('line\n');
    const begun = performance.now();
    expect(await lines.drained()).toBe(false);
    expect(performance.now() - begun).toBeGreaterThan(900);
    const then = performance.now();
    await lines.drained();
    expect(performance.now() - then).toBeLessThan(500);
  });

  it('say at the end that a write has not come back', async () => {
    const lines = new LogLines(fd, () => undefined);
    lines.write('line\n');
    expect(await lines.drained()).toBe(true);
  });

  it('are written at the very end also where a write has not begun, to a pipe, which it never waits for', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const both = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const lines = new LogLines(both, () => undefined);
    lines.write('one\n');
    lines.write('two\n');
    expect(await lines.drained()).toBe(true);
    lines.last();
    const read = Buffer.alloc(100);
    expect(read.toString('utf8', 0, readSync(both, read))).toBe('one\ntwo\n');
    for (let n = 0; n < 2_000; n++) lines.write(`${'x'.repeat(99)}\n`);
    lines.last();
    lines.last();
    closeSync(both);
  });
});
