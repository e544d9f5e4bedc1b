import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onlyProcess, sharedBy } from './only-process';

describe('the only process on a data folder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'lock-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is refused while another has it, and let in when that one has let go', () => {
    const file = path.join(folder, 'process.lock');
    const release = onlyProcess(file);
    expect(() => onlyProcess(file)).toThrow('storage-in-use');
    release();
    onlyProcess(file)();
  });

  it('is let in at once when the other was killed', async () => {
    const file = path.join(folder, 'process.lock');
    const script = `const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync(process.argv[1]);
      db.exec('pragma locking_mode = exclusive; begin exclusive; create table held (by integer); commit'); console.log('held'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--no-warnings', '-e', script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    expect(() => onlyProcess(file)).toThrow('storage-in-use');
    other.kill('SIGKILL');
    await once(other, 'exit');
    onlyProcess(file)();
  });

  it('is shared by several, but by none beside the one that wants it alone', () => {
    const file = path.join(folder, 'process.lock');
    const releases = [sharedBy(file), sharedBy(file)];
    expect(() => onlyProcess(file)).toThrow('storage-in-use');
    for (const release of releases) release();
    const release = onlyProcess(file);
    expect(() => sharedBy(file)).toThrow('storage-in-use');
    release();
    sharedBy(file)();
  }, 20_000);
});
