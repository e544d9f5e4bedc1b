import { Injectable } from '@nestjs/common';
import { EventStore } from '@second-opinion/event-store';
import { Follower, tableOf } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import type { DoctorEntry } from './register.events';
import { doctors } from './registers.view';

const PAGE = 500;

/** The second opinion doctors of the register, as fresh as the log when asked. */
@Injectable()
export class SecondOpinionDoctors {
  constructor(
    private readonly store: EventStore,
    private readonly views: ViewStore,
    private readonly follower: Follower,
  ) {}

  async ids(): Promise<string[]> {
    const end = await this.store.end();
    if (end !== undefined) await this.follower.reached(end);
    const ids: string[] = [];
    for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
      const page = { where: { secondOpinionDoctor: true }, orderBy: 'doctorId', limit: PAGE };
      const query = { ...page, ...(cursor === undefined ? {} : { cursor }) };
      const { rows, next } = await this.views.find<DoctorEntry>(tableOf(doctors), query);
      ids.push(...rows.map(({ row }) => row.doctorId));
      cursor = next;
    }
    return ids;
  }
}
