import { Injectable, type Provider, type Type } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { Command, type CommandClass, type Decider, type Event, type InstancesOf } from '@second-opinion/kernel';
import { Deciders, type AnyDecider, type CommandResult } from './deciders';

/** OutsideFacts is a handler that fetches what the decider may not: puts it into the command and calls the decider. */
export interface OutsideFacts<C extends Command = never> {
  execute(command: C): Promise<CommandResult>;
}

const decidersByCommand = new WeakMap<object, AnyDecider>();
const decidersByProvider = new WeakMap<object, AnyDecider>();

/** deciderOf tells which decider decides a command class; undefined when no context has listed it. */
export function deciderOf(type: object): AnyDecider | undefined {
  return decidersByCommand.get(type);
}

/** commandClassesOf lists the command classes of a module of command classes. */
export function commandClassesOf(commands: object): CommandClass[] {
  return Object.values(commands).filter((value): value is CommandClass => isCommandClass(value));
}

/**
 * deciderHandlers makes one CommandBus handler per command class of the module. It does not compile when a class lacks a decision or
 * a decision its class, and throws at start when the tables differ. `outside` names handlers for commands that need outside facts.
 */
export function deciderHandlers<Commands extends object, State, E extends Event>(
  decider: Decider<InstancesOf<Commands>, State, E>,
  commands: Commands,
  outside: {
    readonly [Name in keyof InstancesOf<Commands>]?: Type<OutsideFacts<InstancesOf<Commands>[Name] & Command>>;
  } = {},
): Provider[] {
  const classes = commandClassesOf(commands);
  const decided = Object.keys(decider.decide).sort().join();
  const declared = classes
    .map((type) => type.name)
    .sort()
    .join();
  if (decided !== declared)
    throw new TypeError(`${decider.category}: decisions [${decided}] and commands [${declared}] differ`);
  const handlers = outside as Readonly<Record<string, Type<OutsideFacts> | undefined>>;
  return classes.flatMap((type) => {
    decidersByCommand.set(type, decider);
    const special = handlers[type.name];
    const handler = special ? outsideHandler(type, special) : plainHandler(type, decider);
    decidersByProvider.set(handler, decider);
    return special ? [special, handler] : [handler];
  });
}

/** decidersOf lists the deciders behind the providers that `deciderHandlers` made. */
export function decidersOf(providers: readonly Provider[]): AnyDecider[] {
  return [...new Set(providers.flatMap((provider) => decidersByProvider.get(provider as object) ?? []))];
}

function plainHandler(type: CommandClass, decider: AnyDecider): Type {
  @CommandHandler(type)
  class Handler {
    constructor(private readonly deciders: Deciders) {}
    execute(command: Command): Promise<CommandResult> {
      return this.deciders.execute(decider, command);
    }
  }
  Reflect.defineMetadata('design:paramtypes', [Deciders], Handler);
  Object.defineProperty(Handler, 'name', { value: `${type.name}Handler` });
  return Handler;
}

function outsideHandler(type: CommandClass, special: Type<OutsideFacts>): Type {
  @CommandHandler(type)
  @Injectable()
  class Handler {
    constructor(private readonly facts: OutsideFacts<Command>) {}
    execute(command: Command): Promise<CommandResult> {
      return this.facts.execute(command);
    }
  }
  Reflect.defineMetadata('design:paramtypes', [special], Handler);
  Object.defineProperty(Handler, 'name', { value: `${type.name}Handler` });
  return Handler;
}

function isCommandClass(value: unknown): value is CommandClass {
  return typeof value === 'function' && value.prototype instanceof Command;
}
