import { CONTEXTS, type ContextName } from '@second-opinion/contracts';
import { seeded } from './crash-clients';

/** ENGINES_HARMED by name, as the control endpoint knows them. */
export const ENGINES_HARMED = ['eventstoredb', 'kafka', 'mongodb'] as const;
/** EngineName of an engine. */
export type EngineName = (typeof ENGINES_HARMED)[number];

/**
 * Harm is one step of the schedule: so long after the step before it began, this is done to these; what is killed stays away, what is
 * frozen still, for so long.
 */
export interface Harm<Target extends string = string> {
  readonly afterMs: number;
  readonly kind: 'kill' | 'freeze' | 'cut';
  readonly targets: readonly Target[];
  readonly forMs: number;
}

/** Tempo of a lane: the longest time from step to step, how long something is away or still at most, and how likely what is. */
interface Tempo {
  readonly everyMs: number;
  readonly awayMs: number;
  readonly stillMs: number;
  readonly kill: number;
  readonly freeze: number;
}

// Something that stands still for longer than a lease lasts (10 s) wakes up to find that another has taken it.
const SERVICES: Tempo = { everyMs: 48_000, awayMs: 2_000, stillMs: 14_000, kill: 0.75, freeze: 0.15 };
const ENGINES: Tempo = { everyMs: 18_000, awayMs: 4_000, stillMs: 8_000, kill: 0.7, freeze: 0.15 };

/**
 * harmToServices is an endless schedule for the six services, one of several that run beside each other (`lane`): one, two or three of
 * them at once; `cut` cuts the clients' connections.
 */
export function* harmToServices(seed: number, lane = 0): Generator<Harm<ContextName>> {
  const random = seeded(seed + lane * 1_000_003);
  for (;;) {
    const step = next(random, SERVICES);
    const many = step.kind === 'kill' ? 1 + Math.floor(random() * 3) : 1;
    yield { ...step, targets: some(random, CONTEXTS, many) };
  }
}

/** harmToEngines is the endless schedule for the engines, one at a time. */
export function* harmToEngines(seed: number): Generator<Harm<EngineName>> {
  const random = seeded(seed ^ 0x5bd1e995);
  for (;;) yield { ...next(random, ENGINES), targets: some(random, ENGINES_HARMED, 1) };
}

function next(random: () => number, tempo: Tempo): Omit<Harm, 'targets'> {
  const afterMs = Math.round(500 + random() * tempo.everyMs);
  const dice = random();
  const kind = dice < tempo.kill ? 'kill' : dice < tempo.kill + tempo.freeze ? 'freeze' : 'cut';
  const most = { kill: tempo.awayMs, freeze: tempo.stillMs, cut: 0 }[kind];
  return { afterMs, kind, forMs: Math.round(random() * most) };
}

function some<T>(random: () => number, all: readonly T[], many: number): readonly T[] {
  const left = [...all];
  return Array.from({ length: many }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}
