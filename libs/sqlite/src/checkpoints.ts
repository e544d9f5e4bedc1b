import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SqliteConnection } from './connection';

/** Pages of a write-ahead log, and how many of them stand in the file already. */
interface Pages {
  readonly log: number;
  readonly checkpointed: number;
}

/** MOST_PAGES in the write-ahead log before they are copied into the file: as many as SQLite itself waits for. */
const MOST_PAGES = 1_000;
/** LONG_LOG is so many pages that commits are put off until the log can begin anew. */
const LONG_LOG = 16 * MOST_PAGES;
/** MOST_UNSEEN commits between two looks, since one commit may write more than all before. */
const MOST_UNSEEN = 16;
const LONGEST_WAIT_MS = 30_000;

/**
 * Checkpoints copies the write-ahead log of one file back into it from a {@link CheckpointThread}, so that no commit stands still for it.
 * The log begins anew when nothing was committed meanwhile. Where that does not happen by itself until it is long, what was committed is
 * copied in a second, short go, for which commits are put off. Without the thread SQLite does it within commits, as it does by itself.
 */
export class Checkpoints {
  private from = MOST_PAGES;
  private seen = 0;
  /** unseen commits since the last look, and how many may pass before the next. */
  private unseen = 0;
  private mayPass = 0;
  private copying = false;
  private over = false;

  /** `hold` puts off commits until what it gives is called. */
  constructor(
    private readonly file: string,
    private readonly connection: SqliteConnection,
    private readonly hold: () => () => void,
  ) {
    connection.execute('pragma wal_autocheckpoint = 0');
  }

  /**
   * committed looks after a commit how long the write-ahead log is; not after each, since a look costs as much as two rows: while commits
   * go on as they did, it cannot be long enough before half of what is left has passed.
   */
  committed(): void {
    if (this.copying || this.over || ++this.unseen <= this.mayPass) return;
    const { log } = this.pages();
    const grown = log - this.seen;
    if (grown < 0) this.from = MOST_PAGES;
    const each = Math.max(1, (grown < 0 ? log : grown) / this.unseen);
    this.mayPass = Math.min(MOST_UNSEEN, Math.max(0, Math.floor((this.from - log) / each / 2)));
    this.seen = log;
    this.unseen = 0;
    if (log >= this.from) void this.copy();
  }

  /** finish returns once nothing is being copied any more. */
  finish(): void {
    CheckpointThread.running?.finish(this.file);
  }

  /** close as finish; nothing is copied afterwards. */
  close(): void {
    this.over = true;
    this.finish();
  }

  private async copy(): Promise<void> {
    this.copying = true;
    try {
      const whole = await CheckpointThread.get().copy(this.file);
      if (whole === undefined) this.leaveToSqlite();
      else if (whole && !this.over) await this.copyRest();
    } catch {
      this.leaveToSqlite();
    }
    this.from = this.seen + MOST_PAGES;
    this.copying = false;
  }

  private async copyRest(): Promise<void> {
    const { log, checkpointed } = this.pages();
    this.seen = log;
    if (checkpointed === log || log < LONG_LOG) return;
    const release = this.hold();
    try {
      await CheckpointThread.get().copy(this.file);
    } finally {
      release();
    }
  }

  private leaveToSqlite(): void {
    if (this.over) return;
    this.over = true;
    this.connection.execute(`pragma wal_autocheckpoint = ${MOST_PAGES}`);
  }

  /** pages without copying any. */
  private pages(): Pages {
    return this.connection.get<Pages>('pragma wal_checkpoint(noop)') ?? { log: 0, checkpointed: 0 };
  }
}

/** CheckpointThread is the one thread of a process that copies write-ahead logs back; it begins with the first that is long enough. */
class CheckpointThread {
  static running: CheckpointThread | undefined;
  private readonly done = new Int32Array(new SharedArrayBuffer(4));
  private readonly asked = new Map<number, (whole: boolean | undefined) => void>();
  private readonly files = new Set<string>();
  private readonly worker: Worker;
  private last = 0;

  private constructor() {
    this.worker = new Worker(join(__dirname, `checkpoint-thread${extname(__filename)}`), {
      workerData: this.done,
      env: {},
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 16 },
    });
    this.worker.unref();
    this.worker.on('message', ({ number, whole }: { number: number; whole?: boolean }) => this.answer(number, whole));
    this.worker.on('error', () => this.end());
    this.worker.on('exit', () => this.end());
  }

  static get(): CheckpointThread {
    return (this.running ??= new CheckpointThread());
  }

  /**
   * copy what can be copied without anybody waiting for it: true when that was all there was, false when somebody reads an older
   * state or copies too, undefined when there is no thread any more.
   */
  copy(file: string): Promise<boolean | undefined> {
    this.files.add(file);
    return new Promise((resolve) => this.asked.set(this.ask(file, false), resolve));
  }

  /** finish stands still until nothing is being copied from this file any more, and closes it there. */
  finish(file: string): void {
    if (!this.files.delete(file)) return;
    const number = this.ask(file, true);
    const until = performance.now() + LONGEST_WAIT_MS;
    for (let done = Atomics.load(this.done, 0); done < number; done = Atomics.load(this.done, 0)) {
      const left = until - performance.now();
      if (left <= 0) break;
      Atomics.wait(this.done, 0, done, left);
    }
    if (this.files.size > 0) return;
    void this.worker.terminate();
  }

  private ask(file: string, close: boolean): number {
    const number = ++this.last;
    this.worker.postMessage({ number, file, close });
    return number;
  }

  private answer(number: number, whole: boolean | undefined): void {
    this.asked.get(number)?.(whole);
    this.asked.delete(number);
  }

  private end(): void {
    if (CheckpointThread.running === this) CheckpointThread.running = undefined;
    for (const number of this.asked.keys()) this.answer(number, undefined);
  }
}
