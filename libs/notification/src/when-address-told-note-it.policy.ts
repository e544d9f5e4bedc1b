import { INTAKE_TOPIC, type IntakeMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteContact, NoteInvitation } from './recipient.commands';

/** Persons and doctors, how they are reached, and who of them is invited (N23). */
export const whenAddressToldNoteIt: TopicPolicy<IntakeMessages> = {
  name: 'when-address-told-note-it',
  listensTo: [INTAKE_TOPIC],
  // The first version of this product writes about everything it hears; ids derive from the event, so that nothing is told twice.
  startsAt: 'beginning',
  on: {
    PersonRegistered: ({ data: { personId, contact, channel, language } }) => [
      issue(NoteContact, { recipientId: personId, kind: 'person', contact, channel, language }),
    ],
    ContactDataCorrected: ({ data: { personId, contact, channel, language } }) => [
      issue(NoteContact, { recipientId: personId, kind: 'person', contact, channel, language }),
    ],
    DoctorRegistered: ({ data: { doctorId, contact, language } }) => [
      issue(NoteContact, { recipientId: doctorId, kind: 'doctor', contact, channel: 'email', language }),
    ],
    InvitationIssued: ({ id, data: { inviteeId, code, expiresAt, attempt } }) => {
      const content = { code, until: expiresAt, ...(attempt === undefined ? {} : { attempt }) };
      return [issue(NoteInvitation, { recipientId: inviteeId, eventId: id, content })];
    },
  },
};
