import { derivedId, type TopicPolicy } from '@second-opinion/kernel';
import type { Message } from '@second-opinion/message-bus';
import { redelivered } from '@second-opinion/kernel/testing';
import type { HoldingBus } from './holding-bus';
import type { TestContext } from './test-context';

/** Step is one thing that happens to a case of a test: another context tells something, or somebody does something. */
export interface Step {
  readonly name: string;
  /** told: a message, which may come twice; what somebody does happens once. */
  readonly told: boolean;
  run(context: TestContext, caseId: string): Promise<unknown>;
}

/** Played is one order, and the case to which things happened in it. */
export interface Played {
  readonly caseId: string;
  /** order: the names of the steps, for the failing assertion. */
  readonly order: string;
}

let told = 0;

/**
 * tells makes a step of an integration event about the case, one that the policy listens to; whenever it is played again in the same
 * case it is the same event again.
 */
export function tells<Messages extends { [type: string]: object }, Type extends keyof Messages & string>(
  { listensTo }: TopicPolicy<Messages>,
  type: Type,
  data: Partial<Messages[Type]> | ((caseId: string) => Partial<Messages[Type]>) = {},
): Step {
  const number = ++told;
  return {
    name: type,
    told: true,
    run: async (context, caseId) => {
      const fields = { caseId, ...(typeof data === 'function' ? data(caseId) : data) };
      for (const topic of listensTo)
        await context.publish(topic, caseId, type, fields, derivedId('told', number, caseId));
    },
  };
}

/** does makes a step of what somebody does, once. */
export function does(name: string, run: Step['run']): Step {
  return { name, told: false, run };
}

/** letsGo makes a step that lets the first message about the case go that is held back, if there is one. */
export const letsGo: Step = does('…', async ({ holding }, caseId) => {
  await holding?.letGo(holding.waiting.filter((message) => isAbout(message, caseId)).slice(0, 1));
});

/**
 * playInEveryOrder plays each order, also with its messages doubled, in a case of its own: all cases side by side, one step at a time,
 * everything settled after each. `before` is done for every case first. What is still held back in the end is let go: of the key that
 * waits longest first, or of the one that waits shortest; and in every other case all of it comes once more. Throws when a policy could
 * not handle something, in whatever order.
 */
export async function playInEveryOrder(
  context: TestContext,
  orders: readonly (readonly Step[])[],
  before: readonly Step[] = [],
): Promise<readonly Played[]> {
  const cases = orders
    .flatMap((order) => redelivered(order, (step) => step.told))
    .map((steps) => ({ caseId: derivedId('case', ++told), steps: [...before, ...steps] }));
  const caseIds = cases.map(({ caseId }) => caseId);
  const longest = Math.max(...cases.map(({ steps }) => steps.length));
  for (let place = 0; place < longest; place++) {
    await Promise.all(cases.map(async ({ caseId, steps }) => steps[place]?.run(context, caseId)));
    await context.settled();
  }
  if (context.holding) await letAllGo(context, context.holding, caseIds);
  const parked = (await context.platform.bus.parked()).map(({ group, event, reason }) => ({
    group,
    type: event.type,
    reason,
  }));
  if (parked.length > 0) throw new Error(`a policy could not handle what came: ${JSON.stringify(parked[0])}`);
  return cases.map(({ caseId, steps }) => ({ caseId, order: steps.map(({ name }) => name).join(' ') }));
}

async function letAllGo(context: TestContext, holding: HoldingBus, caseIds: readonly string[]): Promise<void> {
  while (holding.waiting.length > 0) {
    const going = caseIds.flatMap((caseId, index) => {
      const mine = holding.waiting.filter((message) => isAbout(message, caseId));
      const key = (index % 4 < 2 ? mine[0] : mine.at(-1))?.key;
      return mine.find((message) => message.key === key) ?? [];
    });
    if (going.length === 0) throw new Error('what is held back is about none of the cases');
    await holding.letGo(going);
    await context.settled();
  }
  await holding.again((message) => caseIds.some((caseId, index) => index % 2 === 1 && isAbout(message, caseId)));
  await context.settled();
}

const texts = new WeakMap<Message, string>();

function isAbout(message: Message, caseId: string): boolean {
  const text = texts.get(message) ?? JSON.stringify(message);
  texts.set(message, text);
  return text.includes(caseId);
}
