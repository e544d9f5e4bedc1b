import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { Clock, instantOf, Invalid, type Instant } from '@second-opinion/kernel';

/** SystemClock is real time. */
export class SystemClock extends Clock {
  now(): Instant {
    return instantOf(Date.now());
  }
}

const LOOK_MS = 50;

/**
 * OffsetClock is real time plus an offset kept in a small file, which several processes share. It only moves forward. For demo and
 * test deployments; a production deployment has no such file.
 */
export class OffsetClock extends Clock {
  private offset = 0;
  private lookedAt = -Infinity;
  private seen = '';

  constructor(private readonly file: string) {
    super();
    this.look();
  }

  now(): Instant {
    if (performance.now() - this.lookedAt >= LOOK_MS) this.look();
    return instantOf(Date.now() + this.offset);
  }

  /** advanceTo moves business time to this instant; `Invalid('clock-never-backwards')` when that is past already. */
  advanceTo(instant: Instant): Instant {
    this.look();
    const offset = Date.parse(instant) - Date.now();
    if (!(offset >= this.offset)) throw new Invalid('clock-never-backwards', { now: this.now() });
    const draft = `${this.file}.${process.pid}`;
    writeFileSync(draft, String(offset));
    renameSync(draft, this.file);
    this.offset = offset;
    return this.now();
  }

  private look(): void {
    this.lookedAt = performance.now();
    try {
      // Two moves within one tick of the file system's clock are two files.
      const { mtimeMs, ino } = statSync(this.file);
      const seen = `${mtimeMs} ${ino}`;
      if (seen === this.seen) return;
      const offset = Number(readFileSync(this.file, 'utf8'));
      this.seen = seen;
      if (Number.isFinite(offset)) this.offset = Math.max(this.offset, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
