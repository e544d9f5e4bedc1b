import { events, field, type EventsOf } from '@second-opinion/contracts';
import { CATEGORIES } from '@second-opinion/kernel';

/** ERASURE_BASES: why something may be forgotten (domain section 9). */
export const ERASURE_BASES = ['EMPLOYEE_REQUEST', 'RETENTION_ENDED', 'NEVER_SUBMITTED'] as const;
export type ErasureBasis = (typeof ERASURE_BASES)[number];

export const erasureEvents = events({
  /** What is forgotten from now on, keys that do not exist yet included. */
  ErasureDecided: {
    personId: field.id(),
    caseId: field.optional(field.id()),
    categories: field.list(field.code(CATEGORIES)),
    basis: field.code(ERASURE_BASES),
  },
  /** The proof for one key; appended before the key goes. */
  SubjectKeyDestroyed: {
    keyId: field.id(),
    personId: field.id(),
    caseId: field.optional(field.id()),
    category: field.code(CATEGORIES),
    object: field.optional(field.id()),
    basis: field.code(ERASURE_BASES),
  },
});
export type ErasureEvent = EventsOf<typeof erasureEvents>;
export type ErasureDecided = Extract<ErasureEvent, { type: 'ErasureDecided' }>;
