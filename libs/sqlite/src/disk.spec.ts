import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Disk } from './disk';

describe('Disk', () => {
  let folder: string;
  let syncs: { resolve: () => void; reject: (error: Error) => void }[];
  const opened: Disk[] = [];
  const disk = () => {
    const made = new Disk(
      join(folder, 'store.db'),
      () => new Promise((resolve, reject) => syncs.push({ resolve, reject })),
    );
    opened.push(made);
    return made;
  };
  const done = async (promise: Promise<void> | undefined) => {
    const turns = new Promise<'waits'>((resolve) => setImmediate(() => setImmediate(() => resolve('waits'))));
    return Promise.race([(promise ?? Promise.resolve()).then(() => 'on disk' as const), turns]);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'disk-'));
    writeFileSync(join(folder, 'store.db-wal'), '');
    syncs = [];
  });
  afterEach(() => {
    for (const one of opened.splice(0)) one.close();
    rmSync(folder, { recursive: true });
  });

  it('has nothing to wait for before something was committed, and after it is on disk', async () => {
    const one = disk();
    expect(one.reached()).toBeUndefined();
    one.committed();
    const reached = one.reached();
    await expect(done(reached)).resolves.toBe('waits');
    syncs[0]?.resolve();
    await expect(done(reached)).resolves.toBe('on disk');
    expect(one.reached()).toBeUndefined();
    expect(syncs).toHaveLength(1);
  });

  it('syncs once for all that came before, and once more for what came while it was syncing', async () => {
    const one = disk();
    one.committed();
    const first = [one.reached(), one.reached()];
    await done(first[0]);
    one.committed();
    const second = one.reached();
    syncs[0]?.resolve();
    await expect(Promise.all(first.map(done))).resolves.toEqual(['on disk', 'on disk']);
    await expect(done(second)).resolves.toBe('waits');
    syncs[1]?.resolve();
    await expect(done(second)).resolves.toBe('on disk');
    expect(syncs).toHaveLength(2);
  });

  it('promises nothing any more once the disk has failed, also to those who come later', async () => {
    const one = disk();
    one.committed();
    const first = one.reached();
    await done(first?.catch(() => undefined));
    one.committed();
    const second = one.reached();
    syncs[0]?.reject(new Error('EIO'));
    const failed = { code: 'storage-unavailable', cause: expect.objectContaining({ message: 'EIO' }) };
    await expect(first).rejects.toMatchObject(failed);
    await expect(second).rejects.toMatchObject(failed);
    await expect(one.reached()).rejects.toMatchObject(failed);
    expect(syncs).toHaveLength(1);
  });

  it('says that the storage is unavailable when there is no write-ahead log', async () => {
    rmSync(join(folder, 'store.db-wal'));
    const one = disk();
    one.committed();
    await expect(one.reached()).rejects.toMatchObject({ code: 'storage-unavailable' });
  });
});
