import {
  localDateOf,
  Refused,
  addHours,
  type Circumstances,
  type LocalDate,
  type Sealed,
} from '@second-opinion/kernel';
import { intakeTerms, textVersions } from '../intake.terms';
import { offer } from './assignment.rules';
import type { CaseEvent } from './case.events';
import type * as commands from './case.commands';
import { evolve } from './case-evolution.rules';
import {
  byEmployee,
  byOwnDoctor,
  honoured,
  isShared,
  undecided,
  type Case,
  type Choice,
  type Wish,
} from './case.rules';
import {
  asDeclared,
  independenceChecks,
  mayBeChosen,
  mustBeRegistered,
  type Candidate,
  type ContractTerms,
  type RegisteredDoctor,
} from './independence.rules';

type Decide<C> = (command: Sealed<C>, state: Case, around: Circumstances) => CaseEvent[];

/** needsDoctor gives the wish of a case for which a doctor is to be chosen: honoured, or submitted and nobody left. */
function needsDoctor(state: Case): Wish {
  const wish = honoured(state);
  if (state.status === 'submitted' && (!state.noDoctor || isShared(state)))
    throw new Refused('intake.already-submitted');
  return wish;
}

/** A5: the own doctor proposes; with several doctors in the base contract who may be chosen he must leave a choice (BR-16). */
export const proposeDoctors: Decide<commands.ProposeDoctors> = (command, state, around) => {
  byOwnDoctor(needsDoctor(state), around);
  const { contract, ownDoctor, register } = command;
  const doctorIds = [...new Set(command.doctorIds)];
  const on = localDateOf(around.now);
  const isChoice = () =>
    !register || choosable(register, state, ownDoctor, contract, on).filter(({ contracted }) => contracted).length > 1;
  if (contract.listed > 1 && doctorIds.length < 2 && isChoice())
    throw new Refused('intake.choice-required', { listed: contract.listed });
  mustBeRegistered(ownDoctor, on);
  for (const doctorId of doctorIds)
    independenceChecks(candidateOf(command.candidates, doctorId, state), ownDoctor, contract, on);
  return [
    {
      type: 'DoctorsProposed',
      data: {
        doctorIds,
        proposedAt: around.now,
        choiceDueAt: addHours(around.now, intakeTerms.doctorChoiceHours),
      },
    },
  ];
};

/** While a choice stands nobody is late, also when others were proposed after it. */
export const noteDoctorChoiceOverdue: Decide<commands.NoteDoctorChoiceOverdue> = ({ dueAt }, state) =>
  state.proposed?.choiceDueAt === dueAt &&
  !state.proposed.overdue &&
  state.choices.length === 0 &&
  state.outcome === undefined
    ? [{ type: 'DoctorChoiceOverdue', data: { dueAt } }]
    : [];

/** A5: the employee chooses, also outside the contract (BR-15..17, BR-19..21). */
export const chooseDoctor: Decide<commands.ChooseSecondOpinionDoctor> = (command, state, around) => {
  byEmployee(needsDoctor(state), around);
  if (!state.proposed) throw new Refused('intake.doctors-not-proposed');
  const { first, second, ownDoctor, contract } = command;
  if (first === second) throw new Refused('intake.same-doctor-twice', { doctorId: first });
  const on = localDateOf(around.now);
  const named = second === undefined ? [first] : [first, second];
  const choices = named.map((doctorId): Choice => {
    const candidate = candidateOf(command.candidates, doctorId, state);
    const checks = independenceChecks(candidate, ownDoctor, contract, on);
    const { contracted } = candidate;
    return { doctorId, contracted, agreedByContract: !contracted && contract.agreesToOthers, checks };
  });
  const chosen: CaseEvent = {
    type: 'DoctorChosen',
    data: { choices, payerDecisionNeeded: undecided({ ...state, choices }).length > 0, at: around.now },
  };
  return andOffer(state, [chosen], around);
};

/** BR-18: the employer may only be asked when the employee agreed that he learns of the second opinion. */
export const consentToDisclosure: Decide<commands.ConsentToDisclosure> = (_, state, around) => {
  byEmployee(honoured(state), around);
  if (undecided(state).length === 0) throw new Refused('intake.no-payer-decision-needed');
  if (state.disclosureConsented) return [];
  return [{ type: 'DisclosureToEmployerConsented', data: { at: around.now }, textVersion: textVersions.disclosure }];
};

export const withdrawDisclosureConsent: Decide<commands.WithdrawDisclosureConsent> = (_, state, around) => {
  byEmployee(honoured(state), around);
  return state.disclosureConsented ? [{ type: 'DisclosureConsentWithdrawn', data: { at: around.now } }] : [];
};

/** BR-17, BR-18: what the employer answered the own doctor. */
export const recordEmployerAgreement: Decide<commands.RecordEmployerAgreement> = ({ agreed }, state, around) => {
  byOwnDoctor(honoured(state), around);
  if (!state.disclosureConsented) throw new Refused('intake.no-disclosure-consent');
  const doctorIds = undecided(state).map(({ doctorId }) => doctorId);
  if (doctorIds.length === 0) throw new Refused('intake.no-payer-decision-needed');
  const data = { doctorIds, at: around.now };
  return agreed
    ? andOffer(state, [{ type: 'EmployerAgreementObtained', data }], around)
    : [{ type: 'EmployerAgreementDenied', data }];
};

/** BR-17: or the employee pays himself. */
export const payAsEmployee: Decide<commands.PayAsEmployee> = ({ debtor }, state, around) => {
  byEmployee(honoured(state), around);
  const doctorIds = undecided(state).map(({ doctorId }) => doctorId);
  if (doctorIds.length === 0) throw new Refused('intake.no-payer-decision-needed');
  const agreed: CaseEvent = {
    type: 'EmployeeAgreedToPay',
    data: { doctorIds, debtor, at: around.now },
    textVersion: textVersions.employeePays,
  };
  return andOffer(state, [agreed], around);
};

/** andOffer: once submitted, a new choice needs no new request; it is offered as soon as it is clear who pays (BR-20). */
function andOffer(state: Case, events: CaseEvent[], around: Circumstances): CaseEvent[] {
  const after = events.reduce(evolve, state);
  const [next] = after.waiting;
  const waits =
    after.status === 'submitted' && after.noDoctor && !isShared(after) && next && undecided(after).length === 0;
  return waits ? [...events, offer(after, next, around)] : events;
}

/** choosable: the doctors of the register against whom nothing stands in this case. */
export function choosable(
  register: readonly Candidate[],
  state: Case,
  ...[own, contract, on]: [RegisteredDoctor, ContractTerms, LocalDate]
): Candidate[] {
  return register
    .map(({ doctorId }) => candidateOf(register, doctorId, state))
    .filter((candidate) => mayBeChosen(candidate, own, contract, on));
}

function candidateOf(candidates: readonly Candidate[], doctorId: string, state: Case): Candidate {
  const found = candidates.find((candidate) => candidate.doctorId === doctorId);
  if (!found) throw new TypeError('the handler fetches every doctor named');
  return asDeclared(found, state);
}
