import { AssignerProtocol, type Cluster } from 'kafkajs';
import { byPartition } from './by-partition';

/** TOPICS and how many partitions they have. */
const TOPICS: Record<string, number> = { one: 6, two: 6 };

function assignerOf() {
  const cluster: Pick<Cluster, 'findTopicPartitionMetadata'> = {
    findTopicPartitionMetadata: (topic) =>
      Array.from({ length: TOPICS[topic] ?? 0 }, (_, partitionId) => ({
        ...{ partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] },
      })),
  };
  return byPartition({ cluster: cluster as Cluster, groupId: 'group', logger: {} as never });
}

async function assigned(members: readonly string[]): Promise<Record<string, Record<string, number[]>>> {
  const answers = await assignerOf().assign({
    members: members.map((memberId) => ({ memberId, memberMetadata: Buffer.alloc(0) })),
    topics: Object.keys(TOPICS),
  });
  return Object.fromEntries(
    answers.map(({ memberId, memberAssignment }) => [
      memberId,
      AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {},
    ]),
  );
}

describe('byPartition', () => {
  it('gives the same partitions of all topics to the same member', async () => {
    expect(await assigned(['b', 'a', 'd', 'c'])).toEqual({
      a: { one: [0, 4], two: [0, 4] },
      b: { one: [1, 5], two: [1, 5] },
      c: { one: [2], two: [2] },
      d: { one: [3], two: [3] },
    });
  });

  it('gives every member an answer, also one that has no share', async () => {
    const shares = await assigned(Array.from({ length: 8 }, (_, index) => `m${index}`));
    expect(Object.keys(shares)).toHaveLength(8);
    expect(Object.values(shares).flatMap((share) => share['one'] ?? [])).toHaveLength(6);
  });
});
