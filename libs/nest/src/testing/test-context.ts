import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Provider, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SqliteAccessLog } from '@second-opinion/access-log/sqlite';
import { SqliteDocumentStore } from '@second-opinion/document-store/sqlite';
import type { EventStore } from '@second-opinion/event-store';
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import {
  Clock,
  derivedId,
  type ActorRole,
  type Category,
  type Envelope,
  type Event,
  type EventMetadata,
  type Instant,
  type NewEvent,
  type OwnPolicy,
  type RecordedEvent,
  type Seal,
} from '@second-opinion/kernel';
import { dutchCalendar } from '@second-opinion/kernel/dutch-calendar';
import type { Consumption } from '@second-opinion/message-bus';
import { SqliteMessageBus } from '@second-opinion/message-bus/sqlite';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { Keks, PersonLinks, SealingVault, Vault } from '@second-opinion/vault';
import { SqliteKeyStore } from '@second-opinion/vault/sqlite';
import { GatheringViewStore } from '@second-opinion/view-store/sqlite';
import { ContextRunner } from '../context-runner';
import { createHttp } from '../http';
import type { Platform } from '../platform.module';
import { settleAll } from '../settle';
import { HoldingBus } from './holding-bus';
import { TestClient, testToken } from './http-client';
import { TestHashes, TestIdentities, TestTokens } from './test-identity';

/** TestClock stands still until a test moves it. */
export class TestClock extends Clock {
  constructor(private instant: Instant = '2026-11-25T09:00:00.000Z') {
    super();
  }
  now(): Instant {
    return this.instant;
  }
  /** advanceTo moves to this instant; never backwards. */
  advanceTo(instant: Instant): void {
    if (instant < this.instant) throw new RangeError('time only moves forward');
    this.instant = instant;
  }
}

/** TestContextOptions: other adapters or providers for one test. */
export interface TestContextOptions {
  readonly platform?: Partial<Platform>;
  readonly providers?: readonly Provider[];
  readonly now?: Instant;
  /** holds: policies whose own events wait until the test lets them go (`holding`). */
  // Policies on different events in one list.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly holds?: readonly OwnPolicy<any>[];
}

/** TestContext is one context (or a few) running on SQLite in memory, with a test clock and test tokens. */
export class TestContext {
  private published: Envelope[] = [];
  private count = 0;

  constructor(
    readonly app: NestFastifyApplication,
    readonly platform: Platform,
    readonly clock: TestClock,
    private readonly cleanUp: () => void,
    private readonly database: SqliteDatabase,
    /** holding: the bus that keeps messages back, when the test asked for it. */
    readonly holding?: HoldingBus,
  ) {}

  /** as somebody: `id` is the actor's id. */
  as(role: ActorRole, id: string = role, organisation?: string): TestClient {
    return new TestClient(this.app, testToken(role, id, organisation));
  }

  /** nobody has no token. */
  get nobody(): TestClient {
    return new TestClient(this.app, undefined);
  }

  /** given events are stored as if they had happened. */
  async given(stream: string, events: readonly Event[], metadata: Partial<EventMetadata> = {}): Promise<void> {
    const before = await this.platform.events.readStream(stream);
    const batch = events.map((event, index): NewEvent => {
      const commandId = derivedId('given', stream, before.length + index);
      return {
        id: derivedId(commandId),
        type: event.type,
        data: event.data,
        metadata: {
          correlationId: 'given',
          causationId: 'given',
          commandId,
          actorId: 'given',
          actorRole: 'system',
          actorOrganisation: 'test',
          rulesVersion: 'test',
          recordedAt: this.clock.now(),
          ...metadata,
        },
      };
    });
    await this.platform.events.append(stream, before.length === 0 ? 'no-stream' : before.length - 1, batch);
  }

  /** events of a stream: types and data. */
  async events(stream: string): Promise<readonly Event[]> {
    return (await this.recorded(stream)).map(({ type, data }) => ({ type, data }));
  }

  /** eventsAnew gives the event store as it is after a restart: it knows what is stored, and nothing else. */
  eventsAnew(): EventStore {
    return new SqliteEventStore(this.database);
  }

  /** tamper changes what is stored behind everybody's back: SQL on the database of this test. */
  async tamper(sql: string): Promise<void> {
    await this.database.write((connection) => connection.run(sql));
  }

  /** recorded events of a stream, whole. */
  recorded(stream: string): Promise<readonly RecordedEvent[]> {
    return this.platform.events.readStream(stream);
  }

  /** publish an integration event, as another context would. The same `id` again is the same event delivered twice. */
  async publish(topic: string, key: string, type: string, data: object, id = `message-${++this.count}`): Promise<void> {
    const event: Envelope = {
      specversion: '1.0',
      id,
      source: '/second-opinion/test',
      type,
      subject: key,
      time: this.clock.now(),
      datacontenttype: 'application/json',
      correlationid: 'test',
      causationid: 'test',
      data,
    };
    await this.platform.bus.publish([{ topic, key, event }]);
  }

  /** listen to a topic from its beginning; `told` lists what was published there. */
  async listen(topic: string): Promise<void> {
    const stop = new AbortController();
    this.stops.push(stop);
    const listening = await this.platform.bus.consume({
      group: `test-${topic}`,
      topics: [topic],
      startsAt: 'beginning',
      signal: stop.signal,
      handle: ({ event }) => Promise.resolve(void this.published.push(event)),
    });
    this.listening.push(listening);
  }
  private readonly stops: AbortController[] = [];
  private readonly listening: Consumption[] = [];

  /** told lists what came on the topics that the test listens to: types and data. */
  told(): readonly { type: string; data: object }[] {
    return this.published.map(({ type, data }) => ({ type, data }));
  }

  /** seal makes a seal as the rim would. */
  async seal(
    text: string,
    personId: string,
    caseId: string,
    category: Category,
    purpose: string,
    object = 'test',
  ): Promise<Seal> {
    const [seal] = await this.platform.vault.seal([{ text, personId, caseId, category, purpose, object }]);
    return seal as Seal;
  }

  /** settled resolves when all that follows from what happened has happened, and what was told of it has arrived here. */
  async settled(): Promise<void> {
    const runners = this.app.get(ContextRunner, { strict: false, each: true });
    if (!(await settleAll(runners, this.platform.events)))
      throw new Error('it never settles: something goes round in circles');
    await Promise.all(this.listening.map((one) => one.idle()));
  }

  async close(): Promise<void> {
    for (const stop of this.stops) stop.abort();
    await this.app.close();
    this.cleanUp();
  }
}

/** testContext starts contexts for a test. Close it afterwards. */
export async function testContext(
  contexts: Type | readonly Type[],
  options: TestContextOptions = {},
): Promise<TestContext> {
  const folder = mkdtempSync(path.join(tmpdir(), 'second-opinion-'));
  const database = SqliteDatabase.open();
  const keyDatabase = SqliteDatabase.open(':memory:', { secureDelete: true });
  const clock = new TestClock(options.now);
  const accessLog = new SqliteAccessLog(database);
  const keys = new SqliteKeyStore(keyDatabase);
  const keks = Keks.load({ folder });
  const bus = new SqliteMessageBus(database);
  const holding = options.holds && new HoldingBus(bus, options.holds);
  const vault: Vault = new SealingVault({ keys, keks, accessLog, clock });
  const platform: Platform = {
    events: new SqliteEventStore(database),
    bus: holding ?? bus,
    views: new GatheringViewStore(database),
    documents: new SqliteDocumentStore(database),
    accessLog,
    keys,
    links: new PersonLinks(keys, keks),
    vault,
    clock,
    calendar: dutchCalendar(),
    tokens: new TestTokens(),
    identities: new TestIdentities(),
    hashes: new TestHashes(),
    deployment: { application: 'test', kind: 'test', replica: 'test', alone: false },
    ...options.platform,
    more: [...(options.platform?.more ?? []), ...(options.providers ?? [])],
  };
  const app = await createHttp(Array.isArray(contexts) ? contexts : [contexts as Type], platform, {
    requestsPerMinute: 0,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const cleanUp = () => {
    database.close();
    keyDatabase.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return new TestContext(app, platform, clock, cleanUp, database, holding);
}
