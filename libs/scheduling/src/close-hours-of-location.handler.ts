import { Injectable } from '@nestjs/common';
import { issue, localDateOf } from '@second-opinion/kernel';
import { attachedTo, Deciders, tableOf, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import { CloseSlotsOfLocation } from './agenda.commands';
import { agenda } from './agenda.decider';
import { agendaDays, type AgendaRow } from './agenda.view';
import { FreeSlots } from './free-slots.handler';
import type { CloseHoursOfLocation } from './location.commands';
import { location, type Location, type LocationFacts } from './location.decider';

const PAGE = 500;

/** Closes what agendas have at a house from the day it closes; who had a slot there is found another by his own case. */
@Injectable()
export class CloseHoursOfLocationHandler implements OutsideFacts<CloseHoursOfLocation> {
  constructor(
    private readonly deciders: Deciders,
    private readonly views: ViewStore,
    private readonly slots: FreeSlots,
  ) {}

  async execute(command: CloseHoursOfLocation): Promise<CommandResult> {
    const { locationId } = command;
    const { state: facts } = await this.deciders.state<Location>(location, locationId);
    const today = localDateOf(attachedTo(command).now);
    if (facts)
      for (const { doctorId, date } of await this.daysAt(facts, today))
        await this.deciders.also(
          agenda,
          issue(CloseSlotsOfLocation, { doctorId, date, locationId, location: facts }),
          command,
        );
    return this.deciders.execute(location, command);
  }

  /** daysAt this house from its closing on, the last first; days that lie behind are never read. */
  private async daysAt({ locationId, closedFrom = '' }: LocationFacts, today: string): Promise<AgendaRow[]> {
    await this.slots.upToDate();
    const from = closedFrom < today ? today : closedFrom;
    const found: AgendaRow[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = { orderBy: 'date', descending: true, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const { rows, next } = await this.views.find<AgendaRow>(tableOf(agendaDays), page);
      const ahead = rows.map(({ row }) => row).filter(({ date }) => date >= from);
      found.push(...ahead.filter(({ agenda: { slots } }) => isAt(slots, locationId)));
      cursor = ahead.length === rows.length ? next : undefined;
    }
    return found;
  }
}

function isAt(slots: AgendaRow['agenda']['slots'], locationId: string): boolean {
  return Object.values(slots).some((slot) => slot.locationId === locationId && !slot.closed);
}
