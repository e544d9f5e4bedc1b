import { setTimeout as pause } from 'node:timers/promises';

/** Task of a lane; when it throws, a storage is away and it is done again. */
export type Task = () => Promise<void>;

/** KeyLanes does the tasks of one key in order and those of different keys side by side. After the signal no further task begins. */
export class KeyLanes {
  private readonly lanes = new Map<string, { readonly tasks: Task[]; done: Promise<void> }>();

  constructor(private readonly signal: AbortSignal) {}

  add(key: string, task: Task): void {
    const lane = this.lanes.get(key);
    if (lane) {
      lane.tasks.push(task);
      return;
    }
    const fresh = { tasks: [task], done: Promise.resolve() };
    this.lanes.set(key, fresh);
    fresh.done = this.drive(key, fresh.tasks);
  }

  /** drained resolves when every lane has ended. */
  async drained(): Promise<void> {
    while (this.lanes.size > 0) await Promise.all([...this.lanes.values()].map(({ done }) => done));
  }

  private async drive(key: string, tasks: Task[]): Promise<void> {
    // A lane begins in the next turn, so that it is registered before it can end.
    await Promise.resolve();
    for (let failures = 0; !this.signal.aborted;) {
      const [task] = tasks;
      if (!task) break;
      try {
        await task();
        tasks.shift();
        failures = 0;
      } catch {
        const rest = Math.min(5_000, 50 * 2 ** failures++);
        await pause(rest, undefined, { signal: this.signal }).catch(() => undefined);
      }
    }
    this.lanes.delete(key);
  }
}

/** whenAborted resolves when the signal says so. */
export function whenAborted(signal: AbortSignal): Promise<string> {
  if (signal.aborted) return Promise.resolve('aborted');
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }));
}
