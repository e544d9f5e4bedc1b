import { Command, type OrganisationId } from '@second-opinion/kernel';
import { IsCode, IsId, IsRegister } from '@second-opinion/nest/fields';

export const ORGANISATION_KINDS = ['OHS', 'PROVIDER'] as const;

/** An occupational health service, or the provider itself, as it stands on invoices. */
export class RegisterOrganisation extends Command {
  @IsId() organisationId!: OrganisationId;
  @IsRegister(200) legalName!: string;
  @IsRegister(300) address!: string;
  @IsRegister(20) chamberOfCommerceNumber!: string;
  @IsRegister(20, { optional: true }) vatId?: string;
  @IsCode(ORGANISATION_KINDS) kind!: (typeof ORGANISATION_KINDS)[number];
}

export class ChangeOrganisation extends Command {
  @IsId() organisationId!: OrganisationId;
  @IsRegister(200) legalName!: string;
  @IsRegister(300) address!: string;
  @IsRegister(20) chamberOfCommerceNumber!: string;
  @IsRegister(20, { optional: true }) vatId?: string;
  @IsCode(ORGANISATION_KINDS) kind!: (typeof ORGANISATION_KINDS)[number];
}
