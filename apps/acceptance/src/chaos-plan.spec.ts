import { CONTEXTS } from '@second-opinion/contracts';
import { ENGINES_HARMED, harmToEngines, harmToServices } from './chaos-plan';

const STEPS = 500;

describe('the schedule of what is broken', () => {
  const services = (seed: number) => first(harmToServices(seed));
  const engines = (seed: number) => first(harmToEngines(seed));

  it('is the same for the same seed, and another for another', () => {
    expect(services(7)).toEqual(services(7));
    expect(engines(7)).toEqual(engines(7));
    expect(services(8)).not.toEqual(services(7));
    expect(engines(8)).not.toEqual(engines(7));
  });

  it('kills, freezes and cuts every service and every engine', () => {
    for (const [steps, all] of [
      [services(1), CONTEXTS],
      [engines(1), ENGINES_HARMED],
    ] as const)
      for (const target of all)
        for (const kind of ['kill', 'freeze', 'cut'])
          expect({
            target,
            kind,
            hit: steps.some((one) => one.kind === kind && one.targets.includes(target as never)),
          }).toEqual({ target, kind, hit: true });
  });

  it('hits up to three services at once, each once, and lets some stand still for longer than a lease lasts', () => {
    const steps = services(1);
    expect(new Set(steps.map(({ targets }) => targets.length))).toEqual(new Set([1, 2, 3]));
    expect(steps.every(({ targets }) => new Set(targets).size === targets.length)).toBe(true);
    expect(steps.some(({ kind, forMs }) => kind === 'freeze' && forMs > 10_000)).toBe(true);
  });
});

/** first steps of a schedule that never ends. */
function first<Step>(schedule: Iterable<Step>): readonly Step[] {
  const steps: Step[] = [];
  for (const step of schedule) {
    steps.push(step);
    if (steps.length === STEPS) break;
  }
  return steps;
}
