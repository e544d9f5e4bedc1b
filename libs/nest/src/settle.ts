import type { EventStore } from '@second-opinion/event-store';
import type { ContextRunner } from './context-runner';

const ROUNDS = 200;

/**
 * settleAll resolves when all that follows from what happened has happened: two rounds in which no context had anything to do and the
 * log stood still, from before the first to after the second. False when it still goes on after so many rounds (steady load).
 */
export async function settleAll(runners: readonly ContextRunner[], store: EventStore): Promise<boolean> {
  let end = await store.end();
  for (let quiet = 0, round = 0; round < ROUNDS; round++) {
    let busy = false;
    for (const runner of runners) busy = (await runner.settle()) || busy;
    const now = await store.end();
    // A deadline or a worker may have appended between two looks; only an unchanged log says that nothing did.
    quiet = busy || now !== end ? 0 : quiet + 1;
    end = now;
    if (quiet === 2) return true;
  }
  return false;
}
