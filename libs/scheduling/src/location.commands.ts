import { Command, type OrganisationId } from '@second-opinion/kernel';
import { IsCode, IsId, IsRegion, IsRegister } from '@second-opinion/nest/fields';
import { PREMISES } from './location.events';

/** Back office registers a consultation room; its organisation is who owns or rents out the house. */
export class RegisterLocation extends Command {
  @IsId() locationId!: string;
  @IsRegister(200) name!: string;
  @IsRegister(300) address!: string;
  @IsRegister(100, { optional: true }) room?: string;
  @IsRegion() region!: string;
  @IsId() organisationId!: OrganisationId;
  @IsCode(PREMISES) premises!: (typeof PREMISES)[number];
}
