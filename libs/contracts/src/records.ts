import { CATEGORIES } from '@second-opinion/kernel';
import { events, field, type DataOf } from './fields';

/** RECORDS_TOPIC: key = case id, or the person's id. */
export const RECORDS_TOPIC = 'records.events.v1';

/** Integration events of records. */
export const recordsMessages = events({
  /** What of a person is forgotten from now on: all of him, or of one case; keys that do not exist yet included. Key = case id, else personId. */
  ErasureDecided: {
    personId: field.id(),
    caseId: field.optional(field.id()),
    categories: field.list(field.code(CATEGORIES)),
    basis: field.label(),
  },
  SubjectKeyDestroyed: {
    keyId: field.id(),
    personId: field.id(),
    caseId: field.optional(field.id()),
    category: field.code(CATEGORIES),
    basis: field.label(),
  },
});
export type RecordsMessages = DataOf<typeof recordsMessages>;
