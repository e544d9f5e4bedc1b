/** Copies of what engines keep, made and put back as infra/README.md says; for `restore.check.mjs`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { MongoClient } from 'mongodb';

const README = fs.readFileSync(path.join(import.meta.dirname, '..', 'README.md'), 'utf8');

/** PRESCRIBED: how a volume is copied and put back, by what the container has under /from and /to. */
const PRESCRIBED = {
  kafka: {
    copy: '-v second-opinion_messages-log:/from:ro -v "$PWD":/to',
    back: '-v "$PWD":/from:ro -v second-opinion_messages-log:/to',
  },
  eventstoredb: {
    copy: '-v second-opinion_events:/from:ro -v "$PWD/events":/to',
    back: '-v "$PWD/events":/from:ro -v second-opinion_events:/to',
  },
};
/** Of EventStoreDB itself: the test server has no such file. */
const OF_ITSELF = ' && cp -p /to/chaser.chk /to/truncate.chk';

/** copyOf what an engine keeps into a folder, by the commands of the README without their container. */
export const copyOf = (engine, name, folder) => prescribed(PRESCRIBED[name].copy, engine.data, folder);

/** putBack such a copy, while the engine is stopped. */
export const putBack = (engine, name, folder) => prescribed(PRESCRIBED[name].back, folder, engine.data);

function prescribed(mounts, from, to) {
  const start = `docker run --rm ${mounts} debian:bookworm-slim `;
  const at = README.indexOf(start);
  assert.ok(at >= 0, `infra/README.md says how: ${start}`);
  const [command] = /^(?:sh -ec '[^']*'|[^\n]*)/.exec(README.slice(at + start.length));
  const here = command
    .replace(OF_ITSELF, '')
    .replace(/(?<=[\s"])\/(from|to)\b/g, (_, which) => (which === 'from' ? from : to));
  fs.mkdirSync(to, { recursive: true });
  const { status, stderr } = spawnSync('sh', ['-c', here], { encoding: 'utf8' });
  assert.equal(status, 0, `${here}\n${stderr}`);
}

/** RAW: every value with the type that is stored. */
const RAW = { promoteValues: false };

/** dumpOf all databases that begin so, of one moment: what mongodump does, which these machines do not have. Without users and roles. */
export async function dumpOf(url, prefix) {
  return withClient(url, async (client) => {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    const names = databases.map(({ name }) => name).filter((name) => name.startsWith(prefix));
    const parts = [];
    for (const database of names)
      for (const { name, options } of await client.db(database).listCollections().toArray())
        parts.push({ database, name, options, indexes: await client.db(database).collection(name).indexes() });
    const session = client.startSession({ snapshot: true });
    for (const part of parts)
      part.documents = await client
        .db(part.database)
        .collection(part.name)
        .find({}, { session, ...RAW })
        .toArray();
    await session.endSession();
    return parts;
  });
}

/** loadDump into a server that has none of it. */
export async function loadDump(url, parts) {
  await withClient(url, async (client) => {
    for (const { database, name, options, indexes, documents } of parts) {
      const collection = await client.db(database).createCollection(name, options);
      const others = indexes.filter((index) => index.name !== '_id_');
      if (others.length > 0) await collection.createIndexes(others);
      if (documents.length > 0) await collection.insertMany(documents);
    }
  });
}

async function withClient(url, work) {
  const client = new MongoClient(url);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
