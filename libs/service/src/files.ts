import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { RevisionConflict } from '@second-opinion/event-store';
import { Unavailable } from '@second-opinion/kernel';
import { onlyProcess, sharedBy } from '@second-opinion/sqlite';
import { madeOnce } from './made-once';
import type { Ports } from './ports';
import type { Settings } from './settings';

/** FILES is the name under which services claim what they share. */
export const FILES = 'deployment.files';

/** ANSWER_MS for a claim on the bus to come back. */
const ANSWER_MS = 30_000;

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
 * claimFiles notes in the engines of this deployment which engines its services have and which files they share besides, and refuses a
 * service that has others (`other-files`): it would miss half of what the rest writes. Nothing to claim when everything is in files. `name` is
 * that of the service.
 */
export async function claimFiles(
  { dataDir, engines }: Settings,
  { claim, events, bus }: Ports,
  name: string,
  withinMs = ANSWER_MS,
): Promise<void> {
  const used = enginesOf(engines);
  if (used.length === 0) return;
  const files = used.length < 3 ? await idOf(dataDir) : 'none';
  const mine = `${files} beside ${used.join(', ')}`;
  // Claims of earlier versions name the files alone.
  const same = (first: string) => first === mine || first === files;
  if (claim && !same(await claim(mine))) throw new Unavailable('other-files');
  if (engines.eventStoreDb !== undefined && !same(await noted(events, mine))) throw new Unavailable('other-files');
  if (claimsOnBus(engines) && !same(await told(bus, name, mine, withinMs))) throw new Unavailable('other-files');
}

/** claimsOnBus: the bus carries the claim only where it is the one engine; a topic must be made for it, and joining a group takes time. */
export function claimsOnBus(engines: Settings['engines']): boolean {
  return enginesOf(engines).join() === 'kafka';
}

/** enginesOf a deployment, by name. */
function enginesOf({ eventStoreDb, kafka, mongoDb }: Settings['engines']): readonly string[] {
  return Object.entries({ eventStoreDb, kafka, mongoDb }).flatMap(([name, set]) => (set === undefined ? [] : [name]));
}

/** idOf the files in a folder. */
function idOf(dataDir: string): Promise<string> {
  return madeOnce(path.join(dataDir, 'deployment-id'), randomUUID);
}

/** noted: the first claim that was written to a stream of its own is that of the deployment. */
async function noted(events: Ports['events'], id: string): Promise<string> {
  const stream = `${FILES}-1`;
  const event = { id: randomUUID(), type: 'FilesClaimed', data: { id }, metadata: metadataOf(randomUUID()) };
  try {
    await events.append(stream, 'no-stream', [event]);
  } catch (error) {
    if (!(error instanceof RevisionConflict)) throw error;
  }
  const [first] = await events.readStream(stream);
  return (first?.data as { id: string } | undefined)?.id ?? '';
}

function metadataOf(id: string) {
  const by = { actorId: FILES, actorRole: 'system', actorOrganisation: 'system', rulesVersion: '1' } as const;
  return { correlationId: id, causationId: id, commandId: id, ...by, recordedAt: new Date().toISOString() };
}

/** told: the first claim that was published to a topic of its own is that of the deployment; `claim-unanswered` when it does not come in time. */
async function told(bus: Ports['bus'], name: string, id: string, withinMs: number): Promise<string> {
  const stop = new AbortController();
  const event = {
    specversion: '1.0' as const,
    ...{
      id,
      source: '/second-opinion/deployment',
      type: 'FilesClaimed',
      subject: FILES,
      time: new Date().toISOString(),
    },
    ...{ datacontenttype: 'application/json' as const, correlationid: id, causationid: id, data: { id } },
  };
  await bus.publish([{ topic: FILES, key: FILES, event }]);
  const first = Promise.withResolvers<string>();
  const consumption = await bus.consume({
    group: `${name}.${FILES}.${randomUUID()}`,
    topics: [FILES],
    startsAt: 'beginning',
    signal: stop.signal,
    passing: true,
    handle: async (message) => first.resolve((message.event.data as { id: string }).id),
  });
  const late = setTimeout(() => first.reject(new Unavailable('claim-unanswered')), withinMs);
  try {
    return await first.promise;
  } finally {
    clearTimeout(late);
    stop.abort();
    await consumption.done;
  }
}
