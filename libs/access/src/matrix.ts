import type { Relation } from '@second-opinion/kernel';

/** MATRIX_VERSION is stored with every access record. */
export const MATRIX_VERSION = 'matrix-a-2026.1';

/** Item is a row of the access matrix of route A, domain section 2. */
export type Item =
  1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23;

/** Fact is what must hold before an entry counts; the finder of the row says which do (`facts` of a reading, or of an access). */
export type Fact =
  /** the second opinion doctor has accepted the assignment, so the name may be shown to him (N03). */
  | 'accepted'
  /** an authorisation in force covers what came from the own doctor or a third party (BR-22). */
  | 'authorised'
  /** the report version was released to the own doctor. */
  | 'released'
  /** the employee himself has shared what he brought. */
  | 'sharedByEmployee'
  /** who pays (BR-52, BR-55); neither holds as long as it is unknown. */
  | 'employeePays'
  | 'employerPays'
  /** the complaint is about him who asks. */
  | 'aboutAsker'
  /** a partner carries it for us, as agreed. */
  | 'partnerTransport';

/** Entry: rights of one relation on one item, for example `RW`. */
export interface Entry {
  /** rights: R read, W create or change, D decide, M metadata only (R includes it). */
  readonly rights: string;
  /** after: the fact that must hold (E). For W and D the stream itself decides it, at the moment it is appended to. */
  readonly after?: Fact;
  /** source as domain section 2 tags it: s(Qn), l, p, i; or the step (A7) or rule (BR-76) that makes it somebody's act. */
  readonly source: string;
}

/** Row of the matrix: what each relation may do with one item. Whoever is not named may do nothing. */
export interface Row {
  readonly what: string;
  readonly entries: Partial<Record<Relation, readonly Entry[]>>;
}

const may = (rights: string, source: string, after?: Fact): Entry =>
  after === undefined ? { rights, source } : { rights, source, after };

/**
 * matrix of route A: item to relation to entries; what is not here is denied. Employer, court, lawyer and UWV have no entry anywhere
 * (BR-40, BR-60). Acts that belong to nobody's column but to a step of the process name that step as their source.
 */
export const matrix: Readonly<Record<Item, Row>> = {
  1: {
    what: 'existence of the case',
    entries: {
      employee: [may('R', 'i'), may('D', 'BR-16, BR-76')],
      'own-doctor': [may('RW', 's(Q1)')],
      'candidate-doctor': [may('M', 'N03'), may('D', 'A7')],
      'second-opinion-doctor': [may('R', 's(Q8)'), may('D', 'A7, A11, BR-24')],
      'back-office': [may('R', 's(Q11)')],
      auditor: [may('M', 'i')],
      partner: [may('M', 'i')],
    },
  },
  2: {
    what: 'identity and contact data',
    entries: {
      employee: [may('RW', 'i')],
      'own-doctor': [may('RW', 'i')],
      'candidate-doctor': [may('R', 'N03, A7', 'accepted')],
      'second-opinion-doctor': [may('R', 'i')],
      'back-office': [may('R', 'i')],
      auditor: [may('M', 'i')],
      partner: [may('M', 'i', 'partnerTransport')],
    },
  },
  3: {
    what: 'reason of the request: doubt, questions',
    entries: {
      employee: [may('RW', 's(Q17)')],
      'own-doctor': [may('RW', 's(Q16)')],
      'second-opinion-doctor': [may('R', 'i')],
      'back-office': [may('M', 'i')],
      auditor: [may('M', 'i')],
    },
  },
  4: {
    what: 'medical complaint, medication',
    entries: {
      employee: [may('RW', 's(Q17)')],
      // The own doctor reads his own file, which is not here.
      'second-opinion-doctor': [may('R', 's(Q17)')],
    },
  },
  5: {
    what: 'decision aid: answers and outcome',
    entries: {
      employee: [may('R', 'i')],
      'own-doctor': [may('RW', 's(Q18)')],
      'second-opinion-doctor': [may('M', 'i')],
      'back-office': [may('M', 'i')],
      auditor: [may('M', 'i')],
    },
  },
  6: {
    what: 'refusal and arguments',
    entries: {
      employee: [may('R', 'l 2.14d(3)')],
      'own-doctor': [may('W', 'l 2.14d(3)')],
      'back-office': [may('M', 'i')],
      auditor: [may('M', 'i')],
    },
  },
  7: {
    what: 'transfer authorisation',
    entries: {
      employee: [may('D', 'l 2.14d(4)'), may('R', 'BR-68')],
      'own-doctor': [may('R', 'l 2.14d(4)')],
      'second-opinion-doctor': [may('R', 'p V3'), may('W', 'A11, A14')],
      'back-office': [may('M', 'i')],
      auditor: [may('R', 'i')],
      partner: [may('M', 'i')],
    },
  },
  8: {
    what: 'work-situation information',
    entries: {
      employee: [may('R', 'i')],
      'own-doctor': [may('W', 'p V3, l 2.14d(4)')],
      'second-opinion-doctor': [may('R', 'p V3'), may('W', 'A12')],
      partner: [may('M', 'i', 'partnerTransport')],
    },
  },
  9: {
    what: 'medical documents from the own doctor or a third party',
    entries: {
      employee: [may('R', 'l WGBO 456')],
      'own-doctor': [may('W', 'l 2.14d(4)', 'authorised')],
      'second-opinion-doctor': [may('R', 'l 2.14d(4)', 'authorised'), may('W', 'A12, A14', 'authorised')],
      'back-office': [may('M', 'p V23')],
      auditor: [may('M', 'i')],
      partner: [may('M', 'i', 'partnerTransport')],
    },
  },
  10: {
    what: 'documents brought by the employee',
    entries: {
      employee: [may('RW', 's(Q8)')],
      'own-doctor': [may('R', 'i', 'sharedByEmployee')],
      'second-opinion-doctor': [may('R', 's(Q8)'), may('W', 'A12')],
      'back-office': [may('M', 'i')],
      auditor: [may('M', 'i')],
    },
  },
  11: { what: 'private working notes', entries: { 'second-opinion-doctor': [may('RW', 'p V21')] } },
  12: {
    what: 'appointment, location',
    entries: {
      employee: [may('R', 's(Q12)'), may('D', 'A10')],
      'own-doctor': [may('M', 'i')],
      'second-opinion-doctor': [may('R', 'i'), may('W', 'A10, A13')],
      'back-office': [may('RW', 's(Q11)')],
      auditor: [may('M', 'i')],
      partner: [may('M', 'i')],
    },
  },
  13: {
    what: 'report before the release decision',
    entries: {
      employee: [may('R', 's(Q2)'), may('D', 'A16')],
      'second-opinion-doctor': [may('RW', 's(Q2)')],
      'back-office': [may('M', 'i')],
      auditor: [may('M', 'i')],
    },
  },
  14: {
    what: 'report after consent',
    entries: {
      employee: [may('R', 's(Q2)')],
      'own-doctor': [may('R', 's(Q2,Q3)', 'released')],
      'second-opinion-doctor': [may('R', 'i'), may('W', 'A18')],
      auditor: [may('M', 'i')],
      partner: [may('M', 'i', 'partnerTransport')],
    },
  },
  15: {
    what: 'report after blocking',
    entries: {
      employee: [may('R', 's(Q15)')],
      'second-opinion-doctor': [may('R', 'i')],
      auditor: [may('M', 'i')],
    },
  },
  16: {
    what: 'release decision',
    entries: {
      employee: [may('D', 's(Q3)'), may('R', 'BR-68')],
      'own-doctor': [may('M', 'i')],
      'second-opinion-doctor': [may('R', 'i')],
      'back-office': [may('M', 'i')],
      auditor: [may('R', 'i')],
      partner: [may('M', 'i')],
    },
  },
  17: { what: 'functional-capacity summary: does not exist in route A', entries: {} },
  18: {
    what: 'follow-up decision',
    entries: {
      employee: [may('R', 'l 2.14d')],
      'own-doctor': [may('W', 's(Q14)')],
      'back-office': [may('M', 'i')],
      auditor: [may('M', 'i')],
    },
  },
  19: {
    what: 'quote, signature',
    entries: {
      employee: [may('RD', 'i', 'employeePays')],
      'own-doctor': [may('RD', 's(Q1,Q12)')],
      'second-opinion-doctor': [may('R', 'i')],
      'back-office': [may('RW', 'i')],
      auditor: [may('R', 'i')],
      partner: [may('M', 'i')],
    },
  },
  20: {
    what: 'invoice',
    entries: {
      employee: [may('R', 'i', 'employeePays')],
      'own-doctor': [may('R', 's(Q1,Q13)', 'employerPays'), may('M', 'BR-55')],
      'second-opinion-doctor': [may('R', 'i')],
      'back-office': [may('RW', 'i')],
      auditor: [may('R', 'i')],
      partner: [may('M', 'i')],
    },
  },
  21: {
    what: 'notification log, of his own messages',
    entries: {
      employee: [may('R', 'i')],
      'own-doctor': [may('R', 'i')],
      'candidate-doctor': [may('R', 'i')],
      'second-opinion-doctor': [may('R', 'i')],
      'back-office': [may('M', 'i')],
      auditor: [may('M', 'i')],
    },
  },
  22: {
    what: 'access log',
    entries: { employee: [may('R', 'l Wabvpz 15e, V21')], auditor: [may('R', 'p V20')] },
  },
  23: {
    what: 'complaint',
    entries: {
      employee: [may('RW', 'l Arbowet 14(2)(h)')],
      'own-doctor': [may('R', 'i', 'aboutAsker')],
      'second-opinion-doctor': [may('R', 'i', 'aboutAsker')],
      'back-office': [may('M', 'i')],
      auditor: [may('R', 'i')],
    },
  },
};
