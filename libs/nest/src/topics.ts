import type { ContextParts } from './context-definition';
import { ownTopic } from './feeds';

/** topicsToldBy a context: what it tells the others, and the private ones through which its own policies get its events. */
export function topicsToldBy({ name, publishers, policies }: ContextParts): readonly string[] {
  const own = policies.filter(({ listensTo }) => listensTo === 'own-events');
  return [...publishers.map(({ topic }) => topic), ...own.map((policy) => ownTopic(name, policy.name))];
}

/** topicsHeardBy a context: those of others that its policies listen to. */
export function topicsHeardBy({ policies }: ContextParts): readonly string[] {
  return [...new Set(policies.flatMap(({ listensTo }) => (listensTo === 'own-events' ? [] : listensTo)))];
}
