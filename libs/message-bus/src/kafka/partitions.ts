import type { Admin } from 'kafkajs';

/** TopicsUnfit says in a sentence that topics are as they must not be, or not to be seen: asking again changes nothing. */
export class TopicsUnfit extends Error {
  override readonly name = 'TopicsUnfit';
}

/** REMEDY: partitions can be added and never taken away, and what stood in them is not moved. */
const REMEDY =
  'It is chosen once: with others the messages of a key come in another order. Stop all services, put back Kafka’s copy or start it empty, prepare it, and rebuild every service ("Kafka alone" in infra/README.md).';

/** partitionsOf these topics: how many each has; those that are not there, or are not shown to this user, are left out. */
export async function partitionsOf(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const listed = new Set(await admin.listTopics());
  const there = [...new Set(topics)].filter((topic) => listed.has(topic));
  if (there.length === 0) return new Map();
  const { topics: found } = await admin.fetchTopicMetadata({ topics: there });
  return new Map(found.map(({ name, partitions }) => [name, partitions.length]));
}

/**
 * samePartitions gives the number that all these topics have, undefined when there is none; throws {@link TopicsUnfit} when they differ, or are
 * others than `wanted`. Members take the same partition of all topics, so that a key is one member's only while it has one number everywhere.
 */
export function samePartitions(numbers: ReadonlyMap<string, number>, wanted?: number): number | undefined {
  const topics = Map.groupBy(numbers.keys(), (topic) => numbers.get(topic) ?? 0);
  // The rest is what most have; of two the lower number, since one only grows.
  const [most, ...others] = [...topics].sort(([a, one], [b, other]) => other.length - one.length || a - b);
  if (most === undefined) return undefined;
  const [number, [first = '', ...more]] = most;
  if (others.length > 0) {
    const odd = others.map(([count, names]) => `${names.sort().join(', ')} with ${count} partitions`);
    const rest = more.length > 0 ? `the ${more.length + 1} other topics` : first;
    throw new TopicsUnfit(`Kafka has ${odd.join(', ')}, and ${rest} with ${number}. ${REMEDY}`);
  }
  if (wanted !== undefined && wanted !== number)
    throw new TopicsUnfit(
      `Kafka has the topics with ${number} partitions, and ${wanted} are asked for: the number is chosen once, go on with ${number}.`,
    );
  return number;
}
