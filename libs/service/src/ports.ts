import path from 'node:path';
import type { AccessLog } from '@second-opinion/access-log';
import { SqliteAccessLog } from '@second-opinion/access-log/sqlite';
import type { DocumentStore } from '@second-opinion/document-store';
import { SqliteDocumentStore } from '@second-opinion/document-store/sqlite';
import type { EventStore } from '@second-opinion/event-store';
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import type { MessageBus } from '@second-opinion/message-bus';
import { SqliteMessageBus } from '@second-opinion/message-bus/sqlite';
import type { Engine } from '@second-opinion/nest';
import { SqliteDatabase } from '@second-opinion/sqlite';
import type { KeyStore } from '@second-opinion/vault';
import { SqliteKeyStore } from '@second-opinion/vault/sqlite';
import type { ViewStore } from '@second-opinion/view-store';
import { GatheringViewStore, SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { claimOnStream, type Claim } from './claims';
import { openEventStoreDb, openKafka, openMongoDb } from './engines';
import { KEYS_FILE, MAIN_FILE } from './open-files';
import type { Settings } from './settings';
import { writesOf } from './writes';

/** Ports are all adapters of a deployment, with what must be closed at the end. */
export interface Ports {
  readonly events: EventStore;
  readonly bus: MessageBus;
  readonly views: ViewStore;
  readonly documents: DocumentStore;
  readonly keys: KeyStore;
  readonly accessLog: AccessLog;
  /** engines that must answer, besides the event store, for anything to be served. */
  readonly engines: readonly Engine[];
  /** writes: what commands write to. */
  readonly writes: readonly Engine[];
  /** busEngine, where the bus is one. */
  readonly busEngine?: Engine;
  /** claims, one for each engine; Kafka's last, since it is taken back with most trouble. */
  readonly claims: readonly Claim[];
  close(): Promise<void>;
}

/** SHARED_POLL_MS: how often a process looks for what the others wrote into files that they share. */
const SHARED_POLL_MS = 25;

/**
 * openPorts chooses the adapters: an engine where its address is set, else SQLite under DATA_DIR. Throws what files and engines throw, in
 * one sentence each; nothing stays open then.
 */
export async function openPorts(settings: Settings, { name, whole }: { name: string; whole: boolean }): Promise<Ports> {
  const { engines, dataDir } = settings;
  const closing: (() => void | Promise<void>)[] = [];
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one();
  };
  const files = new Map<string, SqliteDatabase>();
  const file = (base: string, secureDelete = false) => {
    let database = files.get(base);
    if (!database) {
      const opened = SqliteDatabase.open(path.join(dataDir, base), { secureDelete });
      closing.push(() => opened.close());
      files.set(base, (database = opened));
    }
    return database;
  };
  const main = () => file(MAIN_FILE);
  const poll = whole ? {} : { pollMs: SHARED_POLL_MS };
  try {
    const events = engines.eventStoreDb
      ? await openEventStoreDb(engines.eventStoreDb, settings, closing)
      : new SqliteEventStore(main(), poll);
    const mongo = engines.mongoDb ? await openMongoDb(engines.mongoDb, settings, name, closing) : undefined;
    const views = mongo?.views ?? (whole ? new GatheringViewStore(main()) : new SqliteViewStore(main()));
    const kafka = engines.kafka ? await openKafka(engines.kafka, settings, { name, views, whole }, closing) : undefined;
    const ports = {
      events,
      bus: kafka?.bus ?? new SqliteMessageBus(main(), poll),
      views,
      documents: mongo?.documents ?? new SqliteDocumentStore(main()),
      keys: mongo?.keys ?? new SqliteKeyStore(file(KEYS_FILE, true), { alone: whole }),
      accessLog: mongo?.accessLog ?? new SqliteAccessLog(file('access-log.db')),
      engines: mongo ? [{ name: 'mongodb', ping: mongo.ping }] : [],
      ...(kafka ? { busEngine: kafka.engine } : {}),
      claims: [
        ...(mongo ? [mongo.claim] : []),
        ...(engines.eventStoreDb ? [claimOnStream(events)] : []),
        ...(kafka ? [kafka.claim] : []),
      ],
      close,
    };
    const log = engines.eventStoreDb ? events : undefined;
    const written = { events: log, views: mongo?.views, files: [...files.values()] };
    return { ...ports, writes: writesOf(written) };
  } catch (error) {
    await close();
    throw error;
  }
}
