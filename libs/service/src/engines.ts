import { Unavailable } from '@second-opinion/kernel';
import type { EventStore } from '@second-opinion/event-store';
import type { MessageBus } from '@second-opinion/message-bus';
import type { ViewStore } from '@second-opinion/view-store';
import type { DocumentStore } from '@second-opinion/document-store';
import type { KeyStore } from '@second-opinion/vault';
import type { AccessLog } from '@second-opinion/access-log';
import type { EngineSettings, KafkaSettings } from './settings';

type Closing = (() => void | Promise<void>)[];

export async function openEventStoreDb(
  _url: string,
  _settings: EngineSettings,
  _closing: Closing,
): Promise<EventStore> {
  throw new Unavailable('engine-unknown');
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
