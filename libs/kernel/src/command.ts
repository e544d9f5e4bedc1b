/**
 * Command is the root of every command class: HTTP body, bus message and validation rules in one. Fields only; who, when
 * and under which id travel apart (its circumstances, libs/nest).
 */
export abstract class Command {
  // A private brand, so that a plain object is not taken for a command by mistake.
  declare protected readonly __command: true;
}

/** CommandClass is the constructor of a command; commands are made without arguments and then filled. */
export type CommandClass<C extends Command = Command> = new () => C;

/** Fields of a command: what can be set. */
export type FieldsOf<C> = { [K in keyof C as C[K] extends (...args: never[]) => unknown ? never : K]: C[K] };

/** InstancesOf maps a module of command classes to their instances, by class name; a class counts when it extends {@link Command}. */
export type InstancesOf<Module> = {
  [K in keyof Module as Module[K] extends new () => Command ? K : never]: Module[K] extends new () => infer C
    ? C
    : never;
};
