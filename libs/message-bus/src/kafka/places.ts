/** Place is a partition of a topic, as text: `topic|partition`. */
export type Place = string;

/** placeOf a partition. */
export function placeOf(topic: string, partition: number): Place {
  return `${topic}|${partition}`;
}

/** topicOf a place. */
export function topicOf(place: Place): string {
  return place.slice(0, place.lastIndexOf('|'));
}

/** End of a partition: the offset that the next message will get. */
export interface End {
  readonly place: Place;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** ofTopics: the place is in one of these. */
export function ofTopics(topics: readonly string[], place: Place): boolean {
  return topics.some((topic) => place.startsWith(`${topic}|`));
}
