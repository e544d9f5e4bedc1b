import { Command, type LocalDate, type OrganisationId } from '@second-opinion/kernel';
import { IsCode, IsId, IsLocalDate, IsRegion, IsRegister } from '@second-opinion/nest/fields';
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

/** Back office gives a house up from a day on: no hours are opened there, and what is planned there is planned elsewhere. For good: who comes back is registered anew. */
export class CloseLocation extends Command {
  @IsId() locationId!: string;
  @IsLocalDate() from!: LocalDate;
}

/** Closes the slots at a closed house in all agendas; decides nothing about the house itself. */
export class CloseHoursOfLocation extends Command {
  @IsId() locationId!: string;
}
