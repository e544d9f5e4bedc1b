import {
  PAYERS,
  REFUSAL_GROUNDS,
  SUBJECTS,
  type Payer,
  type RefusalGround,
  type Subject,
} from '@second-opinion/contracts';
import {
  beside,
  Command,
  derivedId,
  type CaseId,
  type DoctorId,
  type PersonId,
  type Personal,
  type Seal,
} from '@second-opinion/kernel';
import {
  Alternatives,
  IsCode,
  IsCount,
  IsFlag,
  IsId,
  IsInstant,
  IsLabel,
  IsListOf,
  IsLocalDate,
  IsPart,
  IsPersonal,
  IsRegion,
  Supplied,
} from '@second-opinion/nest/fields';
import { NewEmployee } from '../person/person.commands';
import { INITIATORS, INSTRUMENTS, MILESTONES, REASSIGNMENTS, type Milestone } from './case.events';
import { AID_SUBJECTS, DISPUTE_TYPES, REQUESTERS, type DecisionAidAnswers } from './decision-aid.rules';
import type { Candidate, ContractTerms, RegisteredDoctor } from './independence.rules';

export const WISH_INITIATORS = [...INITIATORS, 'EMPLOYER', 'CASE_MANAGER', 'OTHER'] as const;

/** personIdFor gives the id of the person a wish registers, beside that of the case. */
export const personIdFor = (caseId: string): string => beside(caseId, derivedId(caseId, 'person'));

/** Of somebody new (`employee`), or of a person whom this doctor knows from an earlier case. */
@Alternatives(['employee'], ['personId', 'previousCaseId'])
export class RecordSecondOpinionWish extends Command {
  static subject(command: RecordSecondOpinionWish) {
    return { personId: command.personId ?? personIdFor(command.caseId), caseId: '' };
  }
  @IsId() caseId!: CaseId;
  @IsCode(WISH_INITIATORS) initiator!: (typeof WISH_INITIATORS)[number];
  @IsId() contractId!: string;
  @IsRegion() region!: string;
  @IsId({ optional: true, description: 'Of an earlier case of yours' }) personId?: PersonId;
  @IsPart(NewEmployee, { optional: true }) employee?: NewEmployee;
  @IsId({ optional: true, description: 'Of the same person, refused earlier, now with new facts' })
  previousCaseId?: CaseId;
  @Supplied() ownDoctor!: RegisteredDoctor;
  @Supplied() contractKnown!: boolean;
}

export class ExplainNonSuspension extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() ownDoctor?: RegisteredDoctor;
}

export class CompleteDecisionAid extends Command implements DecisionAidAnswers {
  @IsId() caseId!: CaseId;
  @IsCode(REQUESTERS) requester!: DecisionAidAnswers['requester'];
  @IsCode(AID_SUBJECTS) subject!: DecisionAidAnswers['subject'];
  @IsFlag() firstAdviceExists!: boolean;
  @IsFlag() doubtMedical!: boolean;
  @IsFlag() preEmployment!: boolean;
  @IsFlag() aimNeedsLegalStatus!: boolean;
  @IsCode(DISPUTE_TYPES) disputeType!: DecisionAidAnswers['disputeType'];
  @IsFlag() stagnation!: boolean;
  @IsFlag() conflict!: boolean;
  @IsFlag() conductComplaint!: boolean;
  @IsFlag() nonMedical!: boolean;
  @IsFlag() sameQuestionBefore!: boolean;
  @IsFlag() obstructionSuspected!: boolean;
  @IsFlag() uwvDecision!: boolean;
  /** answers: the handler seals them; only outcome, rule and ruleset version are stored plain. */
  @Supplied() answers!: Seal;
  @Supplied() ownDoctor?: RegisteredDoctor;
}

export class InsistOnSecondOpinion extends Command {
  @IsId() caseId!: CaseId;
}

export class ChooseOtherInstrument extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(INSTRUMENTS) instrument!: (typeof INSTRUMENTS)[number];
}

export class DescribeRequest extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(SUBJECTS) subject!: Subject;
  @IsLocalDate({ description: 'Date of the advice that is doubted' }) firstAdviceOn!: string;
  @IsPersonal('MEDICAL', { maxLength: 4000, minLength: 10 }) doubt!: Personal;
  @IsPersonal('MEDICAL', { maxLength: 4000 }) questions!: Personal;
  @Supplied() ownDoctor?: RegisteredDoctor;
}

export class HonourRequest extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() ownDoctor!: RegisteredDoctor;
}

export class RefuseRequest extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(REFUSAL_GROUNDS) ground!: RefusalGround;
  @IsPersonal('MEDICAL', { maxLength: 4000, minLength: 20 }) motivation!: Personal;
  @IsLocalDate({ optional: true, description: 'Date of an earlier second opinion on the same advice, elsewhere' })
  earlierDeclaredOn?: string;
  @Supplied() ownDoctor!: RegisteredDoctor;
  /** earlierCaseIds: cases of the same employee on the same advice. */
  @Supplied() earlierCaseIds!: string[];
}

/** Only the deadline sends it. */
export class RemindOfDecision extends Command {
  @IsId() caseId!: CaseId;
}

/** Only the deadline sends it. */
export class NoteDecisionOverdue extends Command {
  @IsId() caseId!: CaseId;
}

export class ProposeDoctors extends Command {
  @IsId() caseId!: CaseId;
  @IsListOf(IsId(), 20, { min: 1 }) doctorIds!: string[];
  @Supplied() candidates!: Candidate[];
  @Supplied() ownDoctor!: RegisteredDoctor;
  @Supplied() contract!: ContractTerms;
  /** register: all second opinion doctors, where it matters whether there is a choice. */
  @Supplied() register?: Candidate[];
}

/** Only the deadline sends it. */
export class NoteDoctorChoiceOverdue extends Command {
  @IsId() caseId!: CaseId;
  @IsInstant() dueAt!: string;
}

export class ChooseSecondOpinionDoctor extends Command {
  @IsId() caseId!: CaseId;
  @IsId() first!: DoctorId;
  @IsId({ optional: true }) second?: DoctorId;
  /** candidates: first and, when named, second. */
  @Supplied() candidates!: Candidate[];
  @Supplied() ownDoctor!: RegisteredDoctor;
  @Supplied() contract!: ContractTerms;
}

export class ConsentToDisclosure extends Command {
  @IsId() caseId!: CaseId;
}

export class WithdrawDisclosureConsent extends Command {
  @IsId() caseId!: CaseId;
}

export class RecordEmployerAgreement extends Command {
  @IsId() caseId!: CaseId;
  @IsFlag() agreed!: boolean;
}

export class PayAsEmployee extends Command {
  @IsId() caseId!: CaseId;
  @IsPersonal('BILLING', { maxLength: 500, minLength: 5, description: 'Name and address for the invoice' })
  debtor!: Personal;
}

export class ConfirmRequest extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(100_000, { minimum: 1, description: 'Version of the form you have read' }) formVersion!: number;
}

export class SubmitSecondOpinionRequest extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() ownDoctor!: RegisteredDoctor;
}

export class AcceptAssignment extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() candidate!: Candidate;
  @Supplied() ownDoctor!: RegisteredDoctor;
  @Supplied() contract!: ContractTerms;
}

export class DeclineAssignment extends Command {
  @IsId() caseId!: CaseId;
}

/** A15: the doctor who took the assignment cannot finish it. */
export class ReassignAssignment extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(REASSIGNMENTS) cause!: (typeof REASSIGNMENTS)[number];
}

/** Only the deadline sends it; nobody answered, or nobody declared his independence, in time. */
export class NoteAssignmentNotAnswered extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(1000) round!: number;
  @IsCode(['answer', 'independence']) awaited!: 'answer' | 'independence';
}

export class ConfirmIndependence extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() candidate!: Candidate;
  @Supplied() ownDoctor!: RegisteredDoctor;
  @Supplied() contract!: ContractTerms;
}

/** He has treated or advised this person before. Who acts for him in another case only gives this one up (`ReassignAssignment`). */
export class RejectIndependence extends Command {
  @IsId() caseId!: CaseId;
  /** otherCaseIds: the other cases of this person that are still going on. */
  @Supplied() otherCaseIds!: string[];
}

/** Only a policy sends it: this doctor rejected his independence in another case of the same person. */
export class NoteEarlierInvolvement extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
}

export class WithdrawRequest extends Command {
  @IsId() caseId!: CaseId;
}

export class EndForLackOfDoctor extends Command {
  @IsId() caseId!: CaseId;
  /** register: all second opinion doctors, before the submission. */
  @Supplied() register?: Candidate[];
  @Supplied() ownDoctor?: RegisteredDoctor;
  @Supplied() contract?: ContractTerms;
}

/** Only a policy sends it: the employee, or what he told in this case, was forgotten. */
export class NoteCaseForgotten extends Command {
  @IsId() caseId!: CaseId;
}

/** Only policies send it: three attempts to reach the employee were in vain. */
export class NoteEmployeeUnreachable extends Command {
  @IsId() caseId!: CaseId;
}

/** Only policies send it: he was invited anew, or has logged in. */
export class NoteEmployeeReachable extends Command {
  @IsId() caseId!: CaseId;
  /** loggedInAt: when he redeemed an invitation; absent when he was only invited anew. */
  @IsInstant({ optional: true }) loggedInAt?: string;
}

/** Only the deadline sends it: what he is asked still waits for him. */
export class RemindEmployeeOfAnswer extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(10) attempt!: number;
  /** loggedInAt: since when he has a login; who has none is sent his invitation again instead. */
  @Supplied() loggedInAt?: string;
}

/** Only the deadline sends it: his term to answer has passed. */
export class NoteEmployeeSilent extends Command {
  @IsId() caseId!: CaseId;
  /** loggedInAt: since when he has his login, as his own stream says at this moment; absent when he has none. */
  @Supplied() loggedInAt?: string;
}

/** Section 3: the employee responds neither to the invitation nor to what he is asked. */
export class EndForUnreachableEmployee extends Command {
  @IsId() caseId!: CaseId;
  /** unreachable: as his own stream says at this moment; the case may not have heard yet that he logged in. */
  @Supplied() unreachable!: boolean;
}

/** Only policies send it: what another context tells about the case. */
export class NoteMilestone extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(MILESTONES) milestone!: Milestone;
  @IsCode(PAYERS, { optional: true }) payer?: Payer;
  @IsInstant() at!: string;
  @IsInstant({ optional: true }) dueAt?: string;
  @IsLabel({ optional: true }) ref?: string;
  @IsCount(1000, { optional: true }) round?: number;
  /** doctorId: who will examine, did, or shared the report. */
  @IsId({ optional: true }) doctorId?: DoctorId;
}
