import { Injectable } from '@nestjs/common';
import type { RegisteredDoctor } from '@second-opinion/contracts';
import { Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import type { CheckRegistration } from './appointment.commands';
import { appointment } from './appointment.decider';
import type { Appointment } from './appointment-state.rules';
import { doctor } from './doctor.decider';

/** Supplies what the register says now of the doctor of the case (BR-19). */
@Injectable()
export class CheckRegistrationHandler implements OutsideFacts<CheckRegistration> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: CheckRegistration): Promise<CommandResult> {
    const { offer } = (await this.deciders.state<Appointment>(appointment, command.caseId)).state;
    if (offer) command.doctor = (await this.deciders.state<RegisteredDoctor>(doctor, offer.doctorId)).state;
    return this.deciders.execute(appointment, command);
  }
}
