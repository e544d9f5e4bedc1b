import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

/**
 * byPartition gives the same partition of all topics of a group to the same member: topics with the same number of partitions have a
 * key in the same one, so that all messages of a key come to one process and wait behind one another there.
 */
export const byPartition: PartitionAssigner = ({ cluster }) => ({
  name: 'ByPartition',
  version: 0,
  assign({ members, topics }) {
    const ids = members.map(({ memberId }) => memberId).sort();
    const assignments = new Map(ids.map((id) => [id, {} as Record<string, number[]>]));
    for (const topic of topics)
      for (const { partitionId } of cluster.findTopicPartitionMetadata(topic)) {
        const assignment = assignments.get(ids[partitionId % ids.length] ?? '');
        if (assignment) (assignment[topic] ??= []).push(partitionId);
      }
    return Promise.resolve(
      [...assignments].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 0,
          assignment,
          userData: Buffer.alloc(0),
        }),
      })),
    );
  },
  protocol({ topics }) {
    return {
      name: 'ByPartition',
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
    };
  },
});
