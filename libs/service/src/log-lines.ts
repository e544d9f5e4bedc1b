import fs from 'node:fs';

/** MOST characters wait at once, some ten thousand lines; what comes on top of them is lost. */
const MOST = 4 * 1024 * 1024;
const RETRY_MS = 50;
/** STILL_MS: whoever has taken nothing for so long is waited for no more at the end. */
const STILL_MS = 1_000;
const NEWLINE = 0x0a;
/** WAIT: what nobody takes now, and may be taken later; all else that a write fails with is final for its lines. */
const WAIT: ReadonlySet<unknown> = new Set(['EAGAIN', 'EBUSY', 'EINTR']);

/** FATAL, ERROR and WARN as pino numbers them. */
export const [FATAL, ERROR, WARN] = [60, 50, 40];

/** jsonLine as pino writes it, for what is said where there is no logger. */
export function jsonLine(level: number, fields: object, msg: string): string {
  return `${JSON.stringify({ level, time: new Date().toISOString(), ...fields, msg })}\n`;
}

/** Written is how {@link LogLines} writes; stands in for a disk that is full and a reader that stands still in tests. */
export type Written = (
  fd: number,
  bytes: Buffer,
  done: (error: NodeJS.ErrnoException | null, written: number) => void,
) => void;

/**
 * LogLines writes lines to a descriptor, one after another, beside the work of the process: whatever becomes of them, `write` returns at
 * once and throws nothing. Lines wait while nobody takes them (a pipe whose reader stands still), up to a bound; those beyond it, and those
 * that a write fails with (a full disk), are lost and counted, and the next write that succeeds begins with a line that says how many.
 *
 * pino's own destination (sonic-boom) holds none of this: an error other than EAGAIN that its asynchronous write meets ends the process as an uncaught
 * one, its flush at the exit repeats such a write for ever, and it blocks in a pipe that nobody reads.
 */
export class LogLines {
  private waiting: string[] = [];
  private size = 0;
  /** hand: the bytes of the lines that are being written, as far as they are not. */
  private hand: Buffer = Buffer.alloc(0);
  /** notice: how many bytes are left of the line in front of them that says how many were lost; `saying` is that number. */
  private notice = 0;
  private saying = 0;
  private told = 0;
  private torn = false;
  private asking = false;
  private moved = 0;
  private idle = Promise.withResolvers<void>();
  private count = 0;

  constructor(
    private readonly fd: number,
    private readonly put: Written = (to, bytes, done) => fs.write(to, bytes, done),
  ) {}

  /** lost: how many lines could not be written since the start of the process. */
  get lost(): number {
    return this.count;
  }

  /** write a line, its newline included. */
  write(line: string): void {
    if (this.size + line.length > MOST) {
      this.count++;
      return;
    }
    this.waiting.push(line);
    this.size += line.length;
    if (this.hand.length === 0) this.take();
  }

  /**
   * drained resolves when nothing waits any more, or when it does not become less: at once where nobody has taken anything for a second, and
   * after a second in any case. True: a write is still under way, in which the end of the process would wait for ever.
   */
  async drained(): Promise<boolean> {
    const left = Math.max(0, this.moved + STILL_MS - performance.now());
    if (this.hand.length > 0) {
      const bound = Promise.withResolvers<void>();
      const timer = setTimeout(bound.resolve, left);
      await Promise.race([this.idle.promise, bound.promise]);
      clearTimeout(timer);
    }
    return this.asking;
  }

  /**
   * last writes what is left at once, where that cannot stand still: a pipe or a socket. The write that is under way may not have begun, since
   * every thread for such work is taken, as while names are looked up that no server knows. Only before the very end.
   */
  last(): void {
    if (!canWait(this.fd)) return;
    try {
      fs.writeSync(this.fd, Buffer.concat([this.hand, Buffer.from(this.waiting.join(''))]));
    } catch {
      // Nobody takes it.
    }
  }

  /** take all that waits in hand, behind what is to be said of what was lost before it. */
  private take(): void {
    const lost = this.count - this.told;
    const notice = lost > 0 ? jsonLine(WARN, { context: 'log', lost }, 'lines of this log could not be written') : '';
    // What was lost may have begun to be written.
    const begin = notice !== '' && this.torn ? `\n${notice}` : notice;
    this.notice = Buffer.byteLength(begin);
    this.saying = this.count;
    this.hand = Buffer.from(begin + this.waiting.join(''));
    this.waiting = [];
    this.size = 0;
    this.moved = performance.now();
    this.go();
  }

  private go(): void {
    this.asking = true;
    this.put(this.fd, this.hand, (error, written) => {
      this.asking = false;
      if (error ? WAIT.has(error.code) : written === 0) return void setTimeout(() => this.go(), RETRY_MS).unref();
      if (error) this.lose();
      else this.pass(written);
      if (this.hand.length > 0) this.go();
      else if (this.waiting.length > 0) this.take();
      else {
        this.idle.resolve();
        this.idle = Promise.withResolvers();
      }
    });
  }

  private pass(written: number): void {
    this.moved = performance.now();
    this.torn = this.hand[written - 1] !== NEWLINE;
    if (this.notice > 0 && written >= this.notice) this.told = this.saying;
    this.notice = Math.max(0, this.notice - written);
    this.hand = this.hand.subarray(written);
  }

  /** lose what is in hand: each line of it, but not the one that said what was lost before. */
  private lose(): void {
    const lines = this.hand.subarray(this.notice);
    for (let at = lines.indexOf(NEWLINE); at !== -1; at = lines.indexOf(NEWLINE, at + 1)) this.count++;
    this.hand = Buffer.alloc(0);
  }
}

/** STDERR is where a process says what it has to say: lines of its log, and what keeps it from starting. */
export const STDERR = new LogLines(2);

/** canWait: a pipe or a socket, which says that nobody takes anything once it is unblocked. */
function canWait(fd: number): boolean {
  try {
    const stats = fs.fstatSync(fd);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    // There is none.
    return false;
  }
}

// Node unblocks it when it makes the stream of it: then no thread stands still in it.
if (canWait(2)) void process.stderr;
