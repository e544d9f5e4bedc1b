/** docker-compose.yml as a whole: from a clean clone to a case through the gateway, with the engines, Keycloak and the mail catcher of that file. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { run } from '../images/compose.mjs';
import { Gate } from '../images/gate.mjs';
import { until } from '../prepare/until.mjs';
import { CONTEXTS } from '../rights.mjs';
import { Deployment } from './deployment.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
const { CasePlay, User, World, people, wishOf } = (
  await import(pathToFileURL(path.join(ROOT, 'apps/standalone/dist/play/index.js')).href)
).default;
const WAIT = ['--wait', '--wait-timeout', '900'];
const LONG_RUNNING = [...CONTEXTS, 'gateway', 'eventstoredb', 'kafka', 'mongodb', 'mail', 'keycloak'];
/** FOLLOWS: so long it may take until what follows from a step has happened. */
const FOLLOWS = { withinMs: 90_000, pollMs: 500, trying: true };
/** RETURNS: so long an engine may take to come up again, on a busy machine. */
const RETURNS = { withinMs: 300_000, pollMs: 500 };
/** PATIENCE of a client while an engine is away: so many repeats, two seconds apart at most. */
const PATIENCE = 40;

describe('docker-compose.yml', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-compose-'));
  const clone = path.join(folder, 'clone');
  let deployment;
  let gate;
  let play;

  before(async () => {
    await run('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
    deployment = await Deployment.of(clone, `second-opinion-compose-${process.pid}`);
    gate = await Gate.open(
      ({ subject }) => deployment.token(subject),
      (request) => deployment.ask(request.url, request),
    );
  });
  after(async () => {
    gate?.close();
    const all = ['--profile', 'observability', 'down', '--volumes', '--timeout', '20'];
    await deployment?.compose.run(...all).catch(() => undefined);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('is valid for every profile', async () => {
    for (const profile of ['observability', 'tools'])
      await deployment.compose.run('--profile', profile, 'config', '--quiet');
  });

  test('starts from a clean clone, and everything is healthy', async () => {
    await deployment.compose.loud('up', '-d', '--build', ...WAIT);
    for (const service of LONG_RUNNING) assert.ok(await isHealthy(service), service);
    assert.equal((await deployment.compose.inspect('prepare')).State.ExitCode, 0);
    for (const context of CONTEXTS) assert.equal((await deployment.ask(`/health/${context}/ready`)).status, 200);
  });

  test('has a Keycloak that gives tokens through the gateway, which the services take', async () => {
    const [, claims] = (await deployment.token('back-office')).split('.');
    const { iss, role } = JSON.parse(Buffer.from(claims, 'base64url'));
    assert.deepEqual([iss, role], [deployment.issuer, 'back-office']);
    const authorization = `Bearer ${await deployment.token('own-doctor')}`;
    assert.equal((await deployment.ask('/intake/cases', { headers: { authorization } })).status, 200);
    assert.equal((await deployment.ask('/intake/cases')).status, 401);
  });

  test('plays a case up to its appointment, with the mails in the catcher, and a history that is whole', async () => {
    const world = new World(gate.url, (address) => deployment.mailTo(address, 'code='));
    await world.load();
    const who = { login: people.employee, name: 'Anna Bakker', birthDate: '1984-03-12' };
    play = new CasePlay(world, { ...who, address: 'journey@prive.example' });
    await play.upToSubmission();
    // Time goes on as it does, and nobody says when all that follows has happened.
    for (const step of ['accept', 'sign', 'authorise']) await until(() => play[step](), { what: step, ...FOLLOWS });
    await until(async () => assert.equal((await play.appointment()).status, 'CONFIRMED'), {
      what: 'the appointment',
      ...FOLLOWS,
    });
    await deployment.mailTo('journey@prive.example', 'text/calendar');
    const isTold = async () => {
      const types = (await play.history()).map(({ type }) => type);
      for (const type of ['AppointmentConfirmed', 'TransferAuthorisationGranted'])
        assert.ok(types.includes(type), type);
    };
    await until(isTold, { what: 'the history', ...FOLLOWS });
    await isWhole();
  });

  test('has a Prometheus that takes its alerts, and finds every service', async () => {
    const prometheus = (...args) => deployment.compose.run('--profile', 'observability', ...args);
    const promtool = (...args) => prometheus('exec', '-T', 'prometheus', 'promtool', ...args);
    await prometheus('up', '-d', '--no-build', '--no-deps', 'prometheus');
    await promtool('check', 'config', '/etc/prometheus/prometheus.yml');
    const isFound = async () => {
      const up = await promtool('query', 'instant', 'http://127.0.0.1:9090', 'up{job="services"} == 1');
      for (const context of CONTEXTS) assert.ok(up.includes(`service="${context}"`), context);
    };
    await until(isFound, { what: 'the numbers of every service', ...FOLLOWS });
    await prometheus('rm', '--stop', '--force', 'prometheus');
  });

  test('can be told to come up again: it prepares again, and leaves alone what runs', async () => {
    const idsOf = () => Promise.all(LONG_RUNNING.map((service) => deployment.compose.containerOf(service)));
    const before = await idsOf();
    await deployment.compose.run('up', '-d', '--no-build', ...WAIT);
    assert.deepEqual(await idsOf(), before);
    assert.equal((await deployment.compose.inspect('prepare')).State.ExitCode, 0);
  });

  test('goes on when its engines are restarted, one after another', async () => {
    for (const engine of ['mongodb', 'kafka', 'eventstoredb']) {
      await deployment.compose.run('restart', engine);
      const doctor = new User(gate.url, people['own-doctor'], PATIENCE);
      const address = `after-${engine}@prive.example`;
      await doctor.does('/intake/cases', wishOf({ name: `Na ${engine}`, birthDate: '1980-01-01', address }));
      // How long the engine itself takes is a matter of the machine; what follows is counted from then on.
      await until(() => isHealthy(engine), { what: `the return of ${engine}`, ...RETURNS });
      await deployment.mailTo(address, 'code=');
    }
    await isWhole();
  });

  test('keeps everything when it is taken down and comes up again', async () => {
    await deployment.compose.run('down');
    await deployment.compose.run('up', '-d', '--no-build', ...WAIT);
    assert.equal((await play.seenBy(play.ownDoctor)).status, 200);
    await isWhole();
  });

  const isHealthy = async (service) => (await deployment.compose.inspect(service)).State.Health.Status === 'healthy';
  const isWhole = async () => {
    const { whole } = await play.auditor.read(`/records/cases/${play.caseId}/verification`);
    assert.equal(whole, true);
  };
});
