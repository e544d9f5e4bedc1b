import { Injectable } from '@nestjs/common';
import type { RegisteredDoctor } from '@second-opinion/contracts';
import { Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { doctor } from './doctor.decider';
import { medicalFile } from './file.decider';
import type { MedicalFile } from './file-state.rules';
import type { CorrectReport, FinaliseReportForReview, ShareReport } from './report.commands';

type Writing = FinaliseReportForReview | ShareReport | CorrectReport;

/** Supplies what the register says of the doctor who writes (BR-19). */
@Injectable()
export class WritingDoctorHandler implements OutsideFacts<Writing> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: Writing): Promise<CommandResult> {
    const { doctorId } = (await this.deciders.state<MedicalFile>(medicalFile, command.caseId)).state;
    if (doctorId !== undefined) command.doctor = (await this.deciders.state<RegisteredDoctor>(doctor, doctorId)).state;
    return this.deciders.execute(medicalFile, command);
  }
}
