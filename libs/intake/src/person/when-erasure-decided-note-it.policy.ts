import { RECORDS_TOPIC, type RecordsMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteCaseForgotten } from '../case/case.commands';
import { ForgetCasesOfPerson } from './person.commands';

/** Without the medical texts, or without the person, nobody can go on with a case; an address or a bill that is forgotten ends none. */
export const whenErasureDecidedNoteIt: TopicPolicy<RecordsMessages> = {
  name: 'when-erasure-decided-note-it',
  listensTo: [RECORDS_TOPIC],
  startsAt: 'beginning',
  on: {
    ErasureDecided: ({ data: { personId, caseId, categories } }) => {
      if (caseId !== undefined) return categories.includes('MEDICAL') ? [issue(NoteCaseForgotten, { caseId })] : [];
      const ends = categories.includes('MEDICAL') || categories.includes('IDENTITY');
      return ends ? [issue(ForgetCasesOfPerson, { personId })] : [];
    },
  },
};
