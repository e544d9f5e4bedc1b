import { setTimeout as pause } from 'node:timers/promises';
import type { GroupSession } from './group-session';
import type { Share } from './share';

const AGAIN_MS = 500;
const FLUSH_MS = 5_000;

/** Commits writes down how far a member is: what is handled or parked, calmly, and never for a partition that is no longer ours. */
export class Commits {
  private writing: Promise<void> | undefined;

  constructor(
    private readonly share: Share,
    private readonly session: () => GroupSession | undefined,
    private readonly calmMs: number,
    private readonly signal: AbortSignal,
  ) {}

  /** soon: there may be something to commit. */
  soon(): void {
    this.writing ??= this.calmly().finally(() => (this.writing = undefined));
  }

  /** now, once; throws when the broker refuses. */
  async now(): Promise<void> {
    const due = this.share.due.map((partition) => ({ partition, era: partition.current, offset: partition.reached }));
    if (due.length === 0) return;
    await this.session()?.commit(
      due.map(({ partition: { topic, partition }, offset }) => ({ topic, partition, offset })),
    );
    for (const { partition, era, offset } of due) if (partition.isCurrent(era)) partition.committed(offset);
  }

  /** flush at the end, for a few seconds at most; what is not written down is handled again. */
  async flush(): Promise<void> {
    const late = pause(FLUSH_MS, 'late', { ref: false });
    const answered = async (work: Promise<unknown> | undefined) => (await Promise.race([work, late])) !== 'late';
    if (!(await answered(this.writing))) return;
    while (this.share.due.length > 0 && this.session()?.joined) {
      const written = succeeds(this.now());
      if (!(await answered(written))) return;
      if (!(await written)) await pause(200);
    }
  }

  private async calmly(): Promise<void> {
    while (this.share.due.length > 0 && !this.signal.aborted) {
      const ms = (await succeeds(this.now())) ? this.calmMs : AGAIN_MS;
      await pause(ms, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
