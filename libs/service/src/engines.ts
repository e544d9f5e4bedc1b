import type { AccessLog } from '@second-opinion/access-log';
import type { DocumentStore } from '@second-opinion/document-store';
import { NamespacedEventStore, type EventStore } from '@second-opinion/event-store';
import { Unavailable } from '@second-opinion/kernel';
import type { MessageBus } from '@second-opinion/message-bus';
import type { KeyStore } from '@second-opinion/vault';
import type { ViewStore } from '@second-opinion/view-store';
import type { EngineSettings, KafkaSettings } from './settings';

/** Closing collects what must be closed at the end, in reverse order. */
type Closing = (() => void | Promise<void>)[];

// The clients are loaded only where their engine is: a program on files alone starts without them.

/** openEventStoreDb waits for the server, within the patience of the settings, and checks it. */
export async function openEventStoreDb(url: string, settings: EngineSettings, closing: Closing): Promise<EventStore> {
  const { EventStoreDbEventStore } = await import('@second-opinion/event-store/eventstoredb');
  const store = await EventStoreDbEventStore.connect(url, { waitMs: settings.patienceMs });
  closing.push(() => store.close());
  return settings.namespace === undefined ? store : new NamespacedEventStore(store, settings.namespace);
}
export async function openKafka(
  _kafka: KafkaSettings,
  _settings: EngineSettings,
  _who: { name: string; views: ViewStore },
  _closing: Closing,
): Promise<MessageBus> {
  throw new Unavailable('engine-unknown');
}
export async function openMongoDb(
  _url: string,
  _settings: EngineSettings,
  _name: string,
  _closing: Closing,
): Promise<{ views: ViewStore; documents: DocumentStore; keys: KeyStore; accessLog: AccessLog }> {
  throw new Unavailable('engine-unknown');
}
