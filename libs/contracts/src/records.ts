import { CATEGORIES } from '@second-opinion/kernel';
import { events, field, type DataOf } from './fields';

/** RECORDS_TOPIC: key = case id, or the person's id. */
export const RECORDS_TOPIC = 'records.events.v1';

/** Integration events of records. */
export const recordsMessages = events({
  SubjectKeyDestroyed: {
    keyId: field.id(),
    personId: field.id(),
    caseId: field.optional(field.id()),
    category: field.code(CATEGORIES),
    basis: field.label(),
  },
});
export type RecordsMessages = DataOf<typeof recordsMessages>;
