/** The images as they are deployed: built from a clean clone, started by Compose, real engines beside them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePort } from '../engines/machine.mjs';
import { startEngines } from '../engines/engines.mjs';
import { initDeployment } from '../init/deployment.mjs';
import { CONTEXTS } from '../rights.mjs';
import { Compose, run } from './compose.mjs';
import { demoWorld, openGateway, playJourney } from './journey.mjs';
import { Load } from './load.mjs';
import { override } from './override.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
const GRACE_MS = 45_000;
const CLIENTS = 8;
const WISHES = 40;

describe('the images', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-images-'));
  const clone = path.join(folder, 'clone');
  const shared = path.join(folder, 'shared');
  let engines;
  let compose;
  let gateway;
  let world;
  let load;

  before(async () => {
    await run('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
    initDeployment(path.join(clone, 'infra', '.secrets'));
    fs.mkdirSync(shared);
    // The containers run as another user than this one.
    fs.chmodSync(shared, 0o777);
    engines = await startEngines();
    const { EVENTSTOREDB_URL, KAFKA_BROKERS, MONGODB_URL } = engines.env;
    const ports = Object.fromEntries(await Promise.all(CONTEXTS.map(async (one) => [one, await freePort()])));
    const changes = path.join(folder, 'override.yml');
    fs.writeFileSync(changes, override({ urls: { EVENTSTOREDB_URL, KAFKA_BROKERS, MONGODB_URL }, ports, shared }));
    compose = new Compose(
      clone,
      [path.join(clone, 'docker-compose.yml'), changes],
      `second-opinion-test-${process.pid}`,
    );
    gateway = await openGateway(Object.fromEntries(CONTEXTS.map((one) => [one, `http://127.0.0.1:${ports[one]}`])));
  });
  after(async () => {
    await load?.end();
    await gateway?.close();
    if (compose) await compose.run('down', '--volumes', '--timeout', '5').catch(() => undefined);
    await engines?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('are built from a clean clone', async () => {
    // One after another: all but the last layers are the same.
    for (const context of CONTEXTS) await compose.loud('build', context);
  });

  test('start, and are healthy', async () => {
    await compose.loud('up', '-d', '--no-build', '--wait', '--wait-timeout', '600', ...CONTEXTS);
    for (const context of CONTEXTS) assert.equal((await compose.inspect(context)).State.Health.Status, 'healthy');
  });

  for (const context of CONTEXTS) {
    test(`${context} runs as nobody in particular, on a file system that it cannot write`, async () => {
      assert.notEqual(await compose.evaluate(context, 'process.stdout.write(String(process.getuid()))'), '0');
      const { HostConfig, Config, Image } = await compose.inspect(context);
      const [image] = JSON.parse(await run('docker', ['image', 'inspect', Image]));
      assert.match(image.Config.User, /^[1-9]\d*:[1-9]\d*$/);
      assert.ok(image.Config.Healthcheck);
      assert.equal(HostConfig.ReadonlyRootfs, true);
      assert.deepEqual(HostConfig.CapDrop, ['ALL']);
      assert.ok(Array.isArray(Config.Cmd) && Config.Cmd[0] === 'node', 'the command is in exec form');
      const write =
        "try { require('fs').writeFileSync('/app/written', '') } catch (e) { process.stdout.write(e.code) }";
      assert.match(await compose.evaluate(context, write), /^(EROFS|EACCES)$/);
    });
    test(`${context} holds no development dependency, and no other service`, async () => {
      const list =
        "const fs = require('fs'), at = '/app/node_modules/'; const all = fs.readdirSync(at).flatMap((n) => n.startsWith('@') ? fs.readdirSync(at + n).map((m) => n + '/' + m) : [n]); console.log(JSON.stringify({ all, apps: fs.readdirSync('/app/apps') }))";
      const { all, apps } = JSON.parse(await compose.evaluate(context, list));
      const { packages } = JSON.parse(fs.readFileSync(path.join(clone, 'package-lock.json'), 'utf8'));
      const only = new Set(all.filter((name) => packages[`node_modules/${name}`]?.dev));
      assert.deepEqual([...only], []);
      assert.ok(all.includes('@nestjs/core') && !all.includes('typescript') && !all.includes('jest'));
      assert.deepEqual(apps, [context]);
    });
  }

  test('play a whole case, from wish to release and invoice', async () => {
    world = await demoWorld(gateway.url, path.join(shared, 'mail'));
    await world.load();
    await playJourney(world);
  });

  test('stop under load with exit code 0 within the grace period', async () => {
    load = new Load(gateway.url, CLIENTS);
    await load.reached(WISHES);
    const from = Date.now();
    await compose.run('stop', ...CONTEXTS);
    assert.ok(Date.now() - from < GRACE_MS, `it took ${Date.now() - from} ms`);
    await load.end();
    for (const context of CONTEXTS) {
      const { State } = await compose.inspect(context);
      assert.deepEqual([context, State.ExitCode, State.OOMKilled], [context, 0, false]);
    }
  });

  test('have lost nothing that was acknowledged', async () => {
    await compose.run('up', '-d', '--no-build', '--wait', '--wait-timeout', '600', ...CONTEXTS);
    assert.ok(load.acknowledged.length >= WISHES);
    const doctor = world.user('own-doctor');
    for (const id of load.acknowledged)
      assert.deepEqual([id, (await doctor.get(`/intake/cases/${id}`)).status], [id, 200]);
  });
});
