import { Injectable } from '@nestjs/common';
import type { RegisteredDoctor } from '@second-opinion/contracts';
import { EventStore } from '@second-opinion/event-store';
import { localDateOf } from '@second-opinion/kernel';
import { Deciders, Follower, tableOf } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import { doctor } from './doctor.decider';
import { freeSlots, type FreeSlotRow } from './free-slots.view';
import { TERMS } from './scheduling.terms';
import { bestFirst, monthsFrom, type Search } from './slot-choice.rules';

const PAGE = 500;

/** The free slots that a case may have. They are as fresh as the log when asked: nothing opened before is missed. */
@Injectable()
export class FreeSlots {
  constructor(
    private readonly deciders: Deciders,
    private readonly store: EventStore,
    private readonly views: ViewStore,
    private readonly follower: Follower,
  ) {}

  async for(search: Search): Promise<FreeSlotRow[]> {
    await this.upToDate();
    const where = { doctorId: search.doctorId, month: monthsFrom(localDateOf(search.from), TERMS.searchMonths) };
    const found: FreeSlotRow[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = { where, orderBy: 'startsAt', limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
      const { rows, next } = await this.views.find<FreeSlotRow>(tableOf(freeSlots), page);
      found.push(...rows.map(({ row }) => row));
      cursor = next;
    }
    return bestFirst(found, search, await this.doctor(search.doctorId));
  }

  /** doctor as the register has him now (BR-19). */
  async doctor(doctorId: string): Promise<RegisteredDoctor> {
    return (await this.deciders.state<RegisteredDoctor>(doctor, doctorId)).state;
  }

  /** upToDate waits until the views hold everything that is in the log now. */
  async upToDate(): Promise<void> {
    const end = await this.store.end();
    if (end !== undefined) await this.follower.reached(end);
  }
}
