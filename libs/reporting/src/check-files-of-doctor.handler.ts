import { Injectable } from '@nestjs/common';
import type { RegisteredDoctor } from '@second-opinion/contracts';
import { EventStore } from '@second-opinion/event-store';
import { issue } from '@second-opinion/kernel';
import { Deciders, Follower, tableOf, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import type { CheckFilesOfDoctor } from './doctor.commands';
import { doctor } from './doctor.decider';
import { CheckRegistration } from './file.commands';
import { medicalFile } from './file.decider';
import { fileOverview, type FileRow } from './file-overview.view';

const PAGE = 500;

/** Tells every case in which this doctor still writes what the register says of him; what each does with it is its own decision (BR-19). */
@Injectable()
export class CheckFilesOfDoctorHandler implements OutsideFacts<CheckFilesOfDoctor> {
  constructor(
    private readonly deciders: Deciders,
    private readonly store: EventStore,
    private readonly views: ViewStore,
    private readonly follower: Follower,
  ) {}

  async execute(command: CheckFilesOfDoctor): Promise<CommandResult> {
    const end = await this.store.end();
    if (end !== undefined) await this.follower.reached(end);
    const { state } = await this.deciders.state<RegisteredDoctor>(doctor, command.doctorId);
    for (const caseId of await this.casesOf(command.doctorId))
      await this.deciders.also(medicalFile, issue(CheckRegistration, { caseId, doctor: state }), command);
    return this.deciders.execute(doctor, command);
  }

  private async casesOf(doctorId: string): Promise<string[]> {
    const found: string[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = { where: { doctorId }, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const { rows, next } = await this.views.find<FileRow>(tableOf(fileOverview), page);
      const written = rows.filter(
        ({ row: { consultationHeldAt, shared, ended } }) => consultationHeldAt && !shared && !ended,
      );
      found.push(...written.map(({ row }) => row.caseId));
      cursor = next;
    }
    return found;
  }
}
