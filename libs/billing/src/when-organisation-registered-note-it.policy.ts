import { INTAKE_TOPIC, type IntakeMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteOrganisation } from './organisation.commands';

/** Invoices are addressed to the own doctor's service (BR-51); its legal name and address come from the register. */
export const whenOrganisationRegisteredNoteIt: TopicPolicy<IntakeMessages> = {
  name: 'when-organisation-registered-note-it',
  listensTo: [INTAKE_TOPIC],
  startsAt: 'beginning',
  on: {
    OrganisationRegistered: ({ data: { kind: _kind, ...organisation } }) => [issue(NoteOrganisation, organisation)],
  },
};
