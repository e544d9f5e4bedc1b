import type { RegisteredDoctor } from '@second-opinion/contracts';
import { Command, type CaseId, type DoctorId, type LocalDate, type OrganisationId } from '@second-opinion/kernel';
import {
  IsCode,
  IsCount,
  IsFlag,
  IsId,
  IsListOf,
  IsLocalDate,
  IsLocalDateTime,
  Supplied,
} from '@second-opinion/nest/fields';
import { MOVERS, TAKING, type Mover } from './agenda.events';
import type { LocationFacts } from './location.decider';
import { TERMS } from './scheduling.terms';

/** Stretch of a day in which consultations can be held; wall-clock times in Amsterdam. */
export class Block {
  @IsLocalDateTime({ example: '2026-12-01T09:00' }) from!: string;
  @IsLocalDateTime({ example: '2026-12-01T12:00' }) until!: string;
}

/** The doctor himself or the back office opens hours; opening more on the same day adds to it. */
export class OpenAgendaDay extends Command {
  @IsId() doctorId!: DoctorId;
  @IsLocalDate() date!: LocalDate;
  @IsId() locationId!: string;
  @IsCount(TERMS.longestSlotMinutes, { minimum: TERMS.shortestSlotMinutes, example: 90 }) slotMinutes!: number;
  @IsListOf(Block, 10, { min: 1 }) blocks!: Block[];
  @Supplied() location?: LocationFacts;
}

/** A slot that is taken is closed only on purpose: its reservation moves on, its appointment is cancelled by the doctor. */
export class CloseAgendaSlot extends Command {
  @IsId() doctorId!: DoctorId;
  @IsLocalDate() date!: LocalDate;
  @IsId() slotId!: string;
  @IsFlag({ optional: true }) evenIfTaken?: boolean;
}

/** Takes the first of these slots that is free and not at the own doctor's service, with a doctor registered that day. Sent by the search and by a move. */
export class TakeSlot extends Command {
  @IsId() doctorId!: DoctorId;
  @IsLocalDate() date!: LocalDate;
  @IsListOf(IsId(), 500, { min: 1 }) slotIds!: string[];
  @IsId() caseId!: CaseId;
  @IsId() takeId!: string;
  @IsId() ownOrganisationId!: OrganisationId;
  @IsCode(TAKING) purpose!: (typeof TAKING)[number];
  @IsCode(MOVERS) by!: Mover;
  /** from: takeId of the slot that a move leaves. */
  @IsId({ optional: true }) from?: string;
  @Supplied() doctor?: RegisteredDoctor;
}

/** Frees a slot that its case let go; nothing when somebody else has it by now. */
export class FreeSlot extends Command {
  @IsId() doctorId!: DoctorId;
  @IsLocalDate() date!: LocalDate;
  @IsId() slotId!: string;
  @IsId() takeId!: string;
}

/** Closes what the day has at a house that is closed by then; nothing when it is not. Sent by policy, from the closing and from the opening of the hours. */
export class CloseSlotsOfLocation extends Command {
  @IsId() doctorId!: DoctorId;
  @IsLocalDate() date!: LocalDate;
  @IsId() locationId!: string;
  @Supplied() location?: LocationFacts;
}

/** Tells the cases that still look for a slot with this doctor that there are new ones; decides nothing in the agenda itself. */
export class ServeWaitingCases extends Command {
  @IsId() doctorId!: DoctorId;
  @IsLocalDate() date!: LocalDate;
}
