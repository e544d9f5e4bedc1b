import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConsumeOptions, MessageBus } from '@second-opinion/message-bus';
import { claimFiles, lockFiles } from './files';
import { openPorts, type Ports } from './ports';
import { settingsFrom, type Settings } from './settings';

const EVENTS = { EVENTSTOREDB_URL: 'esdb://127.0.0.1:2113?tls=false' };
const BUS = { KAFKA_BROKERS: '127.0.0.1:9092' };
const VIEWS = { MONGODB_URL: 'mongodb://127.0.0.1:27017/?replicaSet=rs0' };

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const settings = (dataDir: string, engines: Readonly<Record<string, string>> = {}): Settings =>
  settingsFrom({ DEPLOYMENT: 'test', DATA_DIR: path.join(folder, dataDir), ...engines }, folder);

describe('files that services share', () => {
  // The engine that all of them reach, here a file that none of them has: what a claim needs is its ports.
  let engine: Ports;
  beforeEach(async () => {
    engine = await openPorts(settings('engine'), { name: 'engine', whole: false });
  });
  afterEach(() => engine.close());

  const claims = new Map<string, string>();
  const claim = (id: string) => {
    if (!claims.has('files')) claims.set('files', id);
    return Promise.resolve(claims.get('files') ?? '');
  };
  beforeEach(() => claims.clear());

  describe.each([
    ['the event store', EVENTS],
    ['the message bus', BUS],
    ['the databases', VIEWS],
    ['the event store and the message bus', { ...EVENTS, ...BUS }],
    ['the message bus and the databases', { ...BUS, ...VIEWS }],
  ])('beside %s', (_, engines: Readonly<Record<string, string>>) => {
    const ports = () => ('MONGODB_URL' in engines ? { ...engine, claim } : engine);
    const start = (dataDir: string) => claimFiles(settings(dataDir, engines), ports(), 'intake');

    it('are those of whoever came first, and a service with other files is refused', async () => {
      await start('one');
      await start('one');
      await expect(start('other')).rejects.toMatchObject({ code: 'other-files' });
      await start('one');
    });

    it('are the same for all when several services start at once', async () => {
      const outcomes = await Promise.allSettled(['one', 'one', 'one'].map(start));
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    });

    it('are of one folder when services with two of them start at once', async () => {
      const outcomes = await Promise.allSettled([start('one'), start('other')]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });

  it('are claimed on the message bus in a group that is forgotten, and not waited for without end', async () => {
    const asked: ConsumeOptions[] = [];
    const watched = (bus: MessageBus, publish = bus.publish.bind(bus)): MessageBus =>
      Object.assign(Object.create(bus) as MessageBus, {
        publish,
        consume: (options: ConsumeOptions) => {
          asked.push(options);
          return bus.consume(options);
        },
      });
    await claimFiles(settings('one', BUS), { ...engine, bus: watched(engine.bus) }, 'intake');
    expect(asked).toMatchObject([
      { group: expect.stringMatching(/^intake\.deployment\.files\./), passing: true, signal: { aborted: true } },
    ]);
    const other = await openPorts(settings('deaf'), { name: 'deaf', whole: false });
    const deaf = watched(other.bus, () => Promise.resolve());
    try {
      await expect(claimFiles(settings('one', BUS), { ...other, bus: deaf }, 'intake', 50)).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'claim-unanswered',
      });
      expect(asked.at(-1)?.signal.aborted).toBe(true);
    } finally {
      await other.close();
    }
  });

  it('are nobody’s business where everything is in files', async () => {
    for (const dataDir of ['one', 'other'])
      await claimFiles(settings(dataDir), { ...engine, claim: () => Promise.reject(new Error('asked')) }, 'intake');
  });

  it('may differ where everything is in engines', async () => {
    for (const dataDir of ['one', 'other'])
      await claimFiles(settings(dataDir, { ...EVENTS, ...BUS, ...VIEWS }), { ...engine, claim }, 'intake');
  });

  describe.each([
    ['an event store', EVENTS],
    ['databases', VIEWS],
    ['an event store and databases', { ...EVENTS, ...VIEWS }],
    ['an event store and a message bus', { ...EVENTS, ...BUS }],
    ['databases and a message bus', { ...VIEWS, ...BUS }],
  ])('of a service with only %s', (_, fewer: Readonly<Record<string, string>>) => {
    const start = (engines: Readonly<Record<string, string>>) =>
      claimFiles(settings('one', engines), 'MONGODB_URL' in engines ? { ...engine, claim } : engine, 'intake');
    const all = { ...EVENTS, ...BUS, ...VIEWS };

    it.each([
      ['after', all, fewer],
      ['before', fewer, all],
    ])('do not go with one that has every engine, started %s it', async (__, first, second) => {
      await start(first);
      await expect(start(second)).rejects.toMatchObject({ code: 'other-files' });
      await start(first);
    });
  });

  it('are known by the claim of an earlier version, which names them alone', async () => {
    await claimFiles(settings('one', EVENTS), engine, 'intake');
    const [claimed] = await engine.events.readStream('deployment.files-1');
    const { id } = claimed?.data as { id: string };
    const [files = ''] = id.split(' ');
    claims.set('files', files);
    await claimFiles(settings('one', VIEWS), { ...engine, claim }, 'intake');
    await expect(claimFiles(settings('other', VIEWS), { ...engine, claim }, 'intake')).rejects.toMatchObject({
      code: 'other-files',
    });
  });
});

describe('who may work on a data folder', () => {
  const releases: (() => void)[] = [];
  const lock = (name: string, whole: boolean, engines = {}) => {
    const release = lockFiles(settings('data', engines), { name, whole });
    releases.push(release);
    return release;
  };
  afterEach(() => {
    for (const release of releases.splice(0)) release();
  });
  const inUse = expect.objectContaining({ code: 'storage-in-use' });

  it('is the one process of a whole deployment, or its services', () => {
    const alone = lock('standalone', true);
    expect(() => lock('standalone', true)).toThrow(inUse);
    expect(() => lock('intake', false)).toThrow(inUse);
    alone();
    lock('intake', false);
    lock('billing', false);
    expect(() => lock('standalone', true)).toThrow(inUse);
  });

  it('is no second replica of a service while messages are in a file', () => {
    const first = lock('intake', false, { ...EVENTS, ...VIEWS });
    expect(() => lock('intake', false, { ...EVENTS, ...VIEWS })).toThrow(inUse);
    first();
    lock('intake', false, { ...EVENTS, ...VIEWS });
  });

  it('is left as it was by a process that was refused', () => {
    const first = lock('intake', false);
    expect(() => lock('intake', false)).toThrow(inUse);
    first();
    lock('standalone', true);
  });

  it('is any number of replicas where messages are in Kafka', () => {
    lock('intake', false, BUS);
    lock('intake', false, BUS);
  });

  it('is everybody where nothing is in files', () => {
    const engines = { ...EVENTS, ...BUS, ...VIEWS };
    lock('standalone', true, engines);
    lock('standalone', true, engines);
  });
});
