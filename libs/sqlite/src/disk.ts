import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Unavailable } from '@second-opinion/kernel';

/**
 * Disk waits for the disk beside the program, where SQLite would stand still for it: a commit writes the write-ahead log, and one
 * `fdatasync` of it, in a thread of Node's pool, is for all commits that came before it began. Commits stand in the write-ahead log one
 * after the other, so whatever is on disk has everything before it on disk too. After a failure nothing is promised any more until the
 * file is opened again: the system may have dropped what it could not write.
 */
export class Disk {
  private handle: number | undefined;
  private behind = false;
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private failure: Unavailable | undefined;

  constructor(
    private readonly file: string,
    private readonly sync: (handle: number) => Promise<void> = syncBeside,
  ) {}

  /** committed says that something was committed that has to be on disk. */
  committed(): void {
    this.behind = true;
  }

  /**
   * reached gives a promise of everything that was committed until now being on disk; nothing when it is already. Rejects with
   * `Unavailable('storage-unavailable')`, from then on always.
   */
  reached(): Promise<void> | undefined {
    if (this.failure) return Promise.reject(this.failure);
    if (!this.behind) return this.running;
    return (this.next ??= this.afterRunning());
  }

  /** close waits, standing still, for what is not on disk yet. */
  close(): void {
    if (this.behind && !this.failure) fdatasyncSync(this.opened());
    this.behind = false;
    const { handle, running } = this;
    this.handle = undefined;
    if (handle === undefined) return;
    if (running) void running.catch(() => undefined).then(() => closeSync(handle));
    else closeSync(handle);
  }

  private async afterRunning(): Promise<void> {
    await this.running?.catch(() => undefined);
    this.next = undefined;
    if (this.failure) throw this.failure;
    if (!this.behind) return;
    this.behind = false;
    this.running = this.once();
    await this.running;
  }

  private async once(): Promise<void> {
    try {
      await this.sync(this.opened());
    } catch (error) {
      this.failure = new Unavailable('storage-unavailable', {}, { cause: error });
      throw this.failure;
    } finally {
      this.running = undefined;
    }
  }

  /** opened gives the write-ahead log, which is there once something was committed; its name is made durable too. */
  private opened(): number {
    if (this.handle !== undefined) return this.handle;
    this.handle = openSync(`${this.file}-wal`, 'r+');
    syncFolder(dirname(this.file));
    return this.handle;
  }
}

function syncBeside(handle: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(handle, (error) => (error ? reject(error) : resolve()));
  });
}

/** syncFolder makes a new file's name durable; Windows has no such thing and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
