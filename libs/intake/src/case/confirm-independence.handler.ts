import { Injectable } from '@nestjs/common';
import { isActor, issue, localDateOf } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult } from '@second-opinion/nest';
import { ReserveDoctor, type Reservation } from '../person/person.commands';
import { person, type Person } from '../person/person.decider';
import { RegisterFacts } from '../register/register-facts.handler';
import type { ConfirmIndependence } from './case.commands';
import { secondOpinionCase } from './case.decider';
import { isAboutToAct } from './case.rules';
import { mayBeChosen } from './independence.rules';

/**
 * Declare independence: the same proof once more, on the day (BR-15, BR-19, BR-21). The doctor is first reserved with the person, whose stream
 * all his cases touch: of two declarations at the same instant, in two cases of his, one finds the other. What is refused anyway reserves nobody.
 */
@Injectable()
export class ConfirmIndependenceHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
  ) {}

  async execute(command: ConfirmIndependence): Promise<CommandResult> {
    const { caseId } = command;
    const { actor, now } = attachedTo(command);
    const { wish, assignment } = await this.facts.caseState(caseId);
    const { doctorId = '', round, step } = assignment ?? {};
    const { candidates, ownDoctor, contract } = await this.facts.choice(caseId, [doctorId]);
    const [candidate] = candidates;
    Object.assign(command, { candidate, ownDoctor, contract });
    const mayConfirm = candidate && mayBeChosen(candidate, ownDoctor, contract, localDateOf(now));
    if (wish && round !== undefined && step === 'accepted' && isActor(actor, doctorId) && mayConfirm)
      await this.reserve(command, wish.employeeId, { doctorId, caseId, round });
    return this.deciders.execute(secondOpinionCase, command);
  }

  /** reserve with every registration of the human being, in one order, so that two of them at once meet at the first. */
  private async reserve(
    command: ConfirmIndependence,
    employeeId: string,
    asked: Reservation & { readonly doctorId: string },
  ): Promise<void> {
    const registrations = await this.facts.registrations(employeeId);
    for (const personId of [...registrations.keys()].sort()) {
      const { state } = await this.deciders.state<Person>(person, personId);
      const lapsed = await this.lapsed(asked.doctorId, state.reserved[asked.doctorId]);
      const fields = { personId, ...asked, ...(lapsed ? { lapsed } : {}) };
      await this.deciders.also(person, issue(ReserveDoctor, fields), command);
    }
  }

  /** lapsed gives a reservation of which nothing came, and nothing can come any more. */
  private async lapsed(doctorId: string, held: Reservation | undefined): Promise<Reservation | undefined> {
    if (!held) return undefined;
    return isAboutToAct(await this.facts.caseState(held.caseId), doctorId, held.round) ? undefined : held;
  }
}
