import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Unavailable } from '@second-opinion/kernel';
import { onlyProcess, sharedBy } from '@second-opinion/sqlite';
import { madeOnce } from './made-once';
import type { Ports } from './ports';
import type { Settings } from './settings';

/**
 * lockFiles sees to it that only those work on DATA_DIR who may: the one process of a whole deployment keeps everybody else out, services
 * share what they have in files. Where messages are in a file, a service has no second replica: one process consumes
 * (`storage-in-use`).
 */
export function lockFiles(
  { dataDir, engines }: Settings,
  { name, whole }: { name: string; whole: boolean },
): () => void {
  if (enginesOf(engines).length === 3) return () => undefined;
  const lock = path.join(dataDir, 'process.lock');
  const releases = [whole ? onlyProcess(lock) : sharedBy(lock)];
  const release = () => {
    for (const one of releases.splice(0).reverse()) one();
  };
  try {
    if (!whole && engines.kafka === undefined) releases.push(onlyProcess(path.join(dataDir, `${name}.lock`)));
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/**
 * claimFiles notes in each engine of this deployment which engines its services have and which files they share besides, and refuses a
 * service that has others (`other-files`): it would miss half of what the rest writes. Who is refused for what stands already leaves
 * nothing behind in its other engines. Nothing to claim when everything is in files.
 */
export async function claimFiles({ dataDir, engines }: Settings, { claims }: Pick<Ports, 'claims'>): Promise<void> {
  const used = enginesOf(engines);
  if (used.length === 0) return;
  const files = used.length < 3 ? await idOf(dataDir) : 'none';
  const mine = `${files} beside ${used.join(', ')}`;
  // Claims of earlier versions name the files alone.
  const demand = (first: string) => {
    if (first !== mine && first !== files) throw new Unavailable('other-files');
  };
  const standing = await Promise.all(claims.map(async (claim) => ({ claim, first: await claim.standing() })));
  for (const { first } of standing) if (first !== undefined) demand(first);
  for (const { claim, first } of standing) if (first === undefined) demand(await claim.make(mine));
}

/** enginesOf a deployment, by name. */
function enginesOf({ eventStoreDb, kafka, mongoDb }: Settings['engines']): readonly string[] {
  return Object.entries({ eventStoreDb, kafka, mongoDb }).flatMap(([name, set]) => (set === undefined ? [] : [name]));
}

/** idOf the files in a folder. */
function idOf(dataDir: string): Promise<string> {
  return madeOnce(path.join(dataDir, 'deployment-id'), randomUUID);
}
