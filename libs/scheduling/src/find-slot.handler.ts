import { Injectable } from '@nestjs/common';
import { DomainError, issue } from '@second-opinion/kernel';
import { Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { TakeSlot } from './agenda.commands';
import { agenda } from './agenda.decider';
import { appointment } from './appointment.decider';
import type { FindSlot } from './appointment.commands';
import type { Appointment } from './appointment-state.rules';
import { FreeSlots } from './free-slots.handler';
import { byDay, type Wanted } from './slot-choice.rules';

const NOT_HERE = ['scheduling.slot-not-free', 'scheduling.doctor-not-registered'];

/** Tries the free slots, best first, until an agenda gives one; it is the agenda that decides, not what the view says. */
@Injectable()
export class FindSlotHandler implements OutsideFacts<FindSlot> {
  constructor(
    private readonly deciders: Deciders,
    private readonly slots: FreeSlots,
  ) {}

  async execute(command: FindSlot): Promise<CommandResult> {
    const { state } = await this.deciders.state<Appointment>(appointment, command.caseId);
    if (state.search?.searchId !== command.searchId) return { id: command.caseId, happened: [] };
    command.doctor = await this.slots.doctor(command.doctorId);
    for (const day of byDay(await this.slots.for(command))) {
      const taken = await this.take(day, command);
      if (taken) return taken;
    }
    return this.deciders.execute(appointment, command);
  }

  private async take({ date, slotIds }: Wanted, command: FindSlot): Promise<CommandResult | undefined> {
    const { caseId, doctorId, ownOrganisationId, searchId, doctor } = command;
    const fields = { doctorId, date, slotIds: [...slotIds], caseId, takeId: searchId, ownOrganisationId, doctor };
    try {
      return await this.deciders.also(agenda, issue(TakeSlot, { ...fields, purpose: 'SEARCH', by: 'system' }), command);
    } catch (error) {
      if (error instanceof DomainError && NOT_HERE.includes(error.code)) return undefined;
      throw error;
    }
  }
}
