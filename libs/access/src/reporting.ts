import type { Relation } from '@second-opinion/kernel';
import type { ContextRules, OperationRule } from './rules';

const rule = (item: 1 | 7 | 8 | 9 | 10 | 12 | 13 | 14 | 16 | 18, right: 'R' | 'W' | 'D' | 'M', ...only: Relation[]) =>
  ({ item, right, only }) satisfies OperationRule;
/** Who may look at the state of the file; what each is shown of it, the reading says. */
const LOOKS = rule(1, 'M', 'employee', 'own-doctor', 'second-opinion-doctor', 'back-office', 'auditor');

/** reportingAccess says what every operation of reporting does to which item of the access matrix, and to which item each sealed field belongs. */
export const reportingAccess: ContextRules = {
  operations: {
    GrantTransferAuthorisation: rule(7, 'D', 'employee'),
    RefuseTransferAuthorisation: rule(7, 'D', 'employee'),
    WithdrawTransferAuthorisation: rule(7, 'D', 'employee'),
    ProceedWithoutOwnDossier: rule(1, 'D', 'second-opinion-doctor'),
    DecideNotExecutable: rule(1, 'D', 'second-opinion-doctor'),

    AddDossierDocument: rule(9, 'W', 'own-doctor', 'second-opinion-doctor'),
    AddWorkSituation: rule(8, 'W', 'own-doctor'),
    AddOwnDocument: rule(10, 'W', 'employee', 'second-opinion-doctor'),
    OpenDossierDocument: rule(1, 'M', 'employee', 'own-doctor', 'second-opinion-doctor'),
    ListDocuments: LOOKS,
    ShareDocumentWithOwnDoctor: rule(10, 'W', 'employee'),
    QuarantineDocument: rule(10, 'W', 'employee', 'second-opinion-doctor'),
    CloseDossier: rule(9, 'W', 'second-opinion-doctor'),

    GrantSourceConsent: rule(7, 'D', 'employee'),
    WithdrawSourceConsent: rule(7, 'D', 'employee'),
    RequestTreatingDoctorInformation: rule(7, 'W', 'second-opinion-doctor'),
    RecordThirdPartyInformation: rule(9, 'W', 'second-opinion-doctor'),

    FinaliseReportForReview: rule(13, 'W', 'second-opinion-doctor'),
    ShareReport: rule(13, 'W', 'second-opinion-doctor'),
    RequestFactualCorrection: rule(13, 'D', 'employee'),
    CorrectReport: rule(13, 'W', 'second-opinion-doctor'),
    RejectCorrection: rule(13, 'W', 'second-opinion-doctor'),
    GetReport: rule(14, 'R', 'employee', 'own-doctor', 'second-opinion-doctor'),
    GetReportVersion: rule(14, 'R', 'employee', 'own-doctor', 'second-opinion-doctor'),

    // BR-39: nobody but the employee himself.
    GrantReleaseConsent: rule(16, 'D', 'employee'),
    WithdrawReleaseConsent: rule(16, 'D', 'employee'),
    BlockReport: rule(16, 'D', 'employee'),
    WithdrawRequest: rule(1, 'D', 'employee'),

    RecordFollowUp: rule(18, 'W', 'own-doctor'),
    StateWorkedHours: rule(12, 'W', 'second-opinion-doctor'),

    GetFile: LOOKS,
    ListFiles: LOOKS,
    ListTasks: {
      roles: ['employee', 'company-doctor', 'second-opinion-doctor', 'back-office'],
      basis: 'everybody his own tasks',
    },
    GetTexts: {
      roles: ['employee', 'company-doctor', 'second-opinion-doctor', 'back-office', 'auditor', 'privacy-officer'],
      basis: 'texts that name nobody',
    },
  },
  purposes: {
    dossierDocument: { item: 9 },
    workSituation: { item: 8 },
    ownDocument: { item: 10 },
    // Whom the employee lets ask, and what: his own choice, like his own papers.
    source: { item: 10 },
    question: { item: 10 },
    findings: { item: 14 },
    method: { item: 14 },
    reasoning: { item: 14 },
    sources: { item: 14 },
    conclusion: { item: 14 },
    correction: { item: 13 },
    reason: { item: 13 },
    motivation: { item: 18 },
  },
};
