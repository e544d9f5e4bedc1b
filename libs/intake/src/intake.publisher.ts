import { INTAKE_TOPIC, type IntakeMessages } from '@second-opinion/contracts';
import { categoryOf, type Publication, type Publisher } from '@second-opinion/kernel';
import type { CaseEvent } from './case/case.events';
import type { PersonEvent } from './person/person.events';
import type {
  ContractEvent,
  DoctorEntry,
  DoctorEvent,
  OrganisationEntry,
  OrganisationEvent,
} from './register/register.events';

type IntakeEvent = CaseEvent | PersonEvent | DoctorEvent | OrganisationEvent | ContractEvent;

const tell = <T extends keyof IntakeMessages & string>(type: T, key: string, data: IntakeMessages[T]): Publication => ({
  type,
  key,
  data,
});
const idOf = ({ stream }: { stream: string }): string => stream.slice(stream.indexOf('-') + 1);

/** What the other contexts are told. Answers of the aid, forms, consents to the employer and milestones stay here. */
export const intakePublisher: Publisher<IntakeEvent> = {
  topic: INTAKE_TOPIC,
  categories: ['intake.case', 'intake.person', 'intake.doctor', 'intake.organisation'],
  on: {
    PersonRegistered: ({ data: { personId, contact, language, channel } }) =>
      tell('PersonRegistered', personId, { personId, contact, language, channel }),
    InvitationIssued: (event) => {
      const { inviteeId, code, expiresAt } = event.data;
      const inviteeKind = categoryOf(event.stream) === 'intake.doctor' ? 'doctor' : 'person';
      return tell('InvitationIssued', inviteeId, { inviteeId, inviteeKind, code, expiresAt });
    },
    InvitationRepeated: ({ data: { inviteeId, code, expiresAt, attempt } }) =>
      tell('InvitationIssued', inviteeId, { inviteeId, inviteeKind: 'person', code, expiresAt, attempt }),
    ContactDataCorrected: ({ data: { personId, contact, language, channel } }) =>
      tell('ContactDataCorrected', personId, { personId, contact, language, channel }),
    DoctorRegistered: ({ data }) => doctorTold(data),
    DoctorRegistrationChanged: ({ data }) => doctorTold(data),
    OrganisationRegistered: ({ data }) => organisationTold(data),
    OrganisationChanged: ({ data }) => organisationTold(data),
    SecondOpinionWishRecorded: ({ data }) => {
      const { caseId, caseNumber, employeeId, ownDoctorId, ownOrganisationId, recordedAt } = data;
      const told = { caseId, caseNumber, employeeId, ownDoctorId, ownOrganisationId, recordedAt };
      return tell('SecondOpinionWishRecorded', caseId, told);
    },
    DecisionReminderDue: (event) => tell('DecisionReminderDue', idOf(event), { caseId: idOf(event), ...event.data }),
    DecisionOverdue: (event) => tell('DecisionOverdue', idOf(event), { caseId: idOf(event), ...event.data }),
    DoctorChoiceOverdue: (event) => tell('DoctorChoiceOverdue', idOf(event), { caseId: idOf(event), ...event.data }),
    RequestRefused: (event) => {
      const caseId = idOf(event);
      const { employeeId, ownDoctorId, ground, motivation, complaintRouteVersion } = event.data;
      const told = { caseId, employeeId, ownDoctorId, ground, motivation, complaintRouteVersion };
      return tell('RequestRefused', caseId, told);
    },
    SecondOpinionRequestSubmitted: ({ data: { registeredUntil: _proof, ...told } }) =>
      tell('SecondOpinionRequestSubmitted', told.caseId, told),
    AssignmentOffered: ({ data }) => tell('AssignmentOffered', data.caseId, data),
    AssignmentAccepted: (event) => {
      const { doctorId, round } = event.data;
      return tell('AssignmentAccepted', idOf(event), { caseId: idOf(event), doctorId, round });
    },
    AssignmentDeclined: (event) => tell('AssignmentDeclined', idOf(event), { caseId: idOf(event), ...event.data }),
    AssignmentReassigned: (event) => {
      const { doctorId, round } = event.data;
      const told = { caseId: idOf(event), doctorId, round, cause: 'REASSIGNED' as const };
      return tell('AssignmentDeclined', idOf(event), told);
    },
    AssignmentTakenBack: (event) => {
      const { doctorId, round } = event.data;
      const told = { caseId: idOf(event), doctorId, round, cause: 'NOT_ANSWERED' as const, takenBack: true };
      return tell('AssignmentDeclined', idOf(event), told);
    },
    AssignmentRestored: (event) => {
      const { doctorId, round } = event.data;
      return tell('IndependenceConfirmed', idOf(event), { caseId: idOf(event), doctorId, round, restored: true });
    },
    IndependenceRejected: (event) => {
      const { doctorId, round } = event.data;
      const told = { caseId: idOf(event), doctorId, round, cause: 'NOT_INDEPENDENT' as const };
      return tell('AssignmentDeclined', idOf(event), told);
    },
    IndependenceConfirmed: (event) => {
      const { doctorId, round } = event.data;
      return tell('IndependenceConfirmed', idOf(event), { caseId: idOf(event), doctorId, round });
    },
    NoDoctorAvailable: (event) => tell('NoDoctorAvailable', idOf(event), { caseId: idOf(event) }),
    RequestWithdrawn: (event) =>
      tell('RequestWithdrawn', idOf(event), { caseId: idOf(event), withdrawnAt: event.data.withdrawnAt }),
    EmployeeUnreachable: (event) => tell('EmployeeUnreachable', idOf(event), { caseId: idOf(event) }),
    AnswerReminderDue: (event) => tell('AnswerReminderDue', idOf(event), { caseId: idOf(event), ...event.data }),
    EmployeeSilent: (event) => tell('EmployeeSilent', idOf(event), { caseId: idOf(event) }),
    EndedForUnreachableEmployee: (event) =>
      tell('EndedForUnreachableEmployee', idOf(event), { caseId: idOf(event), endedAt: event.data.at }),
    CaseClosed: (event) => tell('CaseClosed', idOf(event), { caseId: idOf(event), ...event.data }),
    CaseForgotten: (event) => tell('CaseForgotten', idOf(event), { caseId: idOf(event), ...event.data }),
    CaseReopened: (event) => tell('CaseReopened', idOf(event), { caseId: idOf(event), ...event.data }),
  },
};

function doctorTold({ companyId: _company, institutionId: _institution, ...told }: DoctorEntry): Publication {
  return tell('DoctorRegistered', told.doctorId, told);
}

function organisationTold(data: OrganisationEntry): Publication {
  return tell('OrganisationRegistered', data.organisationId, data);
}
