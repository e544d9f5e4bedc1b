import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '@second-opinion/kernel';
import type { Lease, ViewStore } from '@second-opinion/view-store';
import type { ContextParts } from './context-definition';
import { allViews } from './deadlines';
import { feedsLease, policyPlace, progressNameOf, publisherPlace, tableOf, viewsLease } from './names';

/** HELD_MS: nobody else may have the leases meanwhile; dropping a large view takes a while. */
const HELD_MS = 120_000;
/** PATIENCE_MS is longer than a lease outlives a process that was killed. */
const PATIENCE_MS = 15_000;
const LOOK_MS = 500;

/** Derived is what a context has from the log and gets again from it. */
export interface Derived {
  /** views by the names of their tables. */
  readonly views: readonly string[];
  /** places: checkpoints of what follows the log. */
  readonly places: readonly string[];
}

/**
 * derivedOf a context: its views, and how far these, its publishers, its own policies and its workers are. A policy that starts at its
 * deployment keeps its place: without one it would pass by what happened meanwhile.
 */
export function derivedOf(parts: ContextParts): Derived {
  const { name, publishers, policies, retraced = [] } = parts;
  const all = allViews(parts);
  const views = all.map(tableOf);
  const own = policies.filter(({ listensTo, startsAt }) => listensTo === 'own-events' && startsAt === 'beginning');
  const places = [
    progressNameOf(name, all),
    ...views.map((view) => `${view}.built`),
    ...publishers.map(({ topic }) => publisherPlace(name, topic)),
    ...own.map((policy) => policyPlace(name, policy.name)),
    ...retraced,
  ];
  return { views, places };
}

/**
 * dropDerived takes away what a context has from the log: views stay, empty, places do not, and the next start begins at the beginning. All else
 * in the store stays: parked messages, and where groups began. May be repeated, and gone on with after a crash. Throws
 * `Unavailable('service-runs')`, with nothing changed, while somebody has one of the context's leases for longer than `patienceMs`.
 */
export async function dropDerived(
  parts: ContextParts,
  views: ViewStore,
  holder: string,
  patienceMs = PATIENCE_MS,
): Promise<Derived> {
  const { name, retraced = [] } = parts;
  const derived = derivedOf(parts);
  const until = performance.now() + patienceMs;
  const leases: Lease[] = [];
  try {
    for (const lease of [viewsLease(name), feedsLease(name), ...retraced])
      leases.push(await acquired(views, lease, holder, until));
    for (const one of [...derived.views, ...derived.places]) await views.drop(one);
    // Whoever has declared them before and waits for the lease finds them.
    for (const view of allViews(parts)) await views.declare({ name: tableOf(view), indexes: view.indexes });
  } finally {
    for (const lease of leases) await views.release(lease);
  }
  return derived;
}

async function acquired(views: ViewStore, name: string, holder: string, until: number): Promise<Lease> {
  for (;;) {
    const lease = await views.acquire(name, holder, HELD_MS);
    if (lease) return lease;
    if (performance.now() >= until) throw new Unavailable('service-runs', { lease: name });
    await pause(LOOK_MS);
  }
}
