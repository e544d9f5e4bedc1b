import { categoryOf, derivedId, type Publisher, type RecordedEvent } from '@second-opinion/kernel';
import { contextsHere } from '@second-opinion/nest';

/** Heard is what matters of a message on its topic. */
interface Heard {
  readonly topic: string;
  readonly key: string;
  readonly event: { readonly id: string };
}

/**
 * tellingFaults compares what the log must have told with what stands on the topics: for each topic and key the same messages, in the
 * order of the log. What a crash made be told again stands there again, under the same id, and counts where it first stood.
 */
export function tellingFaults(events: readonly RecordedEvent[], messages: readonly string[]): readonly string[] {
  const publishers = contextsHere().flatMap((parts) => parts.publishers as readonly Publisher[]);
  const topics = new Set(publishers.map(({ topic }) => topic));
  const heard = new Map<string, Set<string>>();
  for (const text of messages) {
    const { topic, key, event } = JSON.parse(text) as Heard;
    if (topics.has(topic)) add(heard, `${topic} ${key}`, event.id);
  }
  const expected = new Map<string, Set<string>>();
  for (const publisher of publishers)
    for (const event of events) {
      if (!publisher.categories.includes(categoryOf(event.stream))) continue;
      const told = publisher.on[event.type]?.(event);
      if (told) add(expected, `${publisher.topic} ${told.key}`, derivedId(event.id, publisher.topic, told.type));
    }
  const lanes = new Set([...expected.keys(), ...heard.keys()]);
  return [...lanes].flatMap((lane) => {
    const [must, has] = [[...(expected.get(lane) ?? [])], [...(heard.get(lane) ?? [])]];
    const at = must.findIndex((id, index) => has[index] !== id);
    if (at < 0 && has.length === must.length) return [];
    return [
      `${lane}: ${must.length} to be told, ${has.length} heard, different from the ${at < 0 ? must.length : at}th`,
    ];
  });
}

function add(lanes: Map<string, Set<string>>, lane: string, id: string): void {
  lanes.set(lane, (lanes.get(lane) ?? new Set()).add(id));
}
