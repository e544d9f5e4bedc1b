import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import type { Projected } from '@second-opinion/nest';
import { allViews, viewsStart } from '@second-opinion/nest/catch-up';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { JsonLog } from './log';

/** CatchUpWork is what one process is given. */
export interface CatchUpWork {
  /** file that holds log and views. */
  readonly file: string;
  /** modules that export what their context projects (`projected`), as paths. */
  readonly modules: readonly string[];
  readonly holder: string;
  readonly logLevel: string;
}

/** CatchUpOptions: what may be caught up, and when it is worth a process. */
export interface CatchUpOptions extends Omit<CatchUpWork, 'modules'> {
  /** modules by context. */
  readonly modules: Readonly<Record<string, string>>;
  /** fromEvents: views that lie so many events behind are caught up by a process. */
  readonly fromEvents: number;
}

const PROGRAM = path.join(__dirname, 'catch-up-process.js');
const CONTEXT = 'catch-up';
const ENDED_EARLY = 'that process ended early: the program catches up itself';
const MOST_PROCESSES = 4;
/** NODE options: most of what a rebuild makes is dropped at once, so room for young objects saves work. */
const NODE = [...process.execArgv, '--max-semi-space-size=64'];

/**
 * CatchUpProcesses catch up the views of a program that is alone on its file, when they lie far behind (a new version of a view, a restored
 * backup): as many at once as there are processors, with memory that is gone afterwards. Each works as a replica does, under the leases
 * of the views, so that a crash at any moment leaves what a crash of a replica leaves. Commands are taken meanwhile.
 */
export class CatchUpProcesses {
  private readonly children: ChildProcess[] = [];
  private readonly done = new Map<string, Promise<unknown>>();
  private stopping = false;

  private constructor(private readonly log: JsonLog) {}

  /** begin looks which views lie far behind, and starts the processes for them; nothing when none does. */
  static async begin(options: CatchUpOptions): Promise<CatchUpProcesses | undefined> {
    const far = await farBehind(options);
    if (far.length === 0) return undefined;
    const processes = new CatchUpProcesses(new JsonLog(options.logLevel));
    for (const group of groupsOf(far, Math.min(availableParallelism(), MOST_PROCESSES)))
      processes.start(group, options);
    return processes;
  }

  /** catchUp resolves when the views of this context are caught up, or no process does it (any more). */
  readonly catchUp = async (context: string, signal: AbortSignal): Promise<void> => {
    const stop = () => this.stop();
    signal.addEventListener('abort', stop, { once: true });
    await this.done.get(context);
    signal.removeEventListener('abort', stop);
  };

  private start(contexts: readonly Projected[], { file, modules, holder, logLevel }: CatchUpOptions): void {
    const names = contexts.map(({ name }) => name);
    const work = { file, modules: names.flatMap((name) => modules[name] ?? []), holder, logLevel };
    // It opens nothing that is sealed, so it is given no key and no address.
    const env = { NODE_OPTIONS: process.env['NODE_OPTIONS'] };
    const child = fork(PROGRAM, [], { env, execArgv: NODE, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.children.push(child);
    this.log.log({ contexts: names, process: child.pid }, 'views are caught up beside the program', CONTEXT);
    const gone = once(child, 'exit').catch(() => undefined);
    child.once('exit', (code, signal) => {
      if (code !== 0 && !this.stopping) this.log.warn({ contexts: names, code, signal }, ENDED_EARLY, CONTEXT);
    });
    for (const name of names) {
      const { promise, resolve } = Promise.withResolvers<void>();
      child.on('message', (told) => told === name && resolve());
      this.done.set(name, Promise.race([promise, gone]));
    }
    child.send(work satisfies CatchUpWork, () => undefined);
  }

  /** stop tells them to end, which they do after what they have in hand. */
  stop(): void {
    // A second signal would not let them finish that.
    if (this.stopping) return;
    this.stopping = true;
    for (const child of this.children) child.kill('SIGTERM');
  }
}

/** farBehind are the contexts with a view so far behind the end of the log, those with most views first. */
async function farBehind({ file, modules, fromEvents }: CatchUpOptions): Promise<readonly Projected[]> {
  const database = SqliteDatabase.open(file);
  try {
    const ports = { events: new SqliteEventStore(database), views: new SqliteViewStore(database) };
    const end = Number((await ports.events.end()) ?? 0);
    if (end < fromEvents) return [];
    const far: Projected[] = [];
    for (const module of Object.values(modules)) {
      const { projected } = (await import(module)) as { projected: Projected };
      if (allViews(projected).length === 0) continue;
      const from = Number((await viewsStart(projected, ports)) ?? 0);
      if (end - from >= fromEvents) far.push(projected);
    }
    return far.sort((a, b) => allViews(b).length - allViews(a).length);
  } finally {
    database.close();
  }
}

/** groupsOf contexts, about equal by the number of their views. */
function groupsOf(contexts: readonly Projected[], most: number): readonly (readonly Projected[])[] {
  const groups: Projected[][] = Array.from({ length: Math.min(most, contexts.length) }, () => []);
  const weight = (group: readonly Projected[]) => group.reduce((sum, parts) => sum + allViews(parts).length, 0);
  for (const parts of contexts) groups.reduce((a, b) => (weight(b) < weight(a) ? b : a)).push(parts);
  return groups;
}
