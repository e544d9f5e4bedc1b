import { Injectable } from '@nestjs/common';
import { Deciders, type OutsideFacts } from '@second-opinion/nest';
import type { CloseSlotsOfLocation, OpenAgendaDay } from './agenda.commands';
import { agenda } from './agenda.decider';
import { location, type Location } from './location.decider';

/** The location's public data go with every slot in it; whether it is closed decides about both. */
@Injectable()
export class OpenAgendaDayHandler implements OutsideFacts<OpenAgendaDay | CloseSlotsOfLocation> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: OpenAgendaDay | CloseSlotsOfLocation) {
    const { state } = await this.deciders.state<Location>(location, command.locationId);
    if (state) command.location = state;
    return this.deciders.execute(agenda, command);
  }
}
