import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { CatchUpProcesses } from './catch-up-processes';
import { lockFiles } from './files';
import type { ServiceIdentity } from './server';
import type { Settings } from './settings';

/** MAIN_FILE holds log, views, messages and documents, where no engine does. */
export const MAIN_FILE = 'second-opinion.db';
/** KEYS_FILE holds the key store, where no engine does. */
export const KEYS_FILE = 'keys.db';

/** OpenFiles are the files of a deployment, kept from others, with the processes that catch up views in them. */
export interface OpenFiles {
  readonly processes: CatchUpProcesses | undefined;
  close(): void;
}

/**
 * openFiles keeps others from the files, and begins to catch up views that lie far behind where all is in files of our own. Throws what
 * files throw (`storage-in-use`, `storage-not-ours` …).
 */
export async function openFiles(settings: Settings, identity: ServiceIdentity): Promise<OpenFiles> {
  const { name, whole = false, projected = {} } = identity;
  const { dataDir, engines, logLevel, catchUpProcessesFrom: fromEvents } = settings;
  const release = lockFiles(settings, { name, whole });
  const file = path.join(dataDir, MAIN_FILE);
  const alone = whole && engines.eventStoreDb === undefined && engines.mongoDb === undefined;
  try {
    const processes =
      alone && fromEvents > 0 && existsSync(file)
        ? await CatchUpProcesses.begin({ file, modules: projected, fromEvents, holder: replicaOf(name), logLevel })
        : undefined;
    const close = () => {
      processes?.stop();
      release();
    };
    return { processes, close };
  } catch (error) {
    release();
    throw error;
  }
}

/** replicaOf a service gives each process a name of its own: two of them never take each other for themselves. */
export function replicaOf(name: string): string {
  return `${name}@${hostname()}.${process.pid}.${randomBytes(4).toString('hex')}`;
}
