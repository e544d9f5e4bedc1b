import type { ContextRules, OperationRule } from './rules';

const CHECKS = { relation: 'system', basis: 'checked at entry, and mails (BR-40, N23)' } as const;
const OFFICE = { roles: ['back-office'], basis: 'registers are kept by back office' } as const satisfies OperationRule;
const ownDoctor = (item: 1 | 3 | 5 | 6): OperationRule => ({ item, right: 'W', only: ['own-doctor'] });
const EMPLOYEE_DECIDES: OperationRule = { item: 1, right: 'D', only: ['employee'] };
const CANDIDATE_DECIDES: OperationRule = { item: 1, right: 'D', only: ['candidate-doctor'] };
const DOCTOR_DECLARES: OperationRule = { item: 1, right: 'D', only: ['candidate-doctor', 'second-opinion-doctor'] };

/** intakeAccess says what every operation of intake does to which item of the access matrix, and to which item each sealed field belongs. */
export const intakeAccess: ContextRules = {
  operations: {
    RecordSecondOpinionWish: { roles: ['company-doctor'], basis: 'BR-02: the own company doctor alone' },
    ExplainNonSuspension: ownDoctor(1),
    CompleteDecisionAid: ownDoctor(5),
    InsistOnSecondOpinion: EMPLOYEE_DECIDES,
    ChooseOtherInstrument: EMPLOYEE_DECIDES,
    DescribeRequest: { item: 3, right: 'W', only: ['employee', 'own-doctor'] },
    HonourRequest: ownDoctor(1),
    RefuseRequest: ownDoctor(6),
    ProposeDoctors: ownDoctor(1),
    ChooseSecondOpinionDoctor: EMPLOYEE_DECIDES,
    ConsentToDisclosure: EMPLOYEE_DECIDES,
    WithdrawDisclosureConsent: EMPLOYEE_DECIDES,
    RecordEmployerAgreement: ownDoctor(1),
    PayAsEmployee: EMPLOYEE_DECIDES,
    ConfirmRequest: EMPLOYEE_DECIDES,
    SubmitSecondOpinionRequest: ownDoctor(1),
    AcceptAssignment: CANDIDATE_DECIDES,
    DeclineAssignment: CANDIDATE_DECIDES,
    ReassignAssignment: { item: 1, right: 'M', only: ['candidate-doctor', 'second-opinion-doctor', 'back-office'] },
    ConfirmIndependence: DOCTOR_DECLARES,
    RejectIndependence: DOCTOR_DECLARES,
    WithdrawRequest: EMPLOYEE_DECIDES,
    EndForLackOfDoctor: ownDoctor(1),
    EndForUnreachableEmployee: ownDoctor(1),
    ListCases: { item: 1, right: 'M' },
    GetCase: { item: 1, right: 'M' },
    GetEmployeeOfCase: { item: 2, right: 'R' },
    ListTasks: {
      roles: ['employee', 'company-doctor', 'second-opinion-doctor', 'back-office'],
      basis: 'everybody his own tasks',
    },
    GetTexts: {
      roles: ['employee', 'company-doctor', 'second-opinion-doctor', 'back-office', 'auditor', 'privacy-officer'],
      basis: 'texts that name nobody',
    },

    RedeemInvitation: { roles: ['employee'], basis: 'whoever brings the one-time code' },
    InvitePersonAgain: { roles: ['back-office', 'company-doctor'], basis: 'the stream knows whose doctor he is' },
    // Until the employee has a login his own doctor too: the stream knows.
    CorrectIdentity: { item: 2, right: 'W', only: ['employee', 'own-doctor'] },
    CorrectContactData: { item: 2, right: 'W', only: ['employee', 'own-doctor'] },
    GetOwnPerson: { item: 2, right: 'R', only: ['employee'] },
    GetMe: { item: 2, right: 'R', only: ['employee'] },

    RegisterDoctor: OFFICE,
    ChangeDoctorRegistration: OFFICE,
    InviteDoctorAgain: OFFICE,
    RedeemDoctorInvitation: {
      roles: ['company-doctor', 'second-opinion-doctor'],
      basis: 'whoever brings the one-time code',
    },
    ListDoctors: {
      roles: ['employee', 'company-doctor', 'second-opinion-doctor', 'back-office', 'auditor'],
      basis: 'public register data, for who chooses',
    },
    GetDoctor: OFFICE,
    RegisterOrganisation: OFFICE,
    ChangeOrganisation: OFFICE,
    ListOrganisations: {
      roles: ['employee', 'company-doctor', 'second-opinion-doctor', 'back-office', 'auditor'],
      basis: 'public register data',
    },
    RegisterBaseContract: OFFICE,
    ChangeBaseContract: OFFICE,
    ListBaseContracts: { roles: ['back-office', 'company-doctor'], basis: 'a company doctor those of his service' },
    AnswerOutOfScopeAsk: { roles: ['back-office'], basis: 'BR-78' },
    GetOutOfScopeAnswer: { roles: ['back-office'], basis: 'BR-78' },
  },
  purposes: {
    name: { item: 2, also: [CHECKS] },
    birthDate: { item: 2, also: [CHECKS] },
    contact: { item: 2, also: [CHECKS] },
    invitationCode: { item: 2, also: [CHECKS] },
    doctorContact: { item: 2, also: [{ relation: 'system', basis: 'mails to the doctor' }] },
    doubt: { item: 3 },
    questions: { item: 3 },
    answers: { item: 5 },
    motivation: { item: 6, also: [{ relation: 'system', basis: 'N02: the letter to the employee' }] },
    debtor: { item: 20, also: [{ relation: 'system', basis: 'BR-55: on the invoice that only he receives' }] },
  },
};
