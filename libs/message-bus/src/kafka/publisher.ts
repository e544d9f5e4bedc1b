import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '@second-opinion/kernel';
import { Partitioners, type Kafka, type Message as KafkaRecord, type Producer } from 'kafkajs';
import { portions, type Outgoing } from './wire';

/** PATIENCE_MS with brokers that are away, before whoever publishes is told. */
const PATIENCE_MS = 60_000;
/** FINAL answers of a broker: the same request would get them again. */
const FINAL = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_RECORD',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
]);

/**
 * Publisher writes portions one after the other, each until every replica that counts has it. It repeats the same portion while
 * brokers are away: what was stored without an answer is stored twice then, in the same order.
 */
export class Publisher {
  private readonly producer: Producer;
  private closed = false;

  constructor(kafka: Kafka) {
    this.producer = kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      idempotent: false,
    });
  }

  connect(): Promise<void> {
    return this.producer.connect();
  }

  /** publish in order; throws `Unavailable('message-bus.unreachable')` when the brokers stay away. */
  async publish(messages: readonly Outgoing[]): Promise<void> {
    for (const portion of portions(messages)) await this.write(portion);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.producer.disconnect();
  }

  private async write(portion: readonly Outgoing[]): Promise<void> {
    const records = new Map<string, KafkaRecord[]>();
    for (const { topic, record } of portion) {
      const before = records.get(topic);
      if (before) before.push(record);
      else records.set(topic, [record]);
    }
    const topicMessages = [...records].map(([topic, messages]) => ({ topic, messages }));
    for (const until = performance.now() + PATIENCE_MS; ;) {
      try {
        await this.producer.sendBatch({ acks: -1, topicMessages });
        return;
      } catch (error) {
        if (this.closed || isFinal(error) || performance.now() > until)
          throw new Unavailable('message-bus.unreachable', {}, { cause: error });
        await pause(200);
        await this.producer.connect().catch(() => undefined);
      }
    }
  }
}

function isFinal(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (FINAL.has((cause as Error & { type?: string }).type ?? '')) return true;
  return false;
}
