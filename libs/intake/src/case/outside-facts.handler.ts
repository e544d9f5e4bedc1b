import { Injectable } from '@nestjs/common';
import type { Seal } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult } from '@second-opinion/nest';
import { Vault } from '@second-opinion/vault';
import { RegisterFacts } from '../register/register-facts.handler';
import { SecondOpinionDoctors } from '../register/second-opinion-doctors.handler';
import {
  ProposeDoctors,
  type AcceptAssignment,
  type ChooseSecondOpinionDoctor,
  type CompleteDecisionAid,
  type DescribeRequest,
  type EndForUnreachableEmployee,
  type EndForLackOfDoctor,
  type ExplainNonSuspension,
  type HonourRequest,
  type NoteEmployeeSilent,
  type RefuseRequest,
  type RejectIndependence,
  type RemindEmployeeOfAnswer,
  type SubmitSecondOpinionRequest,
} from './case.commands';
import { secondOpinionCase } from './case.decider';
import { isEnded, type Case } from './case.rules';

type ProfessionalAct = ExplainNonSuspension | DescribeRequest | HonourRequest | SubmitSecondOpinionRequest;

/** What the own doctor does as a doctor: is he registered today? (BR-19) */
@Injectable()
export class OwnDoctorHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
  ) {}

  async execute(command: ProfessionalAct): Promise<CommandResult> {
    const { wish } = await this.facts.caseState(command.caseId);
    command.ownDoctor = await this.facts.doctor(wish?.ownDoctorId ?? '');
    return this.deciders.execute(secondOpinionCase, command);
  }
}

/** Refuse: also, which earlier cases of this employee are on the same advice (BR-12). */
@Injectable()
export class RefuseRequestHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
  ) {}

  async execute(command: RefuseRequest): Promise<CommandResult> {
    const state = await this.facts.caseState(command.caseId);
    command.ownDoctor = await this.facts.doctor(state.wish?.ownDoctorId ?? '');
    command.earlierCaseIds = await this.onSameAdvice(command.caseId, state);
    return this.deciders.execute(secondOpinionCase, command);
  }

  private async onSameAdvice(caseId: string, { wish, form }: Case): Promise<string[]> {
    if (!wish || !form) return [];
    const earlier = await this.facts.earlierCases(wish.employeeId, caseId);
    return earlier
      .filter(({ state }) => state.form?.subject === form.subject && state.form.firstAdviceOn === form.firstAdviceOn)
      .map((one) => one.caseId);
  }
}

/** Propose and choose: what the registers, the contract and earlier cases say of each doctor named. */
@Injectable()
export class DoctorsNamedHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
    private readonly register: SecondOpinionDoctors,
  ) {}

  async execute(command: ProposeDoctors | ChooseSecondOpinionDoctor): Promise<CommandResult> {
    const named = command instanceof ProposeDoctors ? command.doctorIds : [command.first, command.second ?? []].flat();
    Object.assign(command, await this.facts.choice(command.caseId, named));
    if (command instanceof ProposeDoctors && new Set(named).size < 2 && command.contract.listed > 1)
      command.register = (await this.facts.choice(command.caseId, await this.register.ids())).candidates;
    return this.deciders.execute(secondOpinionCase, command);
  }
}

/** End for lack of a doctor: before the submission, whether anybody in the register may be chosen. */
@Injectable()
export class EndForLackOfDoctorHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
    private readonly register: SecondOpinionDoctors,
  ) {}

  async execute(command: EndForLackOfDoctor): Promise<CommandResult> {
    const { status } = await this.facts.caseState(command.caseId);
    if (status === 'honoured') {
      const { candidates, ...facts } = await this.facts.choice(command.caseId, await this.register.ids());
      Object.assign(command, { register: candidates, ...facts });
    }
    return this.deciders.execute(secondOpinionCase, command);
  }
}

/** Accept: the same proof once more, on the day (BR-15, BR-19, BR-21). */
@Injectable()
export class AcceptAssignmentHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
  ) {}

  async execute(command: AcceptAssignment): Promise<CommandResult> {
    const { assignment } = await this.facts.caseState(command.caseId);
    const doctorId = assignment?.doctorId ?? '';
    const { candidates, ...facts } = await this.facts.choice(command.caseId, [doctorId]);
    Object.assign(command, { candidate: candidates[0], ...facts });
    return this.deciders.execute(secondOpinionCase, command);
  }
}

/** Reject: in which other cases it counts too (BR-21). */
@Injectable()
export class RejectIndependenceHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
  ) {}

  async execute(command: RejectIndependence): Promise<CommandResult> {
    const { caseId } = command;
    const { wish } = await this.facts.caseState(caseId);
    const others = wish ? await this.facts.earlierCases(wish.employeeId, caseId) : [];
    command.otherCaseIds = others.filter(({ state }) => !isEnded(state)).map((other) => other.caseId);
    return this.deciders.execute(secondOpinionCase, command);
  }
}

/** Remind, and give up: has he a login, and since when? */
@Injectable()
export class EmployeeLoginHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
  ) {}

  async execute(command: RemindEmployeeOfAnswer | NoteEmployeeSilent): Promise<CommandResult> {
    const { wish } = await this.facts.caseState(command.caseId);
    const loggedInAt = wish && (await this.facts.loginOf(wish.employeeId));
    if (loggedInAt !== undefined) command.loggedInAt = loggedInAt;
    return this.deciders.execute(secondOpinionCase, command);
  }
}

/** End: can he still not be reached at this moment? */
@Injectable()
export class EndForUnreachableEmployeeHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
  ) {}

  async execute(command: EndForUnreachableEmployee): Promise<CommandResult> {
    const { wish } = await this.facts.caseState(command.caseId);
    command.unreachable = wish !== undefined && (await this.facts.isUnreachable(wish.employeeId));
    return this.deciders.execute(secondOpinionCase, command);
  }
}

/** The aid is evaluated on the plain answers; only their seal, the outcome and the versions are stored. */
@Injectable()
export class CompleteDecisionAidHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
    private readonly vault: Vault,
  ) {}

  async execute(command: CompleteDecisionAid): Promise<CommandResult> {
    const { caseId, answers: _none, ...answers } = command;
    const { wish } = await this.facts.caseState(caseId);
    const [seal] = await this.vault.seal([
      {
        text: JSON.stringify(answers),
        personId: wish?.employeeId ?? '',
        caseId,
        category: 'MEDICAL',
        purpose: 'intake.answers',
        object: attachedTo(command).commandId,
      },
    ]);
    command.answers = seal as Seal;
    command.ownDoctor = await this.facts.doctor(wish?.ownDoctorId ?? '');
    return this.deciders.execute(secondOpinionCase, command);
  }
}
