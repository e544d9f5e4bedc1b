import { fold, type Circumstances, type Decider } from '../decider';
import { DomainError } from '../errors';
import type { Event } from '../event';
import type { Sealed } from '../personal';
import { circumstances } from './fixtures';

/**
 * given starts a rule test: `given(decider).events(a, b).when('HonourRequest', {…}, { actor }).then({ type, data })`.
 * Events are compared whole; `refused` compares the code and, when given, the facts.
 */
export function given<Commands, State, E extends Event>(decider: Decider<Commands, State, E>) {
  const over = (history: readonly E[]) => ({
    /** events that happened before; may be called again to add more. */
    events: (...more: readonly E[]) => over([...history, ...more]),
    /** when this command comes, in these circumstances. */
    when<Name extends keyof Commands & string>(
      name: Name,
      command: Omit<Sealed<Commands[Name]>, never>,
      around: Partial<Circumstances> = {},
    ) {
      const attempt = (): E[] =>
        decider.decide[name](command as Sealed<Commands[Name]>, fold(decider, history), circumstances(around));
      return {
        /** then exactly these events happen. */
        then: (...expected: readonly E[]) => expect(attempt()).toEqual(expected),
        /** thenTypes: exactly events of these types happen; for when the data is asserted elsewhere. */
        thenTypes: (...types: readonly E['type'][]) => expect(attempt().map((event) => event.type)).toEqual(types),
        /** nothing happens, and it is not refused. */
        nothing: () => expect(attempt()).toEqual([]),
        /** refused with this code (and these facts). */
        refused: (code: string, facts?: DomainError['facts']) => {
          let error: unknown;
          try {
            attempt();
          } catch (caught) {
            error = caught;
          }
          expect(error).toBeInstanceOf(DomainError);
          expect((error as DomainError).code).toBe(code);
          if (facts) expect((error as DomainError).facts).toEqual(facts);
        },
        /** events gives what happens, to look into. */
        events: () => attempt(),
      };
    },
    /** state after the events, for tests of evolve. */
    state: () => fold(decider, history),
  });
  return over([]);
}
