import { LANGUAGES, type Language } from '@second-opinion/contracts';
import { Command, type CaseId, type DoctorId, type PersonId, type Personal, type Seal } from '@second-opinion/kernel';
import { IsCode, IsCount, IsFlag, IsId, IsLabel, IsPersonal, Supplied } from '@second-opinion/nest/fields';

export const CHANNELS = ['email', 'sms'] as const;

/** Who the employee is, for a first case; later cases name his id. */
export class NewEmployee {
  @IsPersonal('IDENTITY', { maxLength: 200, purpose: 'intake.name' }) name!: Personal;
  @IsPersonal('IDENTITY', { maxLength: 10, purpose: 'intake.birthDate', format: 'local-date' }) birthDate!: Personal;
  @IsPersonal('CONTACT', { example: 'iemand@voorbeeld.nl', maxLength: 254, purpose: 'intake.contact' })
  contact!: Personal;
  @IsCode(CHANNELS) channel!: (typeof CHANNELS)[number];
  @IsCode(LANGUAGES) language!: Language;
  @IsFlag({ description: 'The employee declares that the address is private, not his employer’s' })
  declaredPrivate!: boolean;
}

const ownSubject = ({ personId }: { personId: string }) => ({ personId, caseId: '' });

/** Only the handler of a wish sends it; the seals were made at the rim. */
export class RegisterPerson extends Command {
  static readonly subject = ownSubject;
  @IsId() personId!: PersonId;
  @IsId() caseId!: CaseId;
  @IsId() ownDoctorId!: string;
  @IsId() contractId!: string;
  @IsPersonal('IDENTITY', { maxLength: 200 }) name!: Personal;
  @IsPersonal('IDENTITY', { maxLength: 10, format: 'local-date' }) birthDate!: Personal;
  @IsPersonal('CONTACT', { example: 'iemand@voorbeeld.nl', maxLength: 254 }) contact!: Personal;
  @IsCode(CHANNELS) channel!: (typeof CHANNELS)[number];
  @IsCode(LANGUAGES) language!: Language;
  @Supplied() invitation!: Invitation;
}

/** Login is what a token says of who signed in. */
export interface Login {
  readonly issuer: string;
  readonly subject: string;
}

/** Invitation is a one-time code on its way to the person. */
export interface Invitation {
  readonly invitationId: string;
  readonly code: Seal;
}

/** Only the handler of a wish sends it: a further case of a person who is known. */
export class RecordCaseOfPerson extends Command {
  @IsId() personId!: PersonId;
  @IsId() caseId!: CaseId;
  @IsId() ownDoctorId!: string;
  @IsId() contractId!: string;
  /** invitation: only for who has no login and no code that he could still use. */
  @Supplied() invitation?: Invitation;
}

export class InvitePersonAgain extends Command {
  static readonly subject = ownSubject;
  @IsId() personId!: PersonId;
  @Supplied() invitation!: Invitation;
}

/** Only the deadline sends it: the same code once more. */
export class RepeatInvitation extends Command {
  @IsId() personId!: PersonId;
  @IsId() invitationId!: string;
  @IsCount(10) attempt!: number;
  @Supplied() caseRuns?: boolean;
}

/** Only the deadline sends it: all attempts were in vain. */
export class NotePersonUnreachable extends Command {
  @IsId() personId!: PersonId;
  @IsId() invitationId!: string;
  @Supplied() caseRuns?: boolean;
}

/** The person is found by the code alone: whose it is, the handler supplies. */
export class RedeemInvitation extends Command {
  @IsLabel({ description: 'The one-time code of the invitation' }) code!: string;
  @Supplied() login!: Login;
  @Supplied() personId!: PersonId;
  @Supplied() invitationId!: string;
  /** linkedTo: what this login is linked to already, the earliest first. */
  @Supplied() linkedTo!: string[];
  /** alike: earlier persons with the same name and birth date. */
  @Supplied() alike!: string[];
}

/** Only the handler of a redeemed invitation sends it: the other registration learns of the join too. */
export class JoinPersons extends Command {
  @IsId() personId!: PersonId;
  @IsId() otherPersonId!: PersonId;
}

/** Only the handler of a declaration of independence sends it, to each registration of the person. */
export class ReserveDoctor extends Command {
  @IsId() personId!: PersonId;
  @IsId() doctorId!: DoctorId;
  @IsId() caseId!: CaseId;
  @IsCount(1000) round!: number;
  /** lapsed: a reservation of him in another case, which that case has moved on from without him. */
  @Supplied() lapsed?: Reservation;
}

/** Reservation says in which round of which case a doctor is about to act for the person. */
export interface Reservation {
  readonly caseId: string;
  readonly round: number;
}

/** A registration keeps its name or its birth date: who differs in both is another human being, with a case of his own. */
export class CorrectIdentity extends Command {
  static readonly subject = ownSubject;
  @IsId() personId!: PersonId;
  @IsPersonal('IDENTITY', { maxLength: 200 }) name!: Personal;
  @IsPersonal('IDENTITY', { maxLength: 10, format: 'local-date' }) birthDate!: Personal;
  /** caseRuns: the own doctor who corrects it has a running case with him. */
  @Supplied() caseRuns!: boolean;
  /** keepsOne: the name or the birth date is that of the first registration. */
  @Supplied() keepsOne!: boolean;
  /** alike: other persons with this name and birth date. */
  @Supplied() alike!: string[];
}

/** Only a policy sends it: tells his cases that he was forgotten; decides nothing about the person himself. */
export class ForgetCasesOfPerson extends Command {
  @IsId() personId!: PersonId;
}

export class CorrectContactData extends Command {
  static readonly subject = ownSubject;
  @IsId() personId!: PersonId;
  @IsPersonal('CONTACT', { example: 'iemand@voorbeeld.nl', maxLength: 254 }) contact!: Personal;
  @IsCode(CHANNELS) channel!: (typeof CHANNELS)[number];
  @IsCode(LANGUAGES) language!: Language;
  @IsFlag({ description: 'The address is declared private by the employee, not his employer’s' })
  declaredPrivate!: boolean;
  /** caseRuns: the own doctor who corrects it has a running case with him. */
  @Supplied() caseRuns!: boolean;
  /** invitation: only when the own doctor corrects it; earlier codes end with it. */
  @Supplied() invitation?: Invitation;
}
