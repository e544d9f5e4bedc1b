import { Injectable } from '@nestjs/common';
import { EventStore } from '@second-opinion/event-store';

/** Categories of streams that begin with somebody: whose id has one is a person or doctor of ours. */
const PEOPLE = ['intake.person', 'intake.doctor'];

/** KnownPersons tells ids of ours from whatever else somebody asks about: only the former may stand in the access log. */
@Injectable()
export class KnownPersons {
  constructor(private readonly store: EventStore) {}

  async has(id: string): Promise<boolean> {
    const streams = await Promise.all(PEOPLE.map((category) => this.store.readStream(`${category}-${id}`)));
    return streams.some((events) => events.length > 0);
  }
}
