import { sha256, type View } from '@second-opinion/kernel';

/** tableOf names a view's table: blue/green by version. */
export function tableOf(view: Pick<View<object>, 'name' | 'version'>): string {
  return `${view.name}.v${view.version}`;
}

/**
 * progressNameOf a context: the checkpoint that says that all these views are at least there. Other versions of them have one of their own:
 * what a version does not know, it does not bring on, whether it came before (a new one on old data) or after (an old one put back).
 */
export function progressNameOf(context: string, views: readonly Pick<View<object>, 'name' | 'version'>[]): string {
  return `${context}.progress.${sha256(views.map(tableOf).sort().join()).slice(0, 16)}`;
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
