import { Injectable } from '@nestjs/common';
import type { RegisteredDoctor } from '@second-opinion/contracts';
import { Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import type { AbortConsultation, RecordConsultation } from './appointment.commands';
import { appointment } from './appointment.decider';
import type { Appointment } from './appointment-state.rules';
import { doctor } from './doctor.decider';

/** Supplies what the register says of the doctor who held it, or broke it off (BR-19). */
@Injectable()
export class RecordConsultationHandler implements OutsideFacts<RecordConsultation | AbortConsultation> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: RecordConsultation | AbortConsultation): Promise<CommandResult> {
    const { slot } = (await this.deciders.state<Appointment>(appointment, command.caseId)).state;
    if (slot) command.doctor = (await this.deciders.state<RegisteredDoctor>(doctor, slot.doctorId)).state;
    return this.deciders.execute(appointment, command);
  }
}
