import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { RevisionConflict, type EventStore } from '@second-opinion/event-store';
import { Unavailable } from '@second-opinion/kernel';
import type { KafkaMessageBus } from '@second-opinion/message-bus/kafka';

/** FILES is the name under which services claim what they share. */
export const FILES = 'deployment.files';

/** Claim of a deployment, in one of its engines. */
export interface Claim {
  /** standing: what was claimed there first, by whichever service; undefined while nothing was. */
  standing(): Promise<string | undefined>;
  /** make it where none stands; gives what stands then, which is another when several come at once and this is not the first. */
  make(mine: string): Promise<string>;
}

/** ANSWER_MS for a claim on a topic to come back. */
const ANSWER_MS = 30_000;
const AGAIN_MS = 100;

/** claimOnStream: the first claim that was written to a stream of its own is that of the deployment. */
export function claimOnStream(events: EventStore): Claim {
  const stream = `${FILES}-1`;
  const standing = async () => {
    const [first] = await events.readStream(stream);
    return first && claimed(first.data);
  };
  return {
    standing,
    async make(mine) {
      const event = { id: randomUUID(), type: 'FilesClaimed', data: { id: mine }, metadata: metadataOf(randomUUID()) };
      try {
        await events.append(stream, 'no-stream', [event]);
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
      }
      return (await standing()) ?? '';
    },
  };
}

/**
 * claimOnTopic: the first claim that was published to a topic of its own is that of the deployment. Throws `claim-unanswered` when what was
 * published does not come back in time.
 */
export function claimOnTopic(
  bus: Pick<KafkaMessageBus, 'publish' | 'first'>,
  topic: string,
  withinMs = ANSWER_MS,
): Claim {
  const standing = async () => {
    const first = await bus.first(topic);
    return first && claimed(first.event.data);
  };
  return {
    standing,
    async make(mine) {
      await bus.publish([{ topic, key: FILES, event: envelopeOf(mine) }]);
      for (const until = performance.now() + withinMs; ; await pause(AGAIN_MS)) {
        const first = await standing();
        if (first !== undefined) return first;
        if (performance.now() > until) throw new Unavailable('claim-unanswered');
      }
    },
  };
}

/** claimed in what stands first: nothing that any service claims, when something else stands there. */
function claimed(data: unknown): string {
  return (data as { id?: string }).id ?? '';
}

/** metadataOf an event that is of the deployment itself, and nobody's. */
export function metadataOf(id: string) {
  const by = { actorId: FILES, actorRole: 'system', actorOrganisation: 'system', rulesVersion: '1' } as const;
  return { correlationId: id, causationId: id, commandId: id, ...by, recordedAt: new Date().toISOString() };
}

function envelopeOf(id: string) {
  const of = { source: '/second-opinion/deployment', type: 'FilesClaimed', subject: FILES, data: { id } } as const;
  const fields = { specversion: '1.0', datacontenttype: 'application/json' } as const;
  return { ...fields, id, ...of, time: new Date().toISOString(), correlationid: id, causationid: id };
}
