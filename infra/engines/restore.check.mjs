/**
 * A deployment of six services that lost everything and is restored, as infra/README.md says, on engines of its own: from copies that were made
 * one after another while a case went on, and then once more with Kafka lost for good.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { copyOf, dumpOf, loadDump, putBack } from './copies.mjs';
import { startEngines } from './engines.mjs';

const APPS = path.join(import.meta.dirname, '..', '..', 'apps');
const require = createRequire(import.meta.url);
const ofAcceptance = (file) => require(path.join(APPS, 'acceptance/dist', file));
// What plays and proves a deployment, as the specs of apps/acceptance have it.
const { CasePlay, employeeNamed, wishOf } = require(path.join(APPS, 'standalone/dist/play/index.js'));
const { doubled, historyFaults, seriesFaults } = ofAcceptance('invariants.js');
const { openSeals } = ofAcceptance('seals.js');
const { Services } = ofAcceptance('services.js');
const { Operator } = ofAcceptance('services/operator.js');
const { dropViews, eventsOf, parkedIn, rowsOf } = ofAcceptance('storage.js');
/** TAIL of what the services said that is shown when something fails, in characters. */
const TAIL = 6_000;

describe('a deployment that lost everything', () => {
  let running;
  let services;
  let play;
  const copies = {};
  const idOf = ({ id }) => id;

  before(async () => {
    running = await startEngines({ env: {} });
    Object.assign(process.env, running.env);
    services = await Services.start();
    const world = services.world();
    await world.load();
    play = new CasePlay(world, employeeNamed('restored', 'R. Teruggezet'));
    await play.upToSubmission();
  });
  after(async () => {
    await services?.stop();
    await running?.stop();
  });
  afterEach(({ passed }) => {
    if (!passed) process.stderr.write(`The services said at last:\n${services?.output.slice(-TAIL)}\n`);
  });

  const sealsOpen = async () => {
    const { opened, failures } = await openSeals(services);
    assert.deepEqual(failures, []);
    assert.ok(opened > 10);
  };

  test('was copied while it worked: Kafka, then EventStoreDB, then MongoDB, with something between each', async () => {
    const { kafka, eventstoredb } = running.engines;
    const folderOf = (name) => path.join(running.folder, 'copies', name);
    await kafka.stop();
    copyOf(kafka, 'kafka', (copies.kafka = folderOf('kafka')));
    await kafka.start();
    await play.accept();
    copyOf(eventstoredb, 'eventstoredb', (copies.eventstoredb = folderOf('eventstoredb')));
    await play.sign();
    await play.ownDoctor.does('/intake/cases', wishOf(employeeNamed('restored-not', 'N. Teruggezet')));
    await play.settle();
    copies.mongodb = await dumpOf(running.env.MONGODB_URL, services.env.NAMESPACE);
    assert.equal(await services.end('SIGTERM'), 0);
    copies.log = await eventsOf(services);
  });

  test('and is restored: every seal opens, views are made again, and all goes on that was copied', async () => {
    const { kafka, eventstoredb, mongodb } = running.engines;
    for (const engine of [kafka, eventstoredb, mongodb]) {
      await engine.stop();
      engine.empty();
    }
    putBack(kafka, 'kafka', copies.kafka);
    putBack(eventstoredb, 'eventstoredb', copies.eventstoredb);
    for (const engine of [kafka, eventstoredb, mongodb]) await engine.start();
    await loadDump(running.env.MONGODB_URL, copies.mongodb);
    const log = await eventsOf(services);
    assert.ok(log.length < copies.log.length, 'the events are older than the rest');
    assert.deepEqual(log.map(idOf), copies.log.slice(0, log.length).map(idOf));
    await sealsOpen();
    const operator = new Operator(services);
    for (const ran of await Promise.all(services.programs.map(({ app }) => operator.rebuild(app))))
      assert.deepEqual([ran.code, ran.stderr], [0, '']);
    await services.launch();
    await play.settle();
    await play.sign();
    assert.equal((await play.appointment()).status, 'CONFIRMED');
    await play.authorise();
  });

  test('and then lost Kafka: publishers tell everything again, nobody acts twice, views are the same', async () => {
    await play.settle();
    assert.equal(await services.end('SIGTERM'), 0);
    const [log, rows] = [await eventsOf(services), await rowsOf(services)];
    const { kafka } = running.engines;
    await kafka.stop();
    kafka.empty();
    await kafka.start();
    // What `rebuild` does, without six processes more.
    await dropViews(services);
    await services.launch();
    await play.settle();
    assert.deepEqual((await eventsOf(services)).map(idOf), log.map(idOf));
    assert.deepEqual(await rowsOf(services), rows);
    assert.ok(Object.values(rows).flat().length > 40);
  });

  test('and its case comes to its end', async () => {
    await play.consult();
    await play.report();
    await play.does('reporting', play.employee, 'grant-release-consent', { version: 1 });
    await play.moveBy(4);
    const types = (await play.history()).map(({ type }) => type);
    for (const type of ['ReportReleased', 'InvoiceIssued']) assert.ok(types.includes(type), type);
    const verification = await play.auditor.read(`/records/cases/${play.caseId}/verification`);
    assert.equal(verification.whole, true);
    assert.equal(await services.end('SIGTERM'), 0);
    const events = await eventsOf(services);
    const faults = [doubled(events), historyFaults(events), seriesFaults(events), await parkedIn(services)];
    assert.deepEqual(faults, [[], [], [], []]);
    await sealsOpen();
  });
});
