import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { MongoConnection, type MongoOptions } from '../connection';

/** engineUrl is the server that the tests of the adapters run on; `npm run test:engines` starts one. */
export function engineUrl(): string {
  const url = process.env['MONGODB_URL'];
  if (!url) throw new Error('MONGODB_URL is not set: run npm run test:engines');
  return url;
}

/** engineUrlFor another user of the same server. */
export function engineUrlFor(user: string, password: string): string {
  return engineUrl().replace(/^(mongodb(?:\+srv)?:\/\/)(?:[^@/]*@)?/, `$1${user}:${password}@`);
}

/** openEngine connects to it; it fails within seconds when nothing is there. */
export function openEngine(options: MongoOptions = {}): Promise<MongoConnection> {
  return MongoConnection.open(engineUrl(), { waitMs: 5_000, ...options });
}

/** freshDatabase names a database that nobody has used. */
export function freshDatabase(): string {
  return `test_${randomUUID().replaceAll('-', '')}`;
}

/** asAdmin runs something with the rights of the tests' own user, past all adapters. */
export async function asAdmin<T>(work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(engineUrl(), { serverSelectionTimeoutMS: 10_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** dropDatabases that a suite has made. */
export async function dropDatabases(names: readonly string[]): Promise<void> {
  await asAdmin(async (client) => {
    for (const name of names) await client.db(name).dropDatabase();
  });
}

/** EngineAction of the server's process, see `infra/engines`. */
export type EngineAction = 'kill' | 'start' | 'stop' | 'freeze' | 'thaw';

/** engineControl kills and starts the server; undefined when it was given by its URL only, and nobody here may kill it. */
export const engineControl: ((action: EngineAction) => Promise<void>) | undefined = controlOf(
  process.env['ENGINES_CONTROL'],
);

function controlOf(base: string | undefined): ((action: EngineAction) => Promise<void>) | undefined {
  if (!base) return undefined;
  return async (action) => {
    const answer = await fetch(`${base}/mongodb/${action}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`the engines' control answered ${answer.status} to ${action}`);
  };
}
