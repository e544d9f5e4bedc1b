import { Injectable } from '@nestjs/common';
import type { RegisteredDoctor } from '@second-opinion/contracts';
import { EventStore } from '@second-opinion/event-store';
import { Conflict, derivedId, issue, Refused } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { TakeSlot } from './agenda.commands';
import { agenda, agendaId, type Agenda } from './agenda.decider';
import type { Taken } from './agenda.events';
import { moverOf } from './agenda.rules';
import type { RescheduleAppointment } from './appointment.commands';
import { appointment } from './appointment.decider';
import { takeKey, type Appointment } from './appointment-state.rules';
import { mayMove } from './appointment-takes.rules';
import { doctor } from './doctor.decider';

type Taking = Pick<Taken, 'caseId' | 'takeId' | 'purpose' | 'by' | 'from'>;

/**
 * Takes the new slot first and moves the appointment to it second. When a crash cuts between the two, the policy that hears of the taken
 * slot completes the move, or frees it when the appointment has changed meanwhile; a repeat of the request finds what was done.
 */
@Injectable()
export class RescheduleAppointmentHandler implements OutsideFacts<RescheduleAppointment> {
  constructor(
    private readonly deciders: Deciders,
    private readonly store: EventStore,
  ) {}

  async execute(command: RescheduleAppointment): Promise<CommandResult> {
    const around = attachedTo(command);
    const { caseId, slotId } = command;
    const { state } = await this.deciders.state<Appointment>(appointment, caseId);
    const by = moverOf(around.actor);
    command.takeId = derivedId(around.commandId, 'move');
    const done = state.takes[takeKey({ takeId: command.takeId, slotId })] !== undefined;
    if (!done && !mayMove(undefined, state, by, around)) {
      await this.compare(command);
      const from = state.slot?.takeId;
      const taking = { caseId, takeId: command.takeId, purpose: 'MOVE' as const, by, ...(from ? { from } : {}) };
      command.taken = await this.take(command, state, taking);
    }
    return this.deciders.execute(appointment, command);
  }

  private async take(command: RescheduleAppointment, state: Appointment, taking: Taking): Promise<Taken> {
    const { offer, request } = state;
    if (!offer || !request) throw new Refused('scheduling.no-appointment', { phase: state.phase });
    const { date, slotId } = command;
    const { doctorId } = offer;
    const { ownOrganisationId } = request;
    const { state: registered } = await this.deciders.state<RegisteredDoctor>(doctor, doctorId);
    const fields = { doctorId, date, slotIds: [slotId], ownOrganisationId, ...taking, doctor: registered };
    await this.deciders.also(agenda, issue(TakeSlot, fields), command);
    const { state: day } = await this.deciders.state<Agenda>(agenda, agendaId(doctorId, date));
    const slot = day.slots[slotId];
    if (slot?.takenBy?.takeId !== taking.takeId) throw new Refused('scheduling.slot-not-free');
    const { takenBy: _takenBy, closed: _closed, ...facts } = slot;
    return { ...facts, ...taking };
  }

  /** compare looks at If-Match before anything is taken; what changes after that is found by the slot the move leaves. */
  private async compare(command: RescheduleAppointment): Promise<void> {
    const { ifMatch, relation } = attachedTo(command);
    const end = await this.store.end();
    if (ifMatch === undefined || ifMatch === '*' || end === undefined) return;
    const stream = `${appointment.category}-${command.caseId}`;
    const current = await this.deciders.etag(appointment, stream, relation, end);
    if (current !== ifMatch) throw new Conflict('precondition-failed');
  }
}
