import type { ModuleMetadata } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ContextDefinition, type ContextParts } from './context-definition';
import { ContextRunner } from './context-runner';
import { declareEvents } from './declared-events';
import { Follower } from './follower';
import { Reads } from './reads';

const contexts = new Map<string, ContextParts>();

/** contextModule makes the Nest module of a context out of its list of parts. */
export function contextModule(parts: ContextParts): ModuleMetadata {
  contexts.set(parts.name, parts);
  declareEvents(parts.events);
  return {
    imports: [CqrsModule],
    controllers: [...parts.controllers],
    providers: [
      { provide: ContextDefinition, useValue: new ContextDefinition(parts) },
      Follower,
      Reads,
      ContextRunner,
      ...parts.handlers,
      ...(parts.workers ?? []),
      ...(parts.providers ?? []),
    ],
  };
}

/** contextsHere lists the contexts whose modules were loaded in this process, for documents and tests that walk all of them. */
export function contextsHere(): readonly ContextParts[] {
  return [...contexts.values()];
}
