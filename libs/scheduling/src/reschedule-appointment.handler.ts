import { Injectable } from '@nestjs/common';
import { derivedId, issue, Refused } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { TakeSlot } from './agenda.commands';
import { agenda, agendaId, type Agenda } from './agenda.decider';
import type { Taken } from './agenda.events';
import { moverOf } from './appointment-acts.rules';
import type { RescheduleAppointment } from './appointment.commands';
import { appointment } from './appointment.decider';
import type { Appointment } from './appointment-state.rules';
import { mayMove } from './appointment-takes.rules';

/**
 * Takes the new slot first and moves the appointment to it second. When a crash cuts between the two, the policy that hears of the taken
 * slot completes the move, or frees it; a repeat of the request finds what was done.
 */
@Injectable()
export class RescheduleAppointmentHandler implements OutsideFacts<RescheduleAppointment> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: RescheduleAppointment): Promise<CommandResult> {
    const around = attachedTo(command);
    const { state } = await this.deciders.state<Appointment>(appointment, command.caseId);
    const by = moverOf(around.actor);
    const takeId = derivedId(around.commandId, 'move');
    const done = state.takes.some((take) => take.startsWith(`${takeId}/`));
    const code = mayMove(undefined, state, by, around);
    if (!done && !code && state.offer && state.request) {
      const { doctorId } = state.offer;
      const { ownOrganisationId } = state.request;
      const { caseId, date, slotId } = command;
      const fields = { doctorId, date, slotIds: [slotId], caseId, takeId, ownOrganisationId };
      await this.deciders.also(agenda, issue(TakeSlot, { ...fields, purpose: 'MOVE', by }), command);
      command.taken = await this.taken(doctorId, command, takeId, by);
    }
    return this.deciders.execute(appointment, command);
  }

  private async taken(
    doctorId: string,
    { caseId, date, slotId }: RescheduleAppointment,
    takeId: string,
    by: Taken['by'],
  ): Promise<Taken> {
    const { state } = await this.deciders.state<Agenda>(agenda, agendaId(doctorId, date));
    const slot = state.slots[slotId];
    if (slot?.takenBy?.takeId !== takeId) throw new Refused('scheduling.slot-not-free');
    const { takenBy: _takenBy, closed: _closed, ...facts } = slot;
    return { ...facts, caseId, takeId, purpose: 'MOVE', by };
  }
}
