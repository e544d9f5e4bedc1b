import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { AccessLog } from '@second-opinion/access-log';
import type { DocumentStore } from '@second-opinion/document-store';
import { NamespacedEventStore, type EventStore } from '@second-opinion/event-store';
import { NamespacedMessageBus, type MessageBus } from '@second-opinion/message-bus';
import { contextsHere, topicsHeardBy, topicsToldBy, type Engine } from '@second-opinion/nest';
import type { KeyStore } from '@second-opinion/vault';
import type { ViewStore } from '@second-opinion/view-store';
import { claimOnTopic, FILES, type Claim } from './claims';
import type { KafkaSettings, Settings } from './settings';

/** Closing collects what must be closed at the end, in reverse order. */
type Closing = (() => void | Promise<void>)[];

/** MongoPorts are the ports that MongoDB carries, with the claim of a deployment on the files that it has besides. */
export interface MongoPorts {
  readonly views: ViewStore;
  readonly documents: DocumentStore;
  readonly keys: KeyStore;
  readonly accessLog: AccessLog;
  /** ping resolves when the server answers. */
  readonly ping: () => Promise<void>;
  readonly claim: Claim;
}

// The clients are loaded only where their engine is: a program on files alone starts without them. Demo and test deployments prepare what
// an engine must have; in production that is a step of its own, with rights that no service has.

/** openEventStoreDb waits for the server, within the patience of the settings, and checks it. */
export async function openEventStoreDb(url: string, { engines }: Settings, closing: Closing): Promise<EventStore> {
  const { EventStoreDbEventStore } = await import('@second-opinion/event-store/eventstoredb');
  const store = await EventStoreDbEventStore.connect(url, { waitMs: engines.patienceMs });
  closing.push(() => store.close());
  return engines.namespace === undefined ? store : new NamespacedEventStore(store, engines.namespace);
}

/** KafkaPorts are the bus, how to ask whether the brokers answer, and the claim of a deployment. */
export interface KafkaPorts {
  readonly bus: MessageBus;
  readonly engine: Engine;
  readonly claim: Claim;
}

/**
 * openKafka waits for the brokers and demands the topics of the contexts here, and of claims where services make them; parked messages stand
 * in the views of the service.
 */
export async function openKafka(
  kafka: KafkaSettings,
  { engines: { namespace, patienceMs }, deployment }: Settings,
  { name, views, whole }: { name: string; views: ViewStore; whole: boolean },
  closing: Closing,
): Promise<KafkaPorts> {
  const { declareTopics, KafkaMessageBus, TopicsUnfit } = await import('@second-opinion/message-bus/kafka');
  const prefix = namespace === undefined ? '' : `${namespace}.`;
  const inside = [
    ...contextsHere().flatMap((parts) => [...topicsToldBy(parts), ...topicsHeardBy(parts)]),
    ...(whole ? [] : [FILES]),
  ];
  const topics = [...new Set(inside)].map((topic) => prefix + topic);
  const logger = new Logger('kafka');
  const report = ({ group, what }: { group: string; what: string }) =>
    logger.warn({ group, what }, 'consumer made anew');
  const options = { ...kafka, clientId: name, waitMs: patienceMs, report };
  const bus = await KafkaMessageBus.connect(options, views);
  closing.push(() => bus.close());
  if (deployment !== 'production') await declareTopics(options, topics);
  const isFinal = (error: unknown) => deployment === 'production' || error instanceof TopicsUnfit;
  await demanded(() => bus.demand(topics), patienceMs, isFinal);
  const engine = { name: 'kafka', ping: () => bus.ping() };
  const claim = claimOnTopic(bus, prefix + FILES);
  return { bus: namespace === undefined ? bus : new NamespacedMessageBus(bus, namespace), engine, claim };
}

/** demanded asks again for a while: a topic that another service has just made is not seen by all at once. */
async function demanded(
  demand: () => Promise<void>,
  withinMs: number,
  isFinal: (error: unknown) => boolean,
): Promise<void> {
  for (const until = performance.now() + withinMs; ; await pause(100)) {
    try {
      return await demand();
    } catch (error) {
      if (isFinal(error) || performance.now() >= until) throw error;
    }
  }
}

/** openMongoDb opens the databases of one service: its own one, and those of keys and of the access log, which all share. */
export async function openMongoDb(
  url: string,
  { engines: { namespace, patienceMs }, deployment }: Settings,
  name: string,
  closing: Closing,
): Promise<MongoPorts> {
  const { databasesOf, inserted, MongoConnection, retried } = await import('@second-opinion/mongodb');
  const { MongoAccessLog, prepareAccessLog } = await import('@second-opinion/access-log/mongodb');
  const { MongoDocumentStore } = await import('@second-opinion/document-store/mongodb');
  const { MongoKeyStore } = await import('@second-opinion/vault/mongodb');
  const { MongoViewStore } = await import('@second-opinion/view-store/mongodb');
  const connection = await MongoConnection.open(url, { application: name, waitMs: patienceMs });
  closing.push(() => connection.close());
  const databases = namespace === undefined ? databasesOf() : databasesOf(namespace);
  if (deployment !== 'production') await prepareAccessLog(connection, databases.accessLog);
  const claims = connection.database(databases.keys).collection<{ _id: string; files: string }>('deployment');
  const standing = async () => (await retried(() => claims.findOne({ _id: 'files' })))?.files;
  return {
    views: await MongoViewStore.open(connection, databases.service(name)),
    documents: await MongoDocumentStore.open(connection, databases.service(name)),
    keys: await MongoKeyStore.open(connection, databases.keys),
    accessLog: await MongoAccessLog.open(connection, databases.accessLog),
    ping: () => connection.ping(),
    claim: {
      standing,
      async make(mine) {
        await inserted(() => claims.insertOne({ _id: 'files', files: mine }));
        return (await standing()) ?? '';
      },
    },
  };
}
