/** Prepares EventStoreDB: one user for the services, who reads and appends, and neither deletes nor changes rights. */
import https from 'node:https';
import { EventStoreDBClient, jsonEvent, NO_STREAM, StreamNotFoundError } from '@eventstore/db-client';
import { checkServer } from '@second-opinion/event-store/eventstoredb';
import { up } from './refused.mjs';

const SERVICES = 'services';
const SETTINGS = '$settings';
const CHANGE = 'update-default-acl';
const ANSWER_MS = 10_000;

/** ACLS: what holds for every stream that has no list of its own. Reading all streams at once is reading a system stream. */
const ACLS = {
  $userStreamAcl: {
    $r: ['$admins', SERVICES],
    $w: ['$admins', SERVICES],
    $d: '$admins',
    $mr: ['$admins', SERVICES],
    $mw: '$admins',
  },
  $systemStreamAcl: { $r: ['$admins', SERVICES], $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' },
};

/** prepareEventStoreDb can be repeated. `host` is the server with its port, `ca` the certificate that vouches for it, and `caFile` where it stands. */
export async function prepareEventStoreDb({ host, ca, caFile, admin, servicesPassword }) {
  // A server that has just started may still drop what it has begun: each step is tried again.
  const at = `${host}?tls=true&tlsCaFile=${encodeURIComponent(caFile)}`;
  const services = { host, ca, admin, name: SERVICES, password: servicesPassword };
  await up('EventStoreDB', 'the user of EventStoreDB', () => putUser(services));
  await up('EventStoreDB', 'the rights of EventStoreDB', () => putAcls(`esdb://${at}`, admin));
  // The mark of the log is metadata, which only an admin may write.
  const mark = () => checkServer(`esdb://admin:${encodeURIComponent(admin)}@${at}`, ANSWER_MS);
  await up('EventStoreDB', 'the mark of the log in EventStoreDB', mark);
}

/** putUser makes a user of the services, or gives him his password again. His rights are those of their group. */
export async function putUser({ host, ca, admin, name, password }) {
  const ask = (method, path, body) => request({ host, ca, admin, method, path, body });
  const there = await ask('GET', `/users/${name}`);
  const user = { fullName: 'the six services', groups: [SERVICES] };
  const answer =
    there === 404
      ? await ask('POST', '/users/', { loginName: name, ...user, password })
      : await ask('POST', `/users/${name}/command/reset-password`, { newPassword: password });
  if (answer >= 300) throw new Error(`EventStoreDB answered ${answer} to the change of its user.`);
}

async function putAcls(url, password) {
  const client = EventStoreDBClient.connectionString(url);
  try {
    await writeAcls(client, { username: 'admin', password });
  } finally {
    await client.dispose();
  }
}

async function writeAcls(client, credentials) {
  const wanted = JSON.stringify(ACLS);
  let revision = NO_STREAM;
  try {
    for await (const { event } of client.readStream(SETTINGS, {
      direction: 'backwards',
      fromRevision: 'end',
      maxCount: 1,
      credentials,
    })) {
      if (JSON.stringify(event.data) === wanted) return;
      revision = event.revision;
    }
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  await client.appendToStream(SETTINGS, jsonEvent({ type: CHANGE, data: ACLS }), {
    expectedRevision: revision,
    credentials,
  });
}

function request({ host, ca, admin, method, path, body }) {
  const [hostname, port] = host.split(':');
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, method, ca, headers, auth: `admin:${admin}`, timeout: ANSWER_MS };
    const sent = https.request(options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
