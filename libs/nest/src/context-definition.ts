import type { Provider, Type } from '@nestjs/common';
import type { EventSchemas } from '@second-opinion/contracts';
import { categoryOf, type Deadline, type Policy, type Publisher, type View } from '@second-opinion/kernel';
import { decidersOf } from './decider-handlers';
import type { AnyDecider } from './deciders';
import type { OperationProblems } from './problems';
import type { Worker } from './worker';

/** Projected is what of a context turns events into rows; whoever only projects loads nothing else of it (`./views` of its package). */
export interface Projected {
  readonly name: string;
  // Rows and events differ per view, policy and deadline; the runners only need the shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly views: readonly View<any>[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly deadlines: readonly Deadline<any>[];
}

/** ContextParts is what a context is made of: its module is this list. */
export interface ContextParts extends Projected {
  readonly controllers: readonly Type[];
  /** problems that its operations can answer: what `npm run docs` found in the sources. */
  readonly problems: OperationProblems;
  /** events: the declared events of each category of streams that the context owns. */
  readonly events: Readonly<Record<string, EventSchemas>>;
  /** handlers: what `deciderHandlers` made. */
  readonly handlers: readonly Provider[];
  readonly policies: readonly Policy[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly publishers: readonly Publisher<any>[];
  /** workers: long-running work of the context's own, under a lease (following the whole log, sending mail). */
  readonly workers?: readonly Type<Worker>[];
  /** retraced: workers that follow the log from a checkpoint of their own name, and may be sent back to its beginning. */
  readonly retraced?: readonly string[];
  readonly providers?: readonly Provider[];
}

/** ContextDefinition is the context that a provider belongs to; one in each context's module. */
export class ContextDefinition {
  readonly deciders: readonly AnyDecider[];

  constructor(readonly parts: ContextParts) {
    this.deciders = decidersOf(parts.handlers);
  }

  /** name of the context. */
  get name(): string {
    return this.parts.name;
  }

  /** deciderOf finds who decides a stream. */
  deciderOf(stream: string): AnyDecider | undefined {
    const category = categoryOf(stream);
    return this.deciders.find((decider) => decider.category === category);
  }
}
