import '@second-opinion/billing';
import '@second-opinion/intake';
import '@second-opinion/notification';
import '@second-opinion/records';
import '@second-opinion/reporting';
import '@second-opinion/scheduling';
import type { AccessRecord } from '@second-opinion/access-log';
import type { Position, RecordedEvent } from '@second-opinion/kernel';
import { allViews, contextsHere, derivedOf, dropDerived, tableOf, topicsToldBy } from '@second-opinion/nest';
import { openPorts, settingsFrom, type Ports } from '@second-opinion/service';
import type { Deployment } from './deployment';

/** Rows of every view: its name, and each row as text with its key and position. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/** inside opens what a deployment that does not run has stored, as the service of one context does, and closes it again. */
export async function inside<T>(
  { env }: Pick<Deployment, 'env'>,
  context: string,
  work: (ports: Ports) => Promise<T>,
): Promise<T> {
  const ports = await openPorts(settingsFrom(env, process.cwd()), { name: context, whole: false });
  try {
    return await work(ports);
  } finally {
    await ports.close();
  }
}

/** rowsOf reads all rows of all views. */
export async function rowsOf(deployment: Pick<Deployment, 'env'>): Promise<Rows> {
  const rows: Record<string, readonly string[]> = {};
  for (const parts of contextsHere())
    await inside(deployment, parts.name, async ({ views }) => {
      for (const view of allViews(parts)) {
        await views.declare({ name: tableOf(view), indexes: view.indexes });
        const texts: string[] = [];
        for await (const row of views.all(tableOf(view))) texts.push(JSON.stringify(row));
        rows[tableOf(view)] = texts;
      }
    });
  return rows;
}

/** dropViews drops all views and forgets how far everything was that can be repeated: views, policies, publishers, histories. */
export async function dropViews(deployment: Pick<Deployment, 'env'>): Promise<void> {
  for (const parts of contextsHere())
    await inside(deployment, parts.name, async ({ views }) => {
      await dropDerived(parts, views, 'proof');
    });
}

/** dropRows drops all views and how far they were; what else follows the log stays where it is. */
export async function dropRows(deployment: Pick<Deployment, 'env'>): Promise<void> {
  for (const parts of contextsHere())
    await inside(deployment, parts.name, async ({ views }) => {
      const { places, views: tables } = derivedOf(parts);
      const progress = places.filter((place) => place.startsWith(`${parts.name}.progress.`));
      for (const name of [...tables, ...tables.map((table) => `${table}.built`), ...progress]) await views.drop(name);
    });
}

/** eventsOf reads the whole log. */
export function eventsOf(deployment: Pick<Deployment, 'env'>): Promise<readonly RecordedEvent[]> {
  return inside(deployment, 'records', async ({ events: store }) => {
    const events: RecordedEvent[] = [];
    for (let after: Position | undefined; ;) {
      const batch = await store.readAll({ limit: 1_000, ...(after === undefined ? {} : { after }) });
      events.push(...batch.events);
      if (batch.caughtUp) return events;
      after = batch.position;
    }
  });
}

/** parkedIn lists what waits for a person in any service: group, key, and the code of the failure. */
export async function parkedIn(deployment: Pick<Deployment, 'env'>): Promise<readonly string[]> {
  const parked = new Set<string>();
  for (const { name } of contextsHere())
    await inside(deployment, name, async ({ bus }) => {
      for (const { group, key, reason, event } of await bus.parked())
        parked.add(`${group} ${key}: ${event.type} ${reason}`);
    });
  return [...parked];
}

/** accessesOf reads the whole access log; throws when its chain is broken. */
export function accessesOf(deployment: Pick<Deployment, 'env'>): Promise<readonly AccessRecord[]> {
  return inside(deployment, 'records', async ({ accessLog }) => {
    const { brokenAt } = await accessLog.prove();
    if (brokenAt !== undefined) throw new Error(`the access log is broken at ${brokenAt}`);
    const found: AccessRecord[] = [];
    for (let cursor: string | undefined; ;) {
      const { records, next } = await accessLog.read({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...records);
      if (next === undefined) return found;
      cursor = next;
    }
  });
}

/** destroyEveryKey destroys all keys of everybody; gives how many there were. */
export function destroyEveryKey(deployment: Pick<Deployment, 'env'>): Promise<number> {
  return inside(deployment, 'records', async ({ keys }) => {
    const persons: string[] = [];
    for await (const { personId } of keys.living()) persons.push(personId);
    for (const personId of new Set(persons)) await keys.destroy({ personId });
    return persons.length;
  });
}

/** messagesOf reads every message that was ever published, as a group of its own. */
export async function messagesOf(deployment: Pick<Deployment, 'env'>, group: string): Promise<readonly string[]> {
  const texts: string[] = [];
  await inside(deployment, 'records', async ({ bus }) => {
    const stop = new AbortController();
    const consumption = await bus.consume({
      group,
      topics: contextsHere().flatMap(topicsToldBy),
      startsAt: 'beginning',
      signal: stop.signal,
      handle: (message) => Promise.resolve(void texts.push(JSON.stringify(message))),
    });
    await consumption.idle();
    stop.abort();
    await consumption.done;
  });
  return texts;
}
