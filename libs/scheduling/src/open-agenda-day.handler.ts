import { Injectable } from '@nestjs/common';
import { Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import type { CloseSlotsOfLocation, OpenAgendaDay } from './agenda.commands';
import { agenda, agendaId } from './agenda.decider';
import { isClosedOn, location, type Location } from './location.decider';

/** The location's public data go with every slot in it; none is opened where it is closed. */
@Injectable()
export class OpenAgendaDayHandler implements OutsideFacts<OpenAgendaDay> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: OpenAgendaDay): Promise<CommandResult> {
    const { state } = await this.deciders.state<Location>(location, command.locationId);
    if (state) command.location = state;
    return this.deciders.execute(agenda, command);
  }
}

/**
 * After every opening, for the house may have closed since it was looked at. Nearly always it has not, and the agenda is not even read: a closing
 * that comes later finds these hours by itself, since they stand in the log before this looks.
 */
@Injectable()
export class CloseSlotsOfLocationHandler implements OutsideFacts<CloseSlotsOfLocation> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: CloseSlotsOfLocation): Promise<CommandResult> {
    const { doctorId, date, locationId } = command;
    const { state } = await this.deciders.state<Location>(location, locationId);
    if (!isClosedOn(state, date)) return { id: agendaId(doctorId, date), happened: [] };
    command.location = state;
    return this.deciders.execute(agenda, command);
  }
}
