import { setTimeout as pause } from 'node:timers/promises';
import { ConfigResourceTypes, type Admin } from 'kafkajs';
import { partitionsOf, samePartitions, TopicsUnfit } from './partitions';
import { isRefusal } from './refusal';
import { clientOf, type KafkaSettings } from './settings';

/** TopicOptions of topics that are made. */
export interface TopicOptions {
  /** partitions: the most members of a group that share its work; fixed for ever, since a key's place depends on it (default: that of the topics that are there, or 6). */
  readonly partitions?: number;
  /** waitMs for brokers that are not there yet (default 30 s). */
  readonly waitMs?: number;
}

const DEFAULT_PARTITIONS = 6;
/** BROKERS_DEFAULT: how many copies there are is said in one place, `default.replication.factor` of the brokers. */
const BROKERS_DEFAULT = -1;
/** KEPT is how every topic keeps its messages: all, for ever, and with room for the largest. */
const KEPT: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'max.message.bytes': '4194304',
};

/**
 * declareTopics makes the topics that are missing and corrects how the others keep their messages; for the one step that prepares the
 * engines, not for services. Gives the names of those it made. Never changes the number of partitions, and throws {@link TopicsUnfit} where
 * it is not the same everywhere, or another one than is asked for. Waits for brokers that are not there yet, `waitMs` at most.
 */
export async function declareTopics(
  settings: KafkaSettings,
  topics: readonly string[],
  options: TopicOptions = {},
): Promise<readonly string[]> {
  const admin = clientOf(settings, 2).admin();
  const made = new Set<string>();
  const until = performance.now() + (options.waitMs ?? 30_000);
  try {
    for (;;) {
      try {
        await admin.connect();
        await declare(admin, topics, options, made);
        return [...made];
      } catch (error) {
        if (error instanceof TopicsUnfit || isRefusal(error) || performance.now() > until) throw error;
        await pause(200);
      }
    }
  } finally {
    await admin.disconnect();
  }
}

async function declare(
  admin: Admin,
  topics: readonly string[],
  options: TopicOptions,
  made: Set<string>,
): Promise<void> {
  const replicationFactor = BROKERS_DEFAULT;
  const there = await partitionsOf(admin, topics);
  const partitions = samePartitions(there, options.partitions) ?? options.partitions ?? DEFAULT_PARTITIONS;
  const missing = missingIn(there, topics);
  const configEntries = Object.entries(KEPT).map(([name, value]) => ({ name, value }));
  for (const topic of missing) made.add(topic);
  if (missing.length > 0)
    await admin.createTopics({
      topics: missing.map((topic) => ({ topic, numPartitions: partitions, replicationFactor, configEntries })),
      waitForLeaders: true,
    });
  const others = topics.filter((topic) => !made.has(topic));
  if (others.length > 0) await correct(admin, others);
}

/** missingIn what is there, of these topics. */
export function missingIn(there: ReadonlyMap<string, number>, topics: readonly string[]): readonly string[] {
  return [...new Set(topics)].filter((topic) => !there.has(topic));
}

async function correct(admin: Admin, topics: readonly string[]): Promise<void> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configNames: Object.keys(KEPT) })),
  });
  const wrong = resources.filter(({ configEntries }) =>
    configEntries.some(({ configName, configValue }) => KEPT[configName] !== configValue),
  );
  if (wrong.length === 0) return;
  await admin.alterConfigs({
    validateOnly: false,
    resources: wrong.map(({ resourceName }) => ({
      type: ConfigResourceTypes.TOPIC,
      name: resourceName,
      configEntries: Object.entries(KEPT).map(([name, value]) => ({ name, value })),
    })),
  });
}
