import type { View } from '@second-opinion/kernel';

/** tableOf names a view's table: blue/green by version. */
export function tableOf(view: Pick<View<object>, 'name' | 'version'>): string {
  return `${view.name}.v${view.version}`;
}

/** progressNameOf a context: the checkpoint that says that all its views are at least there. */
export function progressNameOf(context: string): string {
  return `${context}.progress`;
}

/** viewsLease names the lease of whoever runs the views of a context. */
export function viewsLease(context: string): string {
  return `${context}.views`;
}

/** feedsLease names the lease of whoever publishes what a context tells. */
export function feedsLease(context: string): string {
  return `${context}.feeds`;
}

/** publisherPlace names the checkpoint up to which a context has told a topic. */
export function publisherPlace(context: string, topic: string): string {
  return `${context}.publisher.${topic}`;
}

/** policyPlace names the checkpoint up to which a policy has been handed the events of its own context. */
export function policyPlace(context: string, policy: string): string {
  return `${context}.policy.${policy}`;
}
