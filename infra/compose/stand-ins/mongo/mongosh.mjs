#!/usr/bin/env node
/** What docker-compose.yml and the entry script ask of mongosh, by the driver of the product; anything else is refused. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';

const { values } = parseArgs({
  options: {
    quiet: { type: 'boolean' },
    tls: { type: 'boolean', default: false },
    tlsCAFile: { type: 'string' },
    host: { type: 'string' },
    eval: { type: 'string' },
  },
});
const { MONGO_INITDB_ROOT_USERNAME: name, MONGO_INITDB_ROOT_PASSWORD_FILE: password } = process.env;
const ASKED = {
  'db.hello().ok': async (admin) => (await admin.command({ hello: 1 })).ok,
  'the first user': async (admin) => {
    const pwd = fs.readFileSync(password, 'utf8').trim();
    return (await admin.command({ createUser: name, pwd, roles: [{ role: 'root', db: 'admin' }] })).ok;
  },
};
const asked = ASKED[values.eval];
if (!asked)
  throw new Error('This is no mongosh: it stands in for one, and knows what the check of docker-compose.yml asks.');

const { tls, tlsCAFile, host } = values;
// The entry script asks a server that has just been started; a health check is given up earlier by whoever runs it.
const client = new MongoClient(`mongodb://${host}/?directConnection=true`, {
  ...(tls ? { tls, tlsCAFile } : {}),
  serverSelectionTimeoutMS: 60_000,
});
try {
  process.stdout.write(`${await asked(client.db('admin'))}\n`);
} finally {
  await client.close();
}
