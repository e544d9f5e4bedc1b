import { Injectable } from '@nestjs/common';
import { Deciders, type CommandResult } from '@second-opinion/nest';
import { RegisterFacts } from '../register/register-facts.handler';
import type { NotePersonUnreachable, RepeatInvitation } from './person.commands';
import { person, type Person } from './person.decider';

/** Nobody is reminded of an invitation that no case waits for any more. */
@Injectable()
export class AttemptsHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
  ) {}

  async execute(command: RepeatInvitation | NotePersonUnreachable): Promise<CommandResult> {
    const { state } = await this.deciders.state<Person>(person, command.personId);
    command.caseRuns = await this.facts.runs(state);
    return this.deciders.execute(person, command);
  }
}
