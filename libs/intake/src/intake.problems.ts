import type { OperationProblems } from '@second-opinion/nest';

/** Generated from the sources by `npm run docs`; do not edit: what each operation can answer besides what every one can. */
export const intakeProblems: OperationProblems = {
  RecordSecondOpinionWish: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    forbidden: ['intake.own-doctor-only'],
    'not-found': ['intake.no-such-person'],
    refused: [
      'intake.contact-not-private',
      'intake.doctor-not-registered',
      'intake.no-base-contract',
      'intake.no-such-person',
      'intake.only-employee-initiates',
      'intake.previous-not-refused',
      'intake.wish-exists',
      'person-forgotten',
    ],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  ExplainNonSuspension: {
    forbidden: ['intake.own-doctor-only'],
    refused: ['intake.already-submitted', 'intake.case-ended', 'intake.doctor-not-registered', 'intake.no-wish'],
  },
  CompleteDecisionAid: {
    forbidden: ['intake.own-doctor-only'],
    refused: [
      'intake.already-submitted',
      'intake.case-ended',
      'intake.doctor-not-registered',
      'intake.no-wish',
      'person-forgotten',
    ],
  },
  InsistOnSecondOpinion: {
    forbidden: ['intake.employee-only'],
    refused: [
      'intake.already-submitted',
      'intake.case-ended',
      'intake.decision-aid-missing',
      'intake.no-wish',
      'intake.not-possible',
    ],
  },
  ChooseOtherInstrument: {
    forbidden: ['intake.employee-only'],
    refused: ['intake.already-submitted', 'intake.case-ended', 'intake.decision-aid-missing', 'intake.no-wish'],
  },
  DescribeRequest: {
    forbidden: ['intake.employee-only', 'intake.own-doctor-only'],
    refused: [
      'intake.already-submitted',
      'intake.case-ended',
      'intake.doctor-not-registered',
      'intake.first-advice-in-future',
      'intake.no-wish',
      'person-forgotten',
    ],
  },
  HonourRequest: {
    forbidden: ['intake.own-doctor-only'],
    refused: [
      'intake.already-submitted',
      'intake.case-ended',
      'intake.doctor-not-registered',
      'intake.no-wish',
      'intake.not-possible',
    ],
  },
  RefuseRequest: {
    forbidden: ['intake.own-doctor-only'],
    refused: [
      'intake.already-honoured',
      'intake.already-submitted',
      'intake.case-ended',
      'intake.doctor-not-registered',
      'intake.earlier-in-future',
      'intake.no-earlier-case',
      'intake.no-wish',
      'intake.not-possible',
      'intake.request-not-described',
      'person-forgotten',
    ],
  },
  ProposeDoctors: {
    forbidden: ['intake.own-doctor-only'],
    refused: [
      'intake.already-submitted',
      'intake.case-ended',
      'intake.choice-required',
      'intake.doctor-not-independent',
      'intake.doctor-not-registered',
      'intake.no-wish',
      'intake.not-honoured',
    ],
    unavailable: ['view-behind'],
  },
  ChooseSecondOpinionDoctor: {
    forbidden: ['intake.employee-only'],
    refused: [
      'intake.already-submitted',
      'intake.case-ended',
      'intake.doctor-not-independent',
      'intake.doctors-not-proposed',
      'intake.no-wish',
      'intake.not-honoured',
      'intake.same-doctor-twice',
    ],
    unavailable: ['view-behind'],
  },
  ConsentToDisclosure: {
    forbidden: ['intake.employee-only'],
    refused: ['intake.case-ended', 'intake.no-payer-decision-needed', 'intake.no-wish', 'intake.not-honoured'],
  },
  WithdrawDisclosureConsent: {
    forbidden: ['intake.employee-only'],
    refused: ['intake.case-ended', 'intake.no-wish', 'intake.not-honoured'],
  },
  RecordEmployerAgreement: {
    forbidden: ['intake.own-doctor-only'],
    refused: [
      'intake.case-ended',
      'intake.no-disclosure-consent',
      'intake.no-payer-decision-needed',
      'intake.no-wish',
      'intake.not-honoured',
    ],
  },
  PayAsEmployee: {
    forbidden: ['intake.employee-only'],
    refused: [
      'intake.case-ended',
      'intake.no-payer-decision-needed',
      'intake.no-wish',
      'intake.not-honoured',
      'person-forgotten',
    ],
  },
  ConfirmRequest: {
    forbidden: ['intake.employee-only'],
    refused: [
      'intake.already-submitted',
      'intake.case-ended',
      'intake.form-changed',
      'intake.no-wish',
      'intake.request-not-described',
    ],
  },
  SubmitSecondOpinionRequest: {
    forbidden: ['intake.own-doctor-only'],
    refused: [
      'intake.already-submitted',
      'intake.case-ended',
      'intake.decision-aid-missing',
      'intake.doctor-not-registered',
      'intake.no-wish',
      'intake.non-suspension-not-explained',
      'intake.not-honoured',
      'intake.not-possible',
    ],
  },
  AcceptAssignment: {
    forbidden: ['intake.assigned-doctor-only'],
    refused: ['intake.case-ended', 'intake.doctor-not-independent', 'intake.file-not-open-yet', 'intake.no-wish'],
  },
  DeclineAssignment: {
    forbidden: ['intake.assigned-doctor-only'],
    refused: ['intake.assignment-answered', 'intake.case-ended', 'intake.no-wish'],
  },
  ReassignAssignment: {
    forbidden: ['intake.assigned-doctor-only'],
    refused: ['intake.case-ended', 'intake.no-wish', 'intake.not-accepted-yet', 'intake.report-shared'],
  },
  ConfirmIndependence: {
    forbidden: ['intake.assigned-doctor-only'],
    refused: [
      'intake.case-ended',
      'intake.doctor-not-independent',
      'intake.doctor-not-registered',
      'intake.no-wish',
      'intake.not-accepted-yet',
    ],
  },
  RejectIndependence: {
    forbidden: ['intake.assigned-doctor-only'],
    refused: ['intake.case-ended', 'intake.no-wish', 'intake.not-accepted-yet'],
  },
  WithdrawRequest: {
    forbidden: ['intake.employee-only'],
    refused: ['intake.case-ended', 'intake.no-wish', 'intake.withdraw-at-reporting'],
  },
  EndForLackOfDoctor: {
    forbidden: ['intake.own-doctor-only'],
    refused: ['intake.case-ended', 'intake.doctor-available', 'intake.no-wish'],
    unavailable: ['view-behind'],
  },
  EndForUnreachableEmployee: {
    forbidden: ['intake.own-doctor-only'],
    refused: ['intake.already-submitted', 'intake.case-ended', 'intake.employee-reachable', 'intake.no-wish'],
  },
  ListCases: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetCase: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  GetEmployeeOfCase: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  ListTasks: { invalid: ['invalid-cursor', 'invalid-request'] },
  GetTexts: {},
  RedeemInvitation: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['intake.no-such-person'],
    refused: ['intake.invitation-invalid'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  InvitePersonAgain: { forbidden: ['intake.own-doctor-only'], refused: ['person-forgotten'] },
  CorrectIdentity: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    forbidden: ['intake.employee-only'],
    'not-found': ['intake.no-such-person'],
    refused: ['intake.another-person', 'intake.no-running-case', 'intake.person-linked', 'person-forgotten'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  CorrectContactData: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    forbidden: ['intake.employee-only'],
    'not-found': ['intake.no-such-person'],
    refused: ['intake.contact-not-private', 'intake.no-running-case', 'intake.person-linked', 'person-forgotten'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetOwnPerson: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  GetMe: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  RegisterDoctor: { refused: ['intake.doctor-exists', 'person-forgotten'] },
  ChangeDoctorRegistration: { refused: ['intake.no-such-doctor', 'person-forgotten'] },
  InviteDoctorAgain: { refused: ['intake.no-such-doctor', 'person-forgotten'] },
  RedeemDoctorInvitation: { refused: ['intake.invitation-invalid'] },
  ListDoctors: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetDoctor: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  RegisterOrganisation: { refused: ['intake.organisation-exists'] },
  ChangeOrganisation: { refused: ['intake.no-such-organisation'] },
  ListOrganisations: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  RegisterBaseContract: { refused: ['intake.contract-exists', 'intake.not-a-mail-domain'] },
  ChangeBaseContract: { refused: ['intake.no-base-contract', 'intake.not-a-mail-domain'] },
  ListBaseContracts: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  AnswerOutOfScopeAsk: { refused: ['intake.ask-answered'] },
  GetOutOfScopeAnswer: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
};
