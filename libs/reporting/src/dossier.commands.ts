import { DOCUMENT_KINDS, type DocumentKind, type RegisteredDoctor } from '@second-opinion/contracts';
import {
  Command,
  type CaseId,
  type DoctorId,
  type Instant,
  type OrganisationId,
  type Personal,
  type PersonId,
} from '@second-opinion/kernel';
import { IsCode, IsId, IsListOf, IsPersonal, Supplied } from '@second-opinion/nest/fields';
import { MEDICAL_KINDS, TERMS } from './reporting.terms';
import { DROPS, ENDS, type End } from './file.events';

/** SCOPES of an authorisation: everything medical, or only the kinds that are named with it. */
export const SCOPES = ['FULL', 'SELECTED'] as const;

// From the other contexts; no routes.
export class OpenMedicalFile extends Command {
  @IsId() caseId!: CaseId;
  @IsId() caseNumber!: string;
  @IsId() employeeId!: PersonId;
  @IsId() ownDoctorId!: DoctorId;
  @IsId() ownOrganisationId!: OrganisationId;
}
/** Only a policy sends it: what the employee told in this case was forgotten, or he himself. */
export class NoteFileForgotten extends Command {
  @IsId() caseId!: CaseId;
}
export class NoteAssignment extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  round!: number;
}
export class NoteAssignmentDecline extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  round!: number;
  at?: Instant;
}
export class NoteIndependence extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  round!: number;
}
export class NoteConsultation extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  durationMinutes!: number;
  heldAt!: Instant;
}
export class NoteCaseEnd extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(ENDS) cause!: End;
  at!: Instant;
}

// A11.
export class GrantTransferAuthorisation extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(SCOPES, { example: 'SELECTED', description: '`kinds` goes with SELECTED, and only with it' })
  scope!: (typeof SCOPES)[number];
  @IsListOf(IsCode(MEDICAL_KINDS), 10, {
    optional: true,
    min: 1,
    description:
      'Kinds of documents that your own doctor may hand over; work-situation information needs no authorisation.',
  })
  kinds?: DocumentKind[];
}
export class RefuseTransferAuthorisation extends Command {
  @IsId() caseId!: CaseId;
}
export class WithdrawTransferAuthorisation extends Command {
  @IsId() caseId!: CaseId;
}
export class ProceedWithoutOwnDossier extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() doctor?: RegisteredDoctor;
}
export class DecideNotExecutable extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() doctor?: RegisteredDoctor;
}

// A12. What is uploaded: the fields come in headers, the content is the body; the upload handler supplies the rest.
export class AddDossierDocument extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(MEDICAL_KINDS) kind!: DocumentKind;
  @IsId({ optional: true }) sourceId?: string;
  @IsPersonal('MEDICAL', { maxLength: 200, purpose: 'reporting.dossierDocument' }) name!: Personal;
  @Supplied() stored!: Stored;
}
export class AddWorkSituation extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(['WORK_SITUATION']) kind!: DocumentKind;
  @IsPersonal('MEDICAL', { maxLength: 200, purpose: 'reporting.workSituation' }) name!: Personal;
  @Supplied() stored!: Stored;
}
export class AddOwnDocument extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(DOCUMENT_KINDS) kind!: DocumentKind;
  @IsPersonal('MEDICAL', { maxLength: 200, purpose: 'reporting.ownDocument' }) name!: Personal;
  @Supplied() stored!: Stored;
}
export class ExpectDocument extends Command {
  @IsId() caseId!: CaseId;
  @IsId() contentId!: string;
}
export class GiveUpDocument extends Command {
  @IsId() caseId!: CaseId;
  @IsId() contentId!: string;
}
export class DestroyContent extends Command {
  @IsId() caseId!: CaseId;
  @IsId() contentId!: string;
}
/** Stored is what the vault has made of the content: ciphertext, and a salted hash. */
export interface Stored {
  readonly documentId: string;
  readonly storedId: string;
  readonly contentId: string;
  readonly size: number;
  readonly mediaType: string;
  readonly hash: string;
  readonly salt: Personal;
}
export class OpenDossierDocument extends Command {
  @IsId() caseId!: CaseId;
  @IsId() documentId!: string;
}
/** After the access record and the key; no route. */
export class NoteDocumentOpened extends Command {
  @IsId() caseId!: CaseId;
  @IsId() documentId!: string;
}
export class ShareDocumentWithOwnDoctor extends Command {
  @IsId() caseId!: CaseId;
  @IsId() documentId!: string;
}
export class QuarantineDocument extends Command {
  @IsId() caseId!: CaseId;
  @IsId() documentId!: string;
}
export class DestroyDocuments extends Command {
  @IsId() caseId!: CaseId;
  @IsListOf(IsId(), TERMS.mostDocuments, { min: 1 }) documents!: string[];
  @IsCode(DROPS) cause!: (typeof DROPS)[number];
}
export class CloseDossier extends Command {
  @IsId() caseId!: CaseId;
}

// A14: each source has a consent of its own.
export class GrantSourceConsent extends Command {
  @IsId() caseId!: CaseId;
  @IsPersonal('MEDICAL', {
    maxLength: 300,
    description: 'Which treating doctor may be asked',
    example: 'Huisarts De Vries',
  })
  source!: Personal;
}
export class WithdrawSourceConsent extends Command {
  @IsId() caseId!: CaseId;
  @IsId() sourceId!: string;
}
export class RequestTreatingDoctorInformation extends Command {
  @IsId() caseId!: CaseId;
  @IsId() sourceId!: string;
  @IsPersonal('MEDICAL', { maxLength: 4000 }) question!: Personal;
}
export class RecordThirdPartyInformation extends Command {
  @IsId() caseId!: CaseId;
  @IsId() sourceId!: string;
}
export class EndAnswerTerm extends Command {
  @IsId() caseId!: CaseId;
  @IsId() sourceId!: string;
}
