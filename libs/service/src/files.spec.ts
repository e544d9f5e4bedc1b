import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import type { Message } from '@second-opinion/message-bus';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { claimOnStream, claimOnTopic, FILES, type Claim } from './claims';
import { claimFiles, lockFiles } from './files';
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
  // What each engine keeps of claims; an event store in files keeps them as the server does.
  let events: SqliteDatabase;
  let topics: Map<string, Message[]>;
  let claims: Readonly<Record<string, Claim>>;
  beforeEach(() => {
    events = SqliteDatabase.open();
    topics = new Map();
    let files: string | undefined;
    claims = {
      MONGODB_URL: {
        standing: () => Promise.resolve(files),
        make: (mine) => Promise.resolve((files ??= mine)),
      },
      EVENTSTOREDB_URL: claimOnStream(new SqliteEventStore(events)),
      KAFKA_BROKERS: claimOnTopic(brokers, FILES),
    };
  });
  afterEach(() => events.close());

  const brokers = {
    first: (topic: string) => Promise.resolve(topics.get(topic)?.[0]),
    publish: (messages: readonly Message[]) => {
      for (const message of messages) topics.set(message.topic, [...(topics.get(message.topic) ?? []), message]);
      return Promise.resolve();
    },
  };
  type Engines = Readonly<Record<string, string>>;
  const ALL: Engines = { ...EVENTS, ...BUS, ...VIEWS };
  const start = (dataDir: string, engines: Engines) =>
    claimFiles(settings(dataDir, engines), {
      claims: Object.entries(claims).flatMap(([engine, claim]) => (engine in engines ? [claim] : [])),
    });
  const named = (engines: Engines) =>
    Object.keys(engines)
      .map((name) => name.split('_')[0]?.toLowerCase())
      .join(', ');
  /** MIXTURES are all that have an engine. */
  const MIXTURES = [
    ...[EVENTS, BUS, VIEWS],
    ...[
      { ...EVENTS, ...BUS },
      { ...EVENTS, ...VIEWS },
      { ...BUS, ...VIEWS },
    ],
    ALL,
  ].map((engines: Engines) => ({ name: named(engines), engines }));

  describe.each(MIXTURES.filter(({ engines }) => engines !== ALL))('beside $name', ({ engines }) => {
    it('are those of whoever came first, and a service with other files is refused', async () => {
      await start('one', engines);
      await start('one', engines);
      await expect(start('other', engines)).rejects.toMatchObject({ code: 'other-files' });
      await start('one', engines);
    });

    it('are the same for all when several services start at once', async () => {
      const outcomes = await Promise.allSettled(['one', 'one', 'one'].map((dataDir) => start(dataDir, engines)));
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    });

    it('are of one folder when services with two of them start at once', async () => {
      const outcomes = await Promise.allSettled([start('one', engines), start('other', engines)]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });

  describe.each(
    MIXTURES.flatMap((first) => MIXTURES.map((second) => ({ first, second }))).filter(
      ({ first, second }) => first !== second && Object.keys(first.engines).some((engine) => engine in second.engines),
    ),
  )('of a deployment with $first.name', ({ first, second }) => {
    it.each(['one', 'other'])(`are not those of a service with ${second.name}, in folder %s`, async (dataDir) => {
      await start('one', first.engines);
      await expect(start(dataDir, second.engines)).rejects.toMatchObject({ code: 'other-files' });
      await start('one', first.engines);
      for (const [engine, claim] of Object.entries(claims))
        if (!(engine in first.engines)) expect(await claim.standing()).toBeUndefined();
    });
  });

  it.each(MIXTURES.filter(({ engines }) => engines !== BUS && 'KAFKA_BROKERS' in engines))(
    'beside $name are claimed on the message bus by the first start of a version that does so, and kept by all later ones',
    async ({ engines }) => {
      const all = claims;
      claims = Object.fromEntries(Object.entries(all).filter(([engine]) => !(engine in BUS)));
      await start('one', engines);
      claims = all;
      await start('one', engines);
      await start('one', engines);
      expect(topics.get(FILES)).toHaveLength(1);
      await expect(start('one', BUS)).rejects.toMatchObject({ code: 'other-files' });
    },
  );

  it('are not waited for without end where the message bus does not give back what was claimed', async () => {
    const deaf = claimOnTopic({ ...brokers, first: () => Promise.resolve(undefined) }, FILES, 50);
    await expect(claimFiles(settings('one', BUS), { claims: [deaf] })).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'claim-unanswered',
    });
  });

  it('are nobody’s where something else was written first to the topic of claims', async () => {
    await claims['KAFKA_BROKERS']?.make('somebody');
    const [message] = topics.get(FILES) ?? [];
    topics.set(FILES, message ? [{ ...message, event: { ...message.event, data: {} } }] : []);
    await expect(start('one', BUS)).rejects.toMatchObject({ code: 'other-files' });
  });

  it('are nobody’s business where everything is in files', async () => {
    for (const dataDir of ['one', 'other']) await start(dataDir, {});
  });

  it('may differ where everything is in engines', async () => {
    for (const dataDir of ['one', 'other']) await start(dataDir, ALL);
  });

  it('are known by the claim of an earlier version, which names them alone', async () => {
    await start('one', EVENTS);
    const [claimed] = await new SqliteEventStore(events).readStream('deployment.files-1');
    const [files = ''] = (claimed?.data as { id: string }).id.split(' ');
    await claims['MONGODB_URL']?.make(files);
    await start('one', VIEWS);
    await expect(start('other', VIEWS)).rejects.toMatchObject({ code: 'other-files' });
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
