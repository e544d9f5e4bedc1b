import { Injectable } from '@nestjs/common';
import { Conflict, Invalid, isActor, issue, NotFound, Refused, type Sealed } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult } from '@second-opinion/nest';
import { PersonLinks } from '@second-opinion/vault';
import { mustBeBorn } from '../person/birth-date.rules';
import { RecordCaseOfPerson, RegisterPerson } from '../person/person.commands';
import { person, type Person } from '../person/person.decider';
import { contactProblem } from '../register/contact.rules';
import { DeniedAttempts } from '../register/denied-attempts.handler';
import { Invitations } from '../register/invitations.handler';
import { RegisterFacts } from '../register/register-facts.handler';
import { SystemDoor } from '../register/system-door.handler';
import { personIdFor, type RecordSecondOpinionWish } from './case.commands';
import { secondOpinionCase } from './case.decider';
import type { Case } from './case.rules';

type Wish = Sealed<RecordSecondOpinionWish>;

/** The person first, the case second, both under derived ids: a retry completes what a crash cut. */
@Injectable()
export class RecordWishHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
    private readonly door: SystemDoor,
    private readonly invitations: Invitations,
    private readonly links: PersonLinks,
    private readonly denied: DeniedAttempts,
  ) {}

  async execute(command: RecordSecondOpinionWish): Promise<CommandResult> {
    const around = attachedTo(command);
    const [contract, ownDoctor] = await Promise.all([
      this.facts.contract(command.contractId),
      this.facts.doctor(around.actor.id),
    ]);
    command.ownDoctor = ownDoctor;
    command.contractKnown = contract?.organisationId === command.ownDoctor.organisationId;
    const wish = command as unknown as Wish;
    const { state } = await this.deciders.state<Case>(secondOpinionCase, command.caseId, command);
    if (state.status === 'none') {
      // What would be refused must leave no person and send no invitation; what is not there yet has no ETag.
      if (around.ifMatch !== undefined) throw new Conflict('precondition-failed');
      secondOpinionCase.decide.RecordSecondOpinionWish(wish, state, around);
      await this.mayFollow(command);
      const { employee, personId } = wish;
      if (employee) await this.register(command, employee, contract?.mailDomains ?? []);
      else if (personId !== undefined) return this.recordCaseOf(command, personId, contract?.mailDomains ?? []);
    }
    return this.deciders.execute(secondOpinionCase, command);
  }

  /**
   * mayFollow: the earlier request that is filed again with new facts was this doctor's, for the same person, and refused by him (A4); any other
   * wish is a case of its own.
   */
  private async mayFollow(command: RecordSecondOpinionWish): Promise<void> {
    const { previousCaseId, personId, ownDoctor } = command;
    if (previousCaseId === undefined) return;
    const { wish, status, outcome } = await this.facts.caseState(previousCaseId);
    const ofAnother = wish?.ownDoctorId !== ownDoctor.doctorId;
    if (ofAnother) await this.denied.write(command, previousCaseId, wish?.employeeId, previousCaseId);
    if (ofAnother || wish?.employeeId !== personId) throw new NotFound();
    if (status !== 'closed' || outcome !== 'REFUSED') throw new Refused('intake.previous-not-refused');
  }

  private async register(
    command: RecordSecondOpinionWish,
    employee: NonNullable<Wish['employee']>,
    employerDomains: readonly string[],
  ) {
    const { caseId, contractId } = command;
    const { name, birthDate, contact, channel, language } = employee;
    const personId = personIdFor(caseId);
    const [plainName = '', plainBirthDate = '', plainContact = ''] = await this.door.read(command, personId, [
      { seal: name, field: 'name' },
      { seal: birthDate, field: 'birthDate' },
      { seal: contact, field: 'contact' },
    ]);
    const problem = contactProblem(plainContact, channel, employerDomains);
    mustBeBorn(plainBirthDate, attachedTo(command).now, '/employee/birthDate');
    if (problem === 'malformed') throw new Invalid('invalid-request', { at: '/employee/contact', rule: 'format' });
    if (problem || !employee.declaredPrivate) throw new Refused('intake.contact-not-private');
    const { commandId, actor, created } = attachedTo(command);
    const invitation = await this.invitations.issue(personId, commandId);
    if (created?.isNew) this.deciders.begins(person, personId);
    const fields = { personId, caseId, ownDoctorId: actor.id, contractId, name, birthDate, contact, channel, language };
    await this.deciders.also(person, issue(RegisterPerson, { ...fields, invitation }), command);
    // Only after it: what a person is found by goes with his keys, and of whom there is no registration nobody would ever destroy them.
    await this.links.rememberPerson(plainName, plainBirthDate, personId);
  }

  /** recordCaseOf records a further case of a person whom this doctor knows from an earlier one; with a code, if he has neither login nor code. */
  private async recordCaseOf(
    command: RecordSecondOpinionWish,
    personId: string,
    employerDomains: readonly string[],
  ): Promise<CommandResult> {
    const { actor, now, commandId } = attachedTo(command);
    const { state } = await this.deciders.state<Person>(person, personId, command);
    if (!state.cases.some(({ ownDoctorId }) => isActor(actor, ownDoctorId))) {
      await this.denied.write(command, personId, state.personId);
      throw new NotFound();
    }
    const { caseId, contractId } = command;
    // Nobody begins a case for somebody who was forgotten: he could take no part in it.
    if (state.identity) await this.door.mustLive(state.identity.name);
    if (!state.cases.some((one) => one.contractId === contractId))
      await this.mustStayPrivate(command, personId, state, employerDomains);
    const { invitation: last, linked, unreachable } = state;
    const spent = unreachable || last === undefined || last.expiresAt <= now;
    // While no case waited, nobody was reminded of his code.
    const inVain = !linked && (spent || !(await this.facts.runs(state)));
    const invitation = inVain ? { invitation: await this.invitations.issue(personId, commandId) } : {};
    const record = issue(RecordCaseOfPerson, { personId, caseId, ownDoctorId: actor.id, contractId, ...invitation });
    return this.deciders.both(person, record, secondOpinionCase, command);
  }

  /** mustStayPrivate: under another employer, the address that he has must not be in a domain of that one (BR-40). */
  private async mustStayPrivate(
    command: RecordSecondOpinionWish,
    personId: string,
    { contact }: Person,
    employerDomains: readonly string[],
  ): Promise<void> {
    if (!contact || employerDomains.length === 0) return;
    const { seal, channel } = contact;
    const [plain = ''] = await this.door.read(command, personId, [{ seal, field: 'contact' }]);
    if (contactProblem(plain, channel, employerDomains)) throw new Refused('intake.contact-not-private');
  }
}
