/** Users and rights of the test server, as a real one has them when it is not insecure. Needs openssl besides this repository. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe as group, it } from 'node:test';
import esdb from '@eventstore/db-client';
import { authority, certificate } from '../../init/certificates.mjs';
import { Secrets } from '../../init/files.mjs';
import serverProcess from './process.cjs';

const { BACKWARDS, END, EventStoreDBClient, jsonEvent } = esdb;
/** What is not here is said, and left out: certificates are made with openssl. */
const describe =
  spawnSync('openssl', ['version']).status === 0
    ? group
    : (name) => process.stderr.write(`No openssl here, not tried: ${name} of the EventStoreDB test server\n`);
const PASSWORDS = { admin: 'the-admin', ops: 'the-ops' };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'eventstoredb-'));
const at = (file) => path.join(folder, 'secrets', file);
const certificates = () => ({ certificate: at('eventstoredb/tls.crt'), key: at('eventstoredb/tls.key') });
let server;
let clients = [];
before(async () => {
  if (describe !== group) return;
  const secrets = new Secrets(at(''));
  authority(secrets);
  certificate(secrets, 'eventstoredb', ['localhost', '127.0.0.1']);
  server = new serverProcess.ServerProcess(path.join(folder, 'log'), 0, { ...certificates(), passwords: PASSWORDS });
  await server.start();
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.dispose()));
  clients = [];
});
after(async () => {
  await server?.kill();
  fs.rmSync(folder, { recursive: true });
});

/** as somebody; nobody in particular without a name. */
function as(name, password = `the-${name}`) {
  const login = name ? `${name}:${password}@` : '';
  const url = server.url.replace('esdb://', `esdb://${login}`);
  const client = EventStoreDBClient.connectionString(`${url}&tlsCaFile=${encodeURIComponent(at('ca/ca.crt'))}`);
  clients.push(client);
  return client;
}

const fresh = () => `a.b-${randomUUID()}`;
const event = () => jsonEvent({ type: 'Happened', data: {} });
const append = (client, stream, options) => client.appendToStream(stream, event(), options);
const read = async (client, stream) => {
  const found = [];
  for await (const resolved of client.readStream(stream)) found.push(resolved.event.type);
  return found.join();
};
const readAll = async (client) => {
  for await (const resolved of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))
    assert.ok(resolved.event);
};
const outcome = (call) =>
  call.then(
    () => 'done',
    ({ type, code }) => (code === undefined ? type : `${type} ${code}`),
  );
const DENIED = 'access-denied 7';
const UNKNOWN = 'access-denied 16';

/** ask over HTTP gives the status and what was answered. */
const ask = (method, at_, login, body) =>
  new Promise((resolve, reject) => {
    const options = { port: server.port, path: at_, method, ca: fs.readFileSync(at('ca/ca.crt')) };
    const headers = { 'content-type': 'application/json' };
    const sent = https.request(
      { ...options, host: '127.0.0.1', headers, ...(login ? { auth: login } : {}) },
      async (answer) => {
        const text = Buffer.concat(await answer.toArray()).toString();
        resolve([answer.statusCode, text ? JSON.parse(text) : undefined]);
      },
    );
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
const ADMIN = 'admin:the-admin';
const make = (loginName, groups = []) =>
  ask('POST', '/users/', ADMIN, { loginName, fullName: loginName, groups, password: `the-${loginName}` });
const setAcls = async (acls) =>
  as('admin').appendToStream('$settings', jsonEvent({ type: 'update-default-acl', data: acls }));

describe('users', () => {
  it('are made, shown and given another password by an admin, over HTTP', async () => {
    const [created, told] = await make('anna', ['readers']);
    assert.deepEqual([created, told], [201, { loginName: 'anna', success: true, error: 'Success' }]);
    assert.equal((await make('anna'))[0], 200, 'the same once more is no conflict');
    const other = { loginName: 'anna', fullName: 'Anna', groups: [], password: 'another' };
    assert.equal((await ask('POST', '/users/', ADMIN, other))[0], 409);
    const [, { data }] = await ask('GET', '/users/anna', ADMIN);
    assert.deepEqual(data, { loginName: 'anna', fullName: 'anna', groups: ['readers'], disabled: false });
    assert.equal((await ask('GET', '/users/nobody', ADMIN))[0], 404);
    const reset = (login) => ask('POST', `/users/${login}/command/reset-password`, ADMIN, { newPassword: 'the-new' });
    assert.equal((await reset('nobody'))[0], 404);
    assert.equal(await outcome(append(as('anna'), fresh())), 'done');
    assert.equal((await reset('anna'))[0], 200);
    assert.equal(await outcome(append(as('anna'), fresh())), UNKNOWN);
    assert.equal(await outcome(append(as('anna', 'the-new'), fresh())), 'done');
  });

  it('are nobody else’s business', async () => {
    await make('bert');
    for (const login of [undefined, 'admin:wrong', 'bert:the-bert', 'nobody:any', 'ops:the-ops'])
      assert.equal((await ask('GET', '/users/admin', login))[0], 401, login);
    assert.equal((await ask('GET', '/users/bert', 'bert:the-bert'))[0], 200);
    assert.equal((await ask('POST', '/users/', 'bert:the-bert', {}))[0], 401);
    assert.equal((await ask('GET', '/health/live'))[0], 204);
  });

  it('are refused with a wrong password in every call', async () => {
    const wrong = as('admin', 'wrong');
    assert.equal(await outcome(append(wrong, fresh())), UNKNOWN);
    assert.equal(
      await outcome(append(as(), fresh(), { credentials: { username: 'admin', password: 'wrong' } })),
      UNKNOWN,
    );
    assert.equal(await outcome(read(wrong, '$users')), UNKNOWN);
    assert.equal(await outcome(readAll(wrong)), UNKNOWN);
    assert.equal(await outcome(wrong.deleteStream(fresh())), UNKNOWN);
  });

  it('outlive a restart, with the password that they have now', async () => {
    await make('carl');
    await server.kill();
    server.secured = { ...certificates(), passwords: { admin: 'later', ops: 'later' } };
    await server.start();
    assert.equal((await ask('GET', '/users/carl', 'carl:the-carl'))[0], 200);
    assert.equal((await ask('GET', '/users/carl', 'admin:later'))[0], 401);
  });
});

describe('rights', () => {
  it('are by default: user streams are everybody’s, system streams the admins’, and who does not log in has none', async () => {
    await make('dora');
    const [dora, stream] = [as('dora'), fresh()];
    assert.equal(await outcome(append(dora, stream)), 'done');
    assert.equal(await read(dora, stream), 'Happened');
    assert.equal(await outcome(dora.setStreamMetadata(stream, { maxCount: 9 })), 'done');
    assert.equal(await outcome(readAll(dora)), DENIED);
    assert.equal(await outcome(read(dora, '$users')), DENIED);
    assert.equal(await outcome(append(dora, '$mine')), 'access-denied');
    assert.equal(await outcome(append(as(), stream)), 'access-denied');
    assert.equal(await outcome(read(as(), stream)), DENIED);
    assert.match(await read(as('admin'), '$users'), /^\$User,/);
  });

  it('are those of $settings from then on; what is asked of metadata is asked of the stream that it is about', async () => {
    await make('services', ['services']);
    const who = ['$admins', 'services'];
    const admins = '$admins';
    await setAcls({
      $userStreamAcl: { $r: who, $w: who, $d: admins, $mr: who, $mw: admins },
      $systemStreamAcl: { $r: who, $w: admins, $d: admins, $mr: admins, $mw: admins },
    });
    const [services, admin, other, stream] = [as('services'), as('admin'), as('dora'), fresh()];
    assert.equal(await outcome(append(services, stream)), 'done');
    assert.equal(await read(services, stream), 'Happened');
    assert.equal(await outcome(readAll(services)), 'done');
    assert.equal(await outcome(services.getStreamMetadata(stream)), 'done');
    assert.equal(await outcome(services.setStreamMetadata(stream, { maxCount: 9 })), 'access-denied');
    assert.equal(
      await outcome(
        append(services, `$$${stream}`, { credentials: { username: 'services', password: 'the-services' } }),
      ),
      DENIED,
    );
    assert.equal(await outcome(services.deleteStream(stream)), DENIED);
    assert.equal(await outcome(services.tombstoneStream(stream)), DENIED);
    assert.equal(await outcome(services.deleteStream(`$$${stream}`)), DENIED);
    assert.equal(await outcome(append(services, '$settings')), 'access-denied');
    assert.match(await read(services, '$user-admin'), /^\$UserCreated/, 'hashes of passwords among them');
    assert.equal(await outcome(append(other, stream)), 'access-denied');
    assert.equal(await outcome(read(other, stream)), DENIED);
    assert.equal(await outcome(admin.setStreamMetadata(stream, { maxCount: 9 })), 'done');
  });

  it('of a stream of its own come first', async () => {
    const [admin, dora, stream] = [as('admin'), as('dora'), fresh()];
    await admin.setStreamMetadata(stream, { acl: { readRoles: ['dora'] } });
    await append(admin, stream);
    assert.equal(await read(dora, stream), 'Happened');
    assert.equal(await outcome(append(dora, stream)), 'access-denied');
  });
});
