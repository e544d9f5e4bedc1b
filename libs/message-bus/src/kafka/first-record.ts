import type { Kafka, KafkaMessage } from 'kafkajs';
import { clientOf, type KafkaSettings } from './settings';

/** MOST_BYTES of an answer; a broker gives the first record whatever its size. */
const MOST_BYTES = 65_536;
const WAIT_MS = 1_000;
const RETRIES = 2;
/** READ_COMMITTED, as groups read. */
const READ_COMMITTED = 1;

/** Fetched record; one of control is the brokers' own, and no message. */
type FetchedRecord = KafkaMessage & { readonly isControlRecord: boolean };

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
  readonly responses: readonly { readonly partitions: readonly { readonly messages: readonly FetchedRecord[] }[] }[];
}

/** Offsets of a topic's partitions. */
interface Offsets {
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}

/** Cluster is what kafkajs makes its consumers of. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  fetchTopicsOffset(
    topics: readonly { topic: string; partitions: readonly { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<readonly Offsets[]>;
  findBroker(which: { nodeId: number }): Promise<{ fetch(request: Fetch): Promise<Fetched> }>;
}

/**
 * firstRecord of the lowest partition of a topic that holds any, from its leader; undefined when none does. Joins no group, which takes
 * a second, and three more where the brokers wait for more members; and asks over a connection of its own, since one that has asked for a
 * topic answers nothing any more once that is deleted. Throws what kafkajs throws.
 */
export async function firstRecord(settings: KafkaSettings, topic: string): Promise<KafkaMessage | undefined> {
  const cluster = clusterOf(clientOf(settings, RETRIES));
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic);
    const held = await beginning(cluster, topic);
    if (!held) return undefined;
    const { partition, offset, nodeId } = held;
    const leader = await cluster.findBroker({ nodeId });
    const { responses } = await leader.fetch({
      ...{ maxWaitTime: WAIT_MS, minBytes: 1, maxBytes: MOST_BYTES, isolationLevel: READ_COMMITTED },
      topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes: MOST_BYTES }] }],
    });
    const messages = responses.flatMap(({ partitions }) => partitions.flatMap((one) => one.messages));
    // Those before it may come with it; and what stands there may be the end of a transaction, or be gone where somebody had the topic compacted.
    return messages.find((message) => BigInt(message.offset) >= BigInt(offset) && !message.isControlRecord);
  } finally {
    await cluster.disconnect();
  }
}

/** beginning of the lowest partition that holds anything, and who leads it. */
async function beginning(
  cluster: Cluster,
  topic: string,
): Promise<{ partition: number; offset: string; nodeId: number } | undefined> {
  const leaders = cluster.findTopicPartitionMetadata(topic);
  const partitions = leaders.map(({ partitionId }) => ({ partition: partitionId }));
  const offsets = async (fromBeginning: boolean) => {
    const answers = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]);
    return new Map(answers.flatMap((one) => one.partitions).map(({ partition, offset }) => [partition, offset]));
  };
  const [begins, ends] = await Promise.all([offsets(true), offsets(false)]);
  for (const { partitionId: partition, leader: nodeId } of [...leaders].sort((a, b) => a.partitionId - b.partitionId)) {
    const offset = begins.get(partition);
    if (offset !== undefined && offset !== ends.get(partition)) return { partition, offset, nodeId };
  }
  return undefined;
}

/** clusterOf a client: kafkajs offers no fetch without a group, and 2.2.4 is its last version. */
function clusterOf(kafka: Kafka): Cluster {
  const inside = Object.getOwnPropertySymbols(kafka).find((one) => one.description === 'private:Kafka:createCluster');
  const create = inside && (kafka as unknown as Record<symbol, (options: object) => Cluster>)[inside];
  if (create === undefined) throw new TypeError('this is not the kafkajs whose inside is known');
  return create({ allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED });
}
