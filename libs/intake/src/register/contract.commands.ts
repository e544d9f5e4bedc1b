import { Command, type OrganisationId } from '@second-opinion/kernel';
import { IsCode, IsFlag, IsId, IsListOf, IsRegister } from '@second-opinion/nest/fields';

export const SECTORS = ['GENERAL', 'DEFENCE'] as const;

/** The contract between an employer and a service: who may give second opinions, and the employer's mail domains. */
export class RegisterBaseContract extends Command {
  @IsId() contractId!: string;
  @IsId() organisationId!: OrganisationId;
  @IsId() employerId!: string;
  @IsCode(SECTORS) sector!: (typeof SECTORS)[number];
  @IsListOf(IsId(), 200) doctorIds!: string[];
  @IsListOf(IsId(), 50) organisationIds!: string[];
  @IsFlag({ description: 'The employer also pays for doctors outside the contract' }) employerAgreesToOthers!: boolean;
  @IsListOf(IsRegister(253, { example: 'werkgever.example' }), 50) mailDomains!: string[];
}

export class ChangeBaseContract extends Command {
  @IsId() contractId!: string;
  @IsId() organisationId!: OrganisationId;
  @IsId() employerId!: string;
  @IsCode(SECTORS) sector!: (typeof SECTORS)[number];
  @IsListOf(IsId(), 200) doctorIds!: string[];
  @IsListOf(IsId(), 50) organisationIds!: string[];
  @IsFlag() employerAgreesToOthers!: boolean;
  @IsListOf(IsRegister(253, { example: 'werkgever.example' }), 50) mailDomains!: string[];
}
