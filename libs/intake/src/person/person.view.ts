import { ToOpen, type Reading, type RecordedEvent, type Seal, type Shown, type View } from '@second-opinion/kernel';
import type { PersonEvent } from './person.events';
import { personExample } from '../intake.examples';

/** A person as registered; name, birth date and contact only as seals. */
export interface PersonRow {
  readonly personId: string;
  readonly name: Seal;
  readonly birthDate: Seal;
  readonly contact: Seal;
  readonly channel: string;
  readonly language: string;
  readonly linked: boolean;
  readonly joined: readonly string[];
  readonly suggested: readonly string[];
}

export const persons: View<PersonRow> = {
  name: 'intake.persons',
  version: 2,
  categories: ['intake.person'],
  indexes: [],
  keys: ({ stream }) => [stream.slice(stream.indexOf('-') + 1)],
  begins: ({ type }) => type === 'PersonRegistered',
  project: (row, recorded) => {
    const event = recorded as RecordedEvent & PersonEvent;
    if (event.type === 'PersonRegistered') {
      const { personId, name, birthDate, contact, channel, language } = event.data;
      return { personId, name, birthDate, contact, channel, language, linked: false, joined: [], suggested: [] };
    }
    return row && changed(row, event);
  },
};

function changed(row: PersonRow, event: PersonEvent): PersonRow {
  switch (event.type) {
    case 'ContactDataCorrected': {
      const { contact, channel, language } = event.data;
      return { ...row, contact, channel, language };
    }
    case 'IdentityCorrected': {
      const { name, birthDate } = event.data;
      return { ...row, name, birthDate };
    }
    case 'InvitationRedeemed':
      return { ...row, linked: true };
    case 'PersonsJoined':
      return { ...row, joined: [...row.joined, event.data.earlierPersonId] };
    case 'EarlierPersonsSuggested':
      return { ...row, suggested: event.data.personIds };
    default:
      return row;
  }
}

/** identityOf shows who a person is; the door opens it for whom the matrix allows (row 2). */
export function identityOf({ personId, name, birthDate, contact, channel, language }: PersonRow): Shown {
  const place = (field: string) => ({ personId, caseId: '', purpose: `intake.${field}` });
  return {
    personId,
    name: new ToOpen(name, place('name')),
    birthDate: new ToOpen(birthDate, place('birthDate')),
    contact: new ToOpen(contact, place('contact')),
    channel,
    language,
  };
}

/** One's own data. */
export const ownPersonReading: Reading<PersonRow> = {
  operation: 'intake.GetOwnPerson',
  view: persons,
  participants: ({ personId }) => ({ employee: personId }),
  caseId: () => undefined,
  stream: ({ personId }) => `intake.person-${personId}`,
  show: (row) => ({
    ...identityOf(row),
    linked: row.linked,
    joined: row.joined,
    earlierRegistrationsSuggested: row.suggested.length,
  }),
  example: personExample,
};
/** The same without having to know one's id. */
export const meReading: Reading<PersonRow> = { ...ownPersonReading, operation: 'intake.GetMe' };
