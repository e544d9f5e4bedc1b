import { Injectable } from '@nestjs/common';
import { issue } from '@second-opinion/kernel';
import { Deciders, tableOf, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import { CheckRegistration } from './appointment.commands';
import { appointment } from './appointment.decider';
import { appointments, type AppointmentRow } from './appointment.view';
import type { NoteDoctor } from './doctor.commands';
import { doctor } from './doctor.decider';
import { FreeSlots } from './free-slots.handler';

const PAGE = 500;

/** What changes in the register is told to every case that this doctor has; what each does with it is its own decision (BR-19). */
@Injectable()
export class NoteDoctorHandler implements OutsideFacts<NoteDoctor> {
  constructor(
    private readonly deciders: Deciders,
    private readonly views: ViewStore,
    private readonly slots: FreeSlots,
  ) {}

  async execute(command: NoteDoctor): Promise<CommandResult> {
    const result = await this.deciders.execute(doctor, command);
    if (result.happened.length === 0) return result;
    await this.slots.upToDate();
    const { state } = await this.deciders.state(doctor, command.doctorId);
    for (const caseId of await this.casesOf(command.doctorId))
      await this.deciders.also(appointment, issue(CheckRegistration, { caseId, doctor: state }), command);
    return result;
  }

  private async casesOf(doctorId: string): Promise<string[]> {
    const found: string[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = {
        where: { doctorId },
        orderBy: 'startsAt',
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      };
      const { rows, next } = await this.views.find<AppointmentRow>(tableOf(appointments), page);
      const open = rows.filter(({ row: { phase, state } }) => phase !== 'held' && phase !== 'missed' && !state.ended);
      found.push(...open.map(({ row }) => row.caseId));
      cursor = next;
    }
    return found;
  }
}
