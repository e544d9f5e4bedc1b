/** The launcher: engines serve, keep what was written over a kill, and are gone when whoever started them is. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { MongoClient } from 'mongodb';
import { startEngines, VARIABLES } from './engines.mjs';
import { until } from '../prepare/until.mjs';

const MAIN = path.join(import.meta.dirname, 'main.mjs');
const ENGINES = Object.keys(VARIABLES);
const OWN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !Object.values(VARIABLES).includes(name)),
);

const lives = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const gone = (pid) => until(() => !lives(pid), { what: `the end of process ${pid}`, withinMs: 10_000 });

describe('engines that were started', () => {
  let running;
  const post = (what) => fetch(`${running.env.ENGINES_CONTROL}/${what}`, { method: 'POST' });
  before(async () => (running = await startEngines({ env: OWN })));
  after(() => running.stop());

  test('serve at their URLs, each its own process', () => {
    assert.deepEqual(Object.keys(running.env), [
      ...Object.keys(running.engines).map((n) => VARIABLES[n]),
      'ENGINES_CONTROL',
    ]);
    const pids = Object.values(running.engines).map(({ pid }) => pid);
    assert.equal(new Set(pids).size, Object.keys(running.engines).length);
    assert.ok(pids.every(lives));
  });
  test('MongoDB asks who it is, and keeps what was written over a kill', async () => {
    const nobody = new MongoClient(running.env.MONGODB_URL.replace(/\/\/.*@/, '//'));
    await assert.rejects(nobody.db('check').collection('a').insertOne({}), { codeName: 'Unauthorized' });
    await nobody.close();
    const client = new MongoClient(running.env.MONGODB_URL);
    await client
      .db('check')
      .collection('a')
      .insertOne({ _id: 1 }, { writeConcern: { w: 'majority', j: true } });
    const { pid } = running.engines.mongodb;
    assert.equal((await post('mongodb/kill')).status, 200);
    assert.ok(!lives(pid));
    assert.equal((await post('mongodb/start')).status, 200);
    assert.deepEqual(await client.db('check').collection('a').find().toArray(), [{ _id: 1 }]);
    await client.close();
  });
  for (const name of ENGINES) {
    test(`${name} is killed, brought back on the same port, frozen and stopped`, async () => {
      const engine = running.engines[name];
      const { url, pid } = engine;
      assert.equal((await post(`${name}/kill`)).status, 200);
      assert.ok(!lives(pid));
      assert.equal((await post(`${name}/start`)).status, 200);
      assert.equal(engine.url, url);
      assert.notEqual(engine.pid, pid);
      const state = () => fs.readFileSync(`/proc/${engine.pid}/stat`, 'utf8').split(') ')[1][0];
      assert.equal((await post(`${name}/freeze`)).status, 200);
      if (fs.existsSync('/proc/self/stat')) assert.equal(state(), 'T');
      assert.equal((await post(`${name}/thaw`)).status, 200);
      if (fs.existsSync('/proc/self/stat')) {
        await until(() => state() !== 'T', { what: `${name} going on`, withinMs: 5_000 });
      }
      const last = engine.pid;
      assert.equal((await post(`${name}/stop`)).status, 200);
      assert.ok(!lives(last));
      assert.equal((await post(`${name}/start`)).status, 200);
    });
  }
  test('EventStoreDB loses and regains its leadership, which the others do not have', async () => {
    for (const verb of ['resign', 'elect']) {
      assert.equal((await post(`eventstoredb/${verb}`)).status, 200);
      assert.equal((await post(`kafka/${verb}`)).status, 404);
      assert.equal((await post(`mongodb/${verb}`)).status, 404);
    }
  });
  test('take no other request than those', async () => {
    assert.equal((await fetch(`${running.env.ENGINES_CONTROL}/kafka/kill`)).status, 405);
    assert.equal((await post('kafka/eat')).status, 404);
    assert.equal((await post('oracle/kill')).status, 404);
  });
});

describe('an engine whose URL is given', () => {
  test('is not started, and cannot be controlled', async () => {
    const env = { ...OWN, KAFKA_BROKERS: 'broker.example:9092' };
    const running = await startEngines({ only: ['kafka'], env });
    assert.deepEqual(
      { env: running.env, given: running.given },
      { env: { KAFKA_BROKERS: 'broker.example:9092' }, given: ['kafka'] },
    );
    await running.stop();
  });
});

describe('npm run engines', () => {
  const left = new Set();
  after(() => left.forEach((child) => child.kill('SIGKILL')));

  /** started runs it and gives the pids of its engines once it has printed all URLs. */
  async function started(args, env = OWN) {
    const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    left.add(child);
    child.once('exit', () => left.delete(child));
    let out = '';
    child.stdout.on('data', (piece) => (out += piece));
    await until(() => out.includes('ENGINES_CONTROL'), {
      what: 'the URLs',
      withinMs: 120_000,
      alive: () => assert.equal(child.exitCode, null),
    });
    return { child, out, pids: children(child.pid) };
  }
  const children = (pid) =>
    fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

  test('stops them in order when it is asked to end', async () => {
    const { child, out, pids } = await started(['--only', 'mongodb']);
    assert.match(
      out,
      /^export MONGODB_URL='mongodb:\/\/root:.+\nexport ENGINES_CONTROL='http:\/\/127\.0\.0\.1:\d+'\n$/,
    );
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [130, null]);
    for (const pid of pids) assert.ok(!lives(pid));
  });
  test('takes them along, and their data, when it is killed', async () => {
    const { child, pids } = await started([]);
    const folders = pids
      .map((pid) => fs.readlinkSync(`/proc/${pid}/cwd`))
      .filter((cwd) => cwd.includes('second-opinion-engines-'));
    assert.equal(folders.length, ENGINES.length);
    child.kill('SIGKILL');
    for (const pid of pids) await gone(pid);
    for (const folder of folders) assert.ok(!fs.existsSync(path.dirname(folder)));
  });
  test('with --check ends as soon as they were ready', async () => {
    const child = spawn(process.execPath, [MAIN, '--only', 'eventstoredb', '--check'], { stdio: 'ignore' });
    const [code] = await once(child, 'close');
    assert.equal(code, 0);
  });
  for (const [lacking, only, sentence] of [
    ['Java', 'kafka', /Kafka needs Java 17 or newer, and none was found/],
    ['Maven', 'kafka', /fetched with Maven the first time, and none was found/],
    ['pip', 'mongodb', /fetched with pip the first time, and none was found/],
  ]) {
    test(`says in one sentence that ${lacking} is lacking`, async () => {
      const bin = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-bin-'));
      const java = ['#!/bin/sh', 'echo \'openjdk version "17.0.1"\' >&2', ''].join('\n');
      if (lacking !== 'Java') fs.writeFileSync(path.join(bin, 'java'), java, { mode: 0o755 });
      const env = { PATH: bin, HOME: bin, ENGINES_CACHE: path.join(bin, 'cache') };
      const child = spawn(process.execPath, [MAIN, '--only', only], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let err = '';
      child.stderr.on('data', (piece) => (err += piece));
      const [code] = await once(child, 'close');
      fs.rmSync(bin, { recursive: true });
      assert.equal(code, 3);
      assert.match(err, sentence);
      assert.doesNotMatch(err, /\n\s+at /);
    });
  }
});
