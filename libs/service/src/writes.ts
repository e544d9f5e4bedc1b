import { randomUUID } from 'node:crypto';
import { RevisionConflict, type EventStore } from '@second-opinion/event-store';
import type { Engine } from '@second-opinion/nest';
import type { SqliteDatabase } from '@second-opinion/sqlite';
import type { ViewStore } from '@second-opinion/view-store';
import { metadataOf } from './claims';

/** NOWHERE is a stream that never has an event. */
const NOWHERE = 'service.nowhere-1';
const NO_TIME_MS = 1;

/** Written is what commands of a deployment write to: engines where they are, and the files that are open. */
export interface Written {
  readonly events?: EventStore | undefined;
  readonly views?: ViewStore | undefined;
  readonly files: readonly SqliteDatabase[];
}

/**
 * writesOf gives the parts with a write that harms nothing, and that gets as far as the writes of commands do: an append that the log
 * compares with a stream and refuses, a lease that has ended when it is there, a row of no meaning in each file.
 */
export function writesOf({ events, views, files }: Written): readonly Engine[] {
  return [
    ...(events ? [{ name: 'event-store', ping: () => appends(events) }] : []),
    ...(views ? [{ name: 'mongodb', ping: () => leases(views) }] : []),
    ...(files.length > 0 ? [{ name: 'files', ping: () => all(files) }] : []),
  ];
}

async function appends(events: EventStore): Promise<void> {
  const event = { id: randomUUID(), type: 'NothingHappened', data: {}, metadata: metadataOf(randomUUID()) };
  try {
    await events.append(NOWHERE, 0, [event]);
  } catch (error) {
    if (!(error instanceof RevisionConflict)) throw error;
  }
}

async function leases(views: ViewStore): Promise<void> {
  await views.acquire(NOWHERE, randomUUID(), NO_TIME_MS);
}

async function all(files: readonly SqliteDatabase[]): Promise<void> {
  await Promise.all(files.map((file) => file.takesWrites()));
}
