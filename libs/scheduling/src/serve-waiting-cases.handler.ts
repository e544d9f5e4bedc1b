import { Injectable } from '@nestjs/common';
import { issue } from '@second-opinion/kernel';
import { Deciders, tableOf, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import type { ServeWaitingCases } from './agenda.commands';
import { agenda } from './agenda.decider';
import { NoteNewSlots } from './appointment.commands';
import { appointment } from './appointment.decider';
import { FreeSlots } from './free-slots.handler';
import { waitingCases, type WaitingCaseRow } from './waiting-cases.view';

const PAGE = 500;

/** Tells those who wait for this doctor, the longest waiting first; what each does with it is its own decision. */
@Injectable()
export class ServeWaitingCasesHandler implements OutsideFacts<ServeWaitingCases> {
  constructor(
    private readonly deciders: Deciders,
    private readonly views: ViewStore,
    private readonly slots: FreeSlots,
  ) {}

  async execute(command: ServeWaitingCases): Promise<CommandResult> {
    await this.slots.upToDate();
    const { rows } = await this.views.find<WaitingCaseRow>(tableOf(waitingCases), {
      where: { doctorId: command.doctorId },
      orderBy: 'since',
      limit: PAGE,
    });
    for (const { row } of rows) {
      await this.deciders.also(appointment, issue(NoteNewSlots, { caseId: row.caseId }), command);
    }
    return this.deciders.execute(agenda, command);
  }
}
