import type { Kafka, KafkaMessage } from 'kafkajs';
import { clientOf, type KafkaSettings } from './settings';

/** MOST_BYTES of an answer; a broker gives the first record whatever its size. */
const MOST_BYTES = 65_536;
const WAIT_MS = 1_000;
const RETRIES = 2;
/** READ_COMMITTED, as groups read. */
const READ_COMMITTED = 1;

/** Fetch is one request for records, and what comes back. */
interface Fetch {
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { partition: number; fetchOffset: string; maxBytes: number }[];
  }[];
}
interface Fetched {
  readonly responses: readonly { readonly partitions: readonly { readonly messages: readonly KafkaMessage[] }[] }[];
}

/** Cluster is what kafkajs makes its consumers of. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, readonly number[]>>;
  findBroker(which: { nodeId: string | undefined }): Promise<{ fetch(request: Fetch): Promise<Fetched> }>;
}

/**
 * recordAt an offset of a partition, as its leader has it; undefined when it does not come within a second. Joins no group, which takes
 * a second, and three more where the brokers wait for more members. Throws what kafkajs throws.
 */
export async function recordAt(
  settings: KafkaSettings,
  topic: string,
  { partition, offset }: { partition: number; offset: string },
): Promise<KafkaMessage | undefined> {
  const cluster = clusterOf(clientOf(settings, RETRIES));
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic);
    const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
    const leader = await cluster.findBroker({ nodeId });
    const { responses } = await leader.fetch({
      ...{ maxWaitTime: WAIT_MS, minBytes: 1, maxBytes: MOST_BYTES, isolationLevel: READ_COMMITTED },
      topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes: MOST_BYTES }] }],
    });
    const messages = responses.flatMap(({ partitions }) => partitions.flatMap((one) => one.messages));
    return messages.find((message) => message.offset === offset);
  } finally {
    await cluster.disconnect();
  }
}

/** clusterOf a client: kafkajs offers no fetch without a group, and 2.2.4 is its last version. */
function clusterOf(kafka: Kafka): Cluster {
  const inside = Object.getOwnPropertySymbols(kafka).find((one) => one.description === 'private:Kafka:createCluster');
  const create = inside && (kafka as unknown as Record<symbol, (options: object) => Cluster>)[inside];
  if (create === undefined) throw new TypeError('this is not the kafkajs whose inside is known');
  return create({ allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED });
}
