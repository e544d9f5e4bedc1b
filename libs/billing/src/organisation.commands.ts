import { CHARGES, type Charge } from '@second-opinion/contracts';
import { Command, type CaseId, type OrganisationId } from '@second-opinion/kernel';
import { IsCode, IsId, IsLabel, IsRegister } from '@second-opinion/nest/fields';

/** Legal name and address of a debtor, as the register tells them. Sent by a policy. */
export class NoteOrganisation extends Command {
  @IsId() organisationId!: OrganisationId;
  @IsRegister(300) legalName!: string;
  @IsRegister(300) address!: string;
  @IsRegister(300) chamberOfCommerceNumber!: string;
  @IsRegister(300, { optional: true }) vatId?: string;
}

/** An invoice waits for its debtor's register data, unless they are known by now. */
export class AwaitDebtor extends Command {
  @IsId() organisationId!: OrganisationId;
  @IsLabel() series!: string;
  @IsId() caseId!: CaseId;
  @IsCode(CHARGES) charge!: Charge;
}
