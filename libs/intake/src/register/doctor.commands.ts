import { LANGUAGES, type Language } from '@second-opinion/contracts';
import { Command, type DoctorId, type OrganisationId, type Personal } from '@second-opinion/kernel';
import {
  IsCode,
  IsFlag,
  IsId,
  IsLabel,
  IsLocalDate,
  IsPersonal,
  IsRegion,
  IsRegister,
  Supplied,
} from '@second-opinion/nest/fields';
import type { Invitation, Login } from '../person/person.commands';

const doctorsOwn = ({ doctorId }: { doctorId: string }) => ({ personId: doctorId, caseId: '' });

export class RegisterDoctor extends Command {
  static readonly subject = doctorsOwn;
  @IsId() doctorId!: DoctorId;
  @IsRegister(200) registerName!: string;
  @IsRegister(20, { description: 'BIG number' }) registrationNumber!: string;
  @IsId({ description: 'Occupational health service or provider' }) organisationId!: OrganisationId;
  @IsId({ optional: true, description: 'Company he works for' }) companyId?: string;
  @IsId({ optional: true, description: 'Institution he works for' }) institutionId?: string;
  @IsFlag() secondOpinionDoctor!: boolean;
  @IsRegion() region!: string;
  @IsLocalDate({ optional: true, description: 'Last day of the registration as company doctor' })
  registeredUntil?: string;
  @IsPersonal('CONTACT', { maxLength: 254, purpose: 'intake.doctorContact', format: 'email' }) contact!: Personal;
  @IsCode(LANGUAGES) language!: Language;
  @Supplied() invitation!: Invitation;
}

export class ChangeDoctorRegistration extends Command {
  static readonly subject = doctorsOwn;
  @IsId() doctorId!: DoctorId;
  @IsRegister(200) registerName!: string;
  @IsRegister(20) registrationNumber!: string;
  @IsId() organisationId!: OrganisationId;
  @IsId({ optional: true }) companyId?: string;
  @IsId({ optional: true }) institutionId?: string;
  @IsFlag() secondOpinionDoctor!: boolean;
  @IsRegion() region!: string;
  @IsLocalDate({ optional: true }) registeredUntil?: string;
  @IsPersonal('CONTACT', { maxLength: 254, purpose: 'intake.doctorContact', format: 'email' }) contact!: Personal;
  @IsCode(LANGUAGES) language!: Language;
}

export class InviteDoctorAgain extends Command {
  static readonly subject = doctorsOwn;
  @IsId() doctorId!: DoctorId;
  @Supplied() invitation!: Invitation;
}

/** The doctor is found by the code alone: whose it is, the handler supplies. */
export class RedeemDoctorInvitation extends Command {
  @IsLabel({ description: 'The one-time code of the invitation' }) code!: string;
  @Supplied() login!: Login;
  @Supplied() doctorId!: DoctorId;
  @Supplied() invitationId!: string;
}
