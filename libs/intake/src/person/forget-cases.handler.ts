import { Injectable } from '@nestjs/common';
import { issue } from '@second-opinion/kernel';
import { Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { NoteCaseForgotten } from '../case/case.commands';
import { secondOpinionCase } from '../case/case.decider';
import type { ForgetCasesOfPerson } from './person.commands';
import { person, type Person } from './person.decider';

/** Tells every case of a person that he was forgotten; what each does with it is its own decision. */
@Injectable()
export class ForgetCasesHandler implements OutsideFacts<ForgetCasesOfPerson> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: ForgetCasesOfPerson): Promise<CommandResult> {
    const { state } = await this.deciders.state<Person>(person, command.personId);
    for (const { caseId } of state.cases)
      await this.deciders.also(secondOpinionCase, issue(NoteCaseForgotten, { caseId }), command);
    return this.deciders.execute(person, command);
  }
}
