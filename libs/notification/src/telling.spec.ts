import {
  BILLING_TOPIC,
  billingMessages,
  INTAKE_TOPIC,
  intakeMessages,
  REPORTING_TOPIC,
  reportingMessages,
  SCHEDULING_TOPIC,
  schedulingMessages,
  type EventSchemas,
  type BillingMessages,
  type IntakeMessages,
  type ReportingMessages,
  type SchedulingMessages,
} from '@second-opinion/contracts';
import { aSeal } from '@second-opinion/kernel/testing';
import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';
import { PureWorld, type Told } from './testing';

const caseId = 'case-1';
let count = 0;
const tell =
  <Messages>(topic: string) =>
  <Type extends keyof Messages & string>(type: Type, data: Messages[Type], id = `event-${++count}`): Told => ({
    topic,
    type,
    data: data as object,
    id,
  });
const intake = tell<IntakeMessages>(INTAKE_TOPIC);
const billing = tell<BillingMessages>(BILLING_TOPIC);
const scheduling = tell<SchedulingMessages>(SCHEDULING_TOPIC);
const reporting = tell<ReportingMessages>(REPORTING_TOPIC);

const at = '2026-11-25T09:00:00.000Z';
const contact = (name: string) => ({ contact: aSeal(name), language: 'nl' as const });
const slot = {
  doctorId: 'doctor-2',
  locationId: 'location-1',
  startsAt: '2026-12-01T09:00',
  endsAt: '2026-12-01T10:30',
  zone: 'Europe/Amsterdam',
};
const house = { locationName: 'Het Gebouw', locationAddress: 'Kade 1, Utrecht' };
const money = { netCents: 125000, vatCents: 26250, totalCents: 151250 };

const wish = intake('SecondOpinionWishRecorded', {
  caseId,
  caseNumber: 'SO-0123456789',
  employeeId: 'person-1',
  ownDoctorId: 'doctor-1',
  ownOrganisationId: 'ohs-1',
  recordedAt: at,
});
const person = intake('PersonRegistered', { personId: 'person-1', channel: 'email', ...contact('person') });
const doctor = (doctorId: string) =>
  intake('DoctorRegistered', {
    doctorId,
    registerName: 'A. Arts',
    registrationNumber: '1',
    organisationId: 'ohs-1',
    secondOpinionDoctor: true,
    region: '35',
    ...contact(doctorId),
  });
const submitted = intake('SecondOpinionRequestSubmitted', {
  caseId,
  caseNumber: 'SO-0123456789',
  subject: 'AbsenceGuidance',
  employeeId: 'person-1',
  ownDoctorId: 'doctor-1',
  ownOrganisationId: 'ohs-1',
  doctorId: 'doctor-2',
  contracted: true,
  employerAgreed: false,
  region: '35',
  submittedAt: at,
});
const offered = intake('AssignmentOffered', {
  caseId,
  caseNumber: 'SO-0123456789',
  doctorId: 'doctor-2',
  subject: 'AbsenceGuidance',
  region: '35',
  contracted: true,
  employerAgreed: false,
  answerDueAt: at,
  round: 1,
});
const independent = intake('IndependenceConfirmed', { caseId, doctorId: 'doctor-2', round: 1 });
const quote = (payer: 'EMPLOYER' | 'EMPLOYEE' = 'EMPLOYER') =>
  billing('QuoteIssued', {
    caseId,
    quoteId: 'quote-1',
    round: 1,
    doctorId: 'doctor-2',
    ...money,
    vatTreatment: 'STANDARD_21',
    payer,
    termsVersion: 'terms-1',
    explanationVersion: 'quote-explanation-2026.1',
    validUntil: at,
    issuedAt: at,
  });
const confirmed = scheduling('AppointmentConfirmed', { caseId, appointmentId: 'a-1', sequence: 0, ...slot, ...house });
const moved = (sequence: number, startsAt: string) =>
  scheduling('AppointmentRescheduled', {
    caseId,
    appointmentId: 'a-1',
    sequence,
    ...slot,
    ...house,
    startsAt,
    by: 'employee',
  });
const reminder = (startsAt = slot.startsAt) =>
  scheduling('AppointmentReminderDue', {
    caseId,
    appointmentId: 'a-1',
    daysBefore: 5,
    startsAt,
    zone: slot.zone,
    locationId: 'location-1',
  });
const cancelled = (sequence: number) =>
  scheduling('AppointmentCancelled', {
    caseId,
    appointmentId: 'a-1',
    sequence,
    doctorId: 'doctor-2',
    locationId: 'location-1',
    startsAt: slot.startsAt,
    zone: slot.zone,
    by: 'employee',
    noticeClass: 'FREE',
    noticeHours: 100,
    illnessProof: false,
  });
/** another: what scheduling makes after a cancellation, with a UID of its own. */
const another = scheduling('AppointmentConfirmed', {
  caseId,
  appointmentId: 'a-2',
  sequence: 0,
  ...slot,
  ...house,
  startsAt: '2026-12-08T09:00',
  endsAt: '2026-12-08T10:30',
});
const noShow = (final: boolean) =>
  scheduling('NoShowRecorded', {
    caseId,
    doctorId: 'doctor-2',
    appointmentId: 'a-1',
    count: final ? 2 : 1,
    final,
    illnessProof: false,
    recordedAt: at,
  });
const shared = reporting('ReportSharedWithEmployee', {
  caseId,
  version: 1,
  firstSharing: true,
  sharedAt: at,
  decisionDueAt: at,
  correctionDueAt: at,
});
const invoice = (payer: 'EMPLOYER' | 'EMPLOYEE') =>
  billing('InvoiceIssued', {
    caseId,
    invoiceNumber: 'SO2026-000001',
    charge: 'SECOND_OPINION',
    payer,
    ...money,
    issuedOn: '2026-12-01',
    paymentDueOn: '2026-12-31',
  });

/** everything that other contexts can tell, once. */
const everything: readonly Told[] = [
  wish,
  person,
  doctor('doctor-1'),
  doctor('doctor-2'),
  intake('InvitationIssued', { inviteeId: 'person-1', inviteeKind: 'person', code: aSeal('code'), expiresAt: at }),
  intake('InvitationIssued', {
    ...{ inviteeId: 'person-1', inviteeKind: 'person', attempt: 2 },
    ...{ code: aSeal('code'), expiresAt: at },
  }),
  intake('EmployeeUnreachable', { caseId }),
  intake('AnswerReminderDue', { caseId, attempt: 2, until: at }),
  intake('EmployeeSilent', { caseId }),
  intake('EndedForUnreachableEmployee', { caseId, endedAt: at }),
  scheduling('RebookingReminderDue', { caseId, appointmentId: 'a-1', attempt: 2, until: at }),
  scheduling('EndedWithoutAppointment', { caseId, doctorId: 'doctor-2', at }),
  intake('ContactDataCorrected', { personId: 'person-1', channel: 'sms', ...contact('person-new') }),
  intake('OrganisationRegistered', {
    organisationId: 'ohs-1',
    legalName: 'Arbodienst',
    address: 'Straat 1',
    chamberOfCommerceNumber: '1',
    kind: 'OHS',
  }),
  intake('DecisionReminderDue', { caseId, decisionDueAt: at }),
  intake('DecisionOverdue', { caseId, dueAt: at }),
  intake('DoctorChoiceOverdue', { caseId, dueAt: at }),
  intake('RequestRefused', {
    caseId,
    employeeId: 'person-1',
    ownDoctorId: 'doctor-1',
    ground: 'OTHER_WEIGHTY',
    motivation: aSeal('motivation'),
    complaintRouteVersion: 'complaint-route-2026.1',
  }),
  submitted,
  offered,
  intake('AssignmentAccepted', { caseId, doctorId: 'doctor-2', round: 1 }),
  intake('AssignmentDeclined', { caseId, doctorId: 'doctor-2', round: 1, cause: 'NOT_INDEPENDENT' }),
  independent,
  intake('NoDoctorAvailable', { caseId }),
  intake('RequestWithdrawn', { caseId, withdrawnAt: at }),
  intake('CaseClosed', { caseId, outcome: 'QUOTE_NOT_SIGNED', closedAt: at }),
  intake('CaseForgotten', { caseId, at }),
  intake('CaseReopened', { caseId, reopenedAt: at }),
  quote('EMPLOYEE'),
  billing('QuoteReminderDue', { caseId, quoteId: 'quote-1', validUntil: at }),
  billing('QuoteSigned', { caseId, quoteId: 'quote-1', doctorId: 'doctor-2', signedAt: at }),
  billing('QuoteDeclined', { caseId, quoteId: 'quote-1' }),
  billing('QuoteExpired', { caseId, quoteId: 'quote-1' }),
  billing('QuoteSuperseded', { caseId, quoteId: 'quote-1' }),
  billing('QuoteOverdue', { caseId, dueAt: at }),
  invoice('EMPLOYEE'),
  billing('CreditNoteIssued', {
    caseId,
    creditNoteNumber: 'SC2026-000001',
    invoiceNumber: 'SO2026-000001',
    totalCents: 1,
    issuedOn: '2026-12-02',
  }),
  billing('PaymentOverdue', { caseId, invoiceNumber: 'SO2026-000001', paymentDueOn: '2026-12-31' }),
  billing('InvoicePaid', { caseId, invoiceNumber: 'SO2026-000001' }),
  billing('BillingSettled', { caseId, invoiced: true }),
  confirmed,
  reminder(),
  cancelled(1),
  scheduling('SlotReserved', { caseId, ...slot, expiresAt: at }),
  scheduling('SlotReleased', { caseId, doctorId: 'doctor-2', startsAt: slot.startsAt, cause: 'EXPIRED' }),
  scheduling('NoSlotWithinSla', { caseId, doctorId: 'doctor-2' }),
  scheduling('ConsultationRecordOverdue', { caseId, dueAt: at }),
  scheduling('ConsultationHeld', {
    caseId,
    doctorId: 'doctor-2',
    locationId: 'location-1',
    durationMinutes: 60,
    heldAt: at,
  }),
  noShow(false),
  scheduling('ConsultationAborted', { caseId, doctorId: 'doctor-2', final: false }),
  moved(2, '2026-12-03T09:00'),
  reporting('MedicalFileOpened', { caseId }),
  reporting('TransferAuthorisationAsked', { caseId }),
  reporting('TransferAuthorisationGranted', { caseId, at }),
  reporting('TransferAuthorisationRefused', { caseId, at }),
  reporting('TransferAuthorisationWithdrawn', { caseId, at }),
  reporting('ProceedingWithoutOwnDossier', { caseId }),
  reporting('NotExecutableDecided', { caseId, at }),
  reporting('DossierDocumentAdded', { caseId, documentId: 'd-1', kind: 'MEDICAL_LETTER', senderRole: 'employee' }),
  reporting('DossierClosed', { caseId }),
  shared,
  reporting('ReleaseReminderDue', { caseId, version: 1, day: 5, decisionDueAt: at }),
  reporting('FactualCorrectionRequested', { caseId, version: 1 }),
  reporting('FactualCorrectionRejected', { caseId, version: 1 }),
  reporting('ReportReleased', { caseId, version: 1, hash: 'h'.repeat(43), releasedAt: at, followUpDueAt: at }),
  reporting('ReleaseDeliveryFailed', { caseId, version: 1 }),
  reporting('ReportNotReleased', { caseId, outcome: 'BLOCKED', at }),
  reporting('RequestWithdrawn', { caseId, withdrawnAt: at, consultationHeld: false }),
  reporting('WorkedHoursStated', { caseId, minutes: 30, at }),
  reporting('FollowUpRecorded', { caseId, adoption: 'NOT', motivation: aSeal('why'), discussedOn: '2026-12-20' }),
  reporting('FollowUpReminderDue', { caseId, followUpDueAt: at }),
  reporting('FollowUpTermEnded', { caseId, at }),
  reporting('ReportOverdue', { caseId, dueAt: at }),
  reporting('CaseOverdue', { caseId, term: 'TARGET', dueAt: at }),
];

function after(...told: readonly Told[]): PureWorld {
  const world = new PureWorld();
  for (const one of told) world.hears(one);
  return world;
}
const planned = (world: PureWorld) =>
  ['person-1', 'doctor-1', 'doctor-2', 'role:back-office'].map((id) => world.planned(id));

describe('what other contexts tell', () => {
  const schemas: Readonly<Record<string, EventSchemas>> = {
    [INTAKE_TOPIC]: intakeMessages,
    [BILLING_TOPIC]: billingMessages,
    [SCHEDULING_TOPIC]: schedulingMessages,
    [REPORTING_TOPIC]: reportingMessages,
  };
  it('is all in this test, in the shapes of the contracts', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const [topic, declared] of Object.entries(schemas)) {
      const told = everything.filter((one) => one.topic === topic);
      expect(new Set(told.map(({ type }) => type))).toEqual(new Set(Object.keys(declared)));
      for (const { type, data } of told) expect(ajv.validate(declared[type] ?? false, data)).toBe(true);
    }
  });

  it('BR-40: reaches employee, doctors and back office, and never an employer or his organisation', () => {
    const recipients = after(...everything)
      .events('notification.message')
      .map(({ data }) => (data as { recipientId?: string }).recipientId)
      .filter((id) => id !== undefined);
    expect(new Set(recipients)).toEqual(new Set(['person-1', 'doctor-1', 'doctor-2', 'role:back-office']));
  });
});

describe('who is told what', () => {
  it('N01, N03: the submission, to employee and own doctor; the offer to the doctor who is asked', () => {
    const world = after(wish, submitted, offered);
    expect(planned(world)).toEqual([['N01-employee'], ['N01-own-doctor'], ['N03-offered'], []]);
  });
  it('N02: the refusal goes to the employee alone', () => {
    const refused = everything.find(({ type }) => type === 'RequestRefused') as Told;
    expect(planned(after(wish, refused))).toEqual([['N02-refused'], [], [], []]);
  });
  it('N04, BR-51: the quote goes to the own doctor; also to the employee who pays himself', () => {
    expect(planned(after(wish, quote()))).toEqual([[], ['N04-issued'], [], []]);
    expect(planned(after(wish, quote('EMPLOYEE')))).toEqual([['N04-issued-employee'], ['N04-issued'], [], []]);
  });
  it('N04: so do its reminders, which do not name the payer themselves', () => {
    const due = billing('QuoteReminderDue', { caseId, quoteId: 'quote-1', validUntil: at });
    expect(after(wish, quote(), due).planned('person-1')).toEqual([]);
    expect(after(wish, quote('EMPLOYEE'), due).planned('person-1')).toEqual([
      'N04-issued-employee',
      'N04-reminder-employee',
    ]);
  });
  it('N05, N06: appointments go to the employee and the second opinion doctor, not to the own doctor', () =>
    expect(planned(after(wish, independent, confirmed, reminder()))).toEqual([
      ['N05-confirmed', 'N05-reminder'],
      [],
      ['N06-confirmed', 'N06-reminder'],
      [],
    ]));
  it('N09: nobody came: the employee hears why, the own doctor only that it was not held', () => {
    expect(planned(after(wish, confirmed, noShow(false)))).toEqual([
      ['N05-confirmed', 'N09-no-show'],
      ['N09-not-held'],
      ['N06-confirmed'],
      [],
    ]);
    expect(after(wish, noShow(true)).planned('person-1')).toEqual(['N09-no-show-final']);
  });
  it('N09: who cancelled and chooses no other time is reminded; of the end the own doctor hears only that it was not held', () => {
    const remind = scheduling('RebookingReminderDue', { caseId, appointmentId: 'a-1', attempt: 2, until: at });
    const ended = scheduling('EndedWithoutAppointment', { caseId, doctorId: 'doctor-2', at });
    expect(planned(after(wish, independent, remind, ended))).toEqual([
      ['N09-not-rebooked', 'N09-rebook'],
      ['N09-not-rebooked-not-held'],
      [],
      [],
    ]);
  });
  it('N23: that the employee answers no invitation, his own doctor is told and nobody else', () =>
    expect(planned(after(wish, independent, intake('EmployeeUnreachable', { caseId })))).toEqual([
      [],
      ['N23-unreachable'],
      [],
      [],
    ]));
  it('N01: who does not do what only he can is reminded, his own doctor is told, and the end is told him', () => {
    const reminder = intake('AnswerReminderDue', { caseId, attempt: 2, until: at });
    const ended = intake('EndedForUnreachableEmployee', { caseId, endedAt: at });
    expect(planned(after(wish, independent, reminder, intake('EmployeeSilent', { caseId }), ended))).toEqual([
      ['N01-answer-due', 'N01-ended-unanswered'],
      ['N01-silent'],
      [],
      [],
    ]);
  });
  it('N15, BR-55: the invoice goes to whoever pays, and to nobody else', () => {
    expect(planned(after(wish, invoice('EMPLOYER')))).toEqual([[], ['N15-invoice'], [], []]);
    expect(planned(after(wish, invoice('EMPLOYEE')))).toEqual([['N15-invoice'], [], [], []]);
  });
  it('N15, BR-55: so do the credit note and the reminder, which only name the invoice', () => {
    const papers = everything.filter(({ type }) => type === 'CreditNoteIssued' || type === 'PaymentOverdue');
    expect(after(wish, invoice('EMPLOYEE'), ...papers).planned('person-1')).toHaveLength(3);
    expect(after(wish, ...papers, invoice('EMPLOYER')).planned('doctor-1')).toEqual([
      'N15-credit',
      'N15-invoice',
      'N15-overdue',
    ]);
  });
  it('N07 the question for the authorisation: the employee, and both doctors in the portal', () => {
    const world = after(wish, independent, reporting('TransferAuthorisationAsked', { caseId }));
    expect(world.planned('person-1')).toEqual(['N07-asked']);
    expect(world.planned('doctor-1')).toEqual(['N07-asked-own-doctor']);
    expect(world.planned('doctor-2')).toEqual(['N07-asked-doctor']);
  });
  it('N19: terms that passed go to the back office, internally', () => {
    const world = after(wish, ...everything.filter(({ type }) => /Overdue|NoSlot|DeliveryFailed/.test(type)));
    expect(world.planned('role:back-office')).toEqual([
      'N19-case-target',
      'N19-choice-overdue',
      'N19-consultation-overdue',
      'N19-decision-overdue',
      'N19-delivery-failed',
      'N19-no-slot',
      'N19-quote-overdue',
      'N19-report-overdue',
    ]);
    expect(world.streams.has('notification.recipient-role:back-office')).toBe(false);
  });
  it('A4: the own doctor is reminded to decide, and the overdue decision is no news to him or the employee', () => {
    const world = after(wish, ...everything.filter(({ type }) => /^Decision|^DoctorChoice/.test(type)));
    expect(planned(world).slice(0, 3)).toEqual([[], ['N02-due'], []]);
  });
  it('N19: the target and the limit of the whole case are told apart', () => {
    const overdue = (term: 'TARGET' | 'LIMIT') =>
      reporting('CaseOverdue', { caseId, term, dueAt: at }, `event-${term}`);
    const world = after(wish, overdue('TARGET'), overdue('LIMIT'));
    expect(world.planned('role:back-office')).toEqual(['N19-case-limit', 'N19-case-target']);
    expect(['person-1', 'doctor-1', 'doctor-2'].map((id) => world.planned(id))).toEqual([[], [], []]);
  });
  it('the case ends because the quote was not signed: the employee hears it without a price', () => {
    const closed = intake('CaseClosed', { caseId, outcome: 'QUOTE_NOT_SIGNED', closedAt: at });
    const world = after(wish, closed);
    expect(world.planned('person-1')).toEqual(['N04-closed']);
    expect(JSON.stringify(world.events('notification.message'))).not.toMatch(/Cents/);
  });
});

describe('BR-38: what the own doctor hears when there is no release', () => {
  const ended = (outcome: 'BLOCKED' | 'LAPSED' | 'WITHDRAWN') =>
    reporting('ReportNotReleased', { caseId, outcome, at }, 'event-not-released');
  const closed = (outcome: IntakeMessages['CaseClosed']['outcome']) =>
    intake('CaseClosed', { caseId, outcome, closedAt: at }, 'event-closed');

  it('is the same message, byte for byte, whichever it was; our streams do not know either', () => {
    const worlds = [
      after(wish, shared, ended('BLOCKED'), closed('BLOCKED')),
      after(wish, shared, ended('LAPSED'), closed('RELEASE_DECISION_LAPSED')),
      after(wish, shared, ended('WITHDRAWN'), closed('WITHDRAWN')),
    ];
    expect(worlds[0]?.planned('doctor-1')).toEqual(['N13-ended']);
    const [first, ...others] = worlds.map(({ streams }) => JSON.stringify([...streams]));
    for (const other of others) expect(other).toBe(first);
  });
  it('is nothing before the end of the term: sharing, reminders and a withdrawal after sharing are silent to him', () => {
    const withdrawn = reporting('RequestWithdrawn', { caseId, withdrawnAt: at, consultationHeld: true });
    const reminded = reporting('ReleaseReminderDue', { caseId, version: 1, day: 5, decisionDueAt: at });
    expect(after(wish, shared, reminded, withdrawn).planned('doctor-1')).toEqual([]);
  });
  it('while a withdrawal before sharing is told once, whoever decided it', () => {
    const both = everything.filter(({ type }) => type === 'RequestWithdrawn');
    expect(both).toHaveLength(2);
    expect(after(wish, ...both).planned('doctor-1')).toEqual(['N01-withdrawn-own-doctor']);
  });
  it('N12: a released report is told to him and to the employee', () => {
    const released = everything.find(({ type }) => type === 'ReportReleased') as Told;
    expect(planned(after(wish, shared, released))).toEqual([['N10-ready', 'N12-copy'], ['N12-released'], [], []]);
  });
});

describe('order and duplicates', () => {
  const story = [
    wish,
    person,
    doctor('doctor-1'),
    doctor('doctor-2'),
    submitted,
    offered,
    independent,
    quote('EMPLOYEE'),
  ];
  const others = [
    confirmed,
    reminder(),
    reporting('DossierDocumentAdded', { caseId, documentId: 'd', kind: 'OTHER', senderRole: 'employee' }),
    shared,
    invoice('EMPLOYEE'),
    billing('PaymentOverdue', { caseId, invoiceNumber: 'SO2026-000001', paymentDueOn: '2026-12-31' }),
    reporting('ReportNotReleased', { caseId, outcome: 'LAPSED', at }),
  ];
  const all = [...story, ...others];
  const expected = planned(after(...all));

  it('every order gives the same messages, with everything delivered twice', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }), (told) => {
        expect(planned(after(...told))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
  it('and every message that may leave was allowed once, when its recipient became known', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }), (told) => {
        const events = after(...told).events('notification.message');
        const of = (type: string) => events.filter((event) => event.type === type).length;
        expect(of('DeliveryAllowed')).toBe(of('NotificationPlanned'));
      }),
      { numRuns: 100 },
    );
  });
  it('one notification per event, recipient and template', () => {
    const ids = after(...everything, ...everything)
      .events('notification.message')
      .filter(({ type }) => type === 'NotificationPlanned')
      .map(({ data }) => (data as { messageId: string }).messageId);
    expect(new Set(ids).size).toBe(ids.length);
  });
  it('an appointment that was moved since is not told any more, and neither is a reminder of it', () => {
    const world = after(wish, moved(1, '2026-12-03T09:00'), confirmed, reminder());
    expect(world.planned('person-1')).toEqual(['N05-moved']);
    expect(
      after(wish, confirmed, moved(1, '2026-12-03T09:00'), reminder('2026-12-03T09:00')).planned('person-1'),
    ).toEqual(['N05-confirmed', 'N05-moved', 'N05-reminder']);
  });
  it('a mail that has not left is taken back when the appointment moves or is cancelled', () => {
    const superseded = (world: PureWorld) =>
      world.events('notification.message').filter(({ type }) => type === 'DeliverySuperseded').length;
    expect(superseded(after(wish, confirmed))).toBe(0);
    expect(superseded(after(wish, confirmed, reminder(), moved(1, '2026-12-03T09:00')))).toBe(2);
    expect(superseded(after(wish, confirmed, cancelled(1)))).toBe(1);
  });
  it('N05: a cancellation leaves, whatever appointment follows; of each appointment only the last word', () => {
    const leaving = (...told: Told[]) => after(wish, ...told).leaving('person-1');
    const both = ['N05-cancelled a-1', 'N05-confirmed a-2'];
    expect(leaving(confirmed, cancelled(1), another)).toEqual(both);
    expect(leaving(confirmed, reminder(), moved(1, slot.startsAt), cancelled(2), another)).toEqual(both);
    expect(leaving(confirmed, noShow(false), another)).toEqual(['N05-confirmed a-2', 'N09-no-show a-1']);
  });
  it('N05, N06: also when it waits for its recipient', () => {
    const world = after(confirmed, reminder(), cancelled(1), another, wish);
    expect(world.planned('person-1')).toEqual(['N05-cancelled', 'N05-confirmed']);
    expect(world.planned('doctor-2')).toEqual(['N06-cancelled', 'N06-confirmed', 'N06-confirmed']);
  });
  it('what waits for a second opinion doctor is told to the one who comes, the newest on a matter only', () => {
    const file = everything.filter(({ type }) => /TransferAuthorisation(Granted|Withdrawn)/.test(type));
    expect(after(wish, ...file, independent).planned('doctor-2')).toEqual(['N07-withdrawn-doctor']);
  });
  it('a later doctor takes over; an earlier round changes nothing', () => {
    const next = intake('IndependenceConfirmed', { caseId, doctorId: 'doctor-3', round: 2 });
    const document = everything.find(({ type }) => type === 'DossierDocumentAdded') as Told;
    const world = after(wish, next, independent, document);
    expect(world.planned('doctor-3')).toEqual(['N08-document']);
    expect(world.planned('doctor-2')).toEqual([]);
  });
  it('A15: who gave his assignment up is told nothing more; what concerns a doctor waits for the next, whichever is told first', () => {
    const document = everything.find(({ type }) => type === 'DossierDocumentAdded') as Told;
    const givenUp = intake('AssignmentDeclined', { caseId, doctorId: 'doctor-2', round: 1, cause: 'REASSIGNED' });
    const next = intake('IndependenceConfirmed', { caseId, doctorId: 'doctor-3', round: 2 });
    for (const order of [
      [givenUp, next, document],
      [givenUp, document, next],
    ]) {
      const world = after(wish, independent, ...order);
      expect([world.planned('doctor-2'), world.planned('doctor-3')]).toEqual([[], ['N08-document']]);
    }
  });
  it('N03, A15: the own doctor is told apart that a doctor did not take it, and that one who took it cannot finish it', () => {
    const told = (cause: IntakeMessages['AssignmentDeclined']['cause']) =>
      after(wish, independent, intake('AssignmentDeclined', { caseId, doctorId: 'doctor-2', round: 1, cause })).planned(
        'doctor-1',
      );
    for (const cause of ['DECLINED', 'NOT_ANSWERED', 'NOT_INDEPENDENT'] as const)
      expect(told(cause)).toEqual(['N03-declined']);
    expect(told('REASSIGNED')).toEqual(['N03-reassigned']);
  });
  it('A15: that nobody else is needed any more is told to nobody, and the doctor hears of the case again', () => {
    const document = everything.find(({ type }) => type === 'DossierDocumentAdded') as Told;
    const givenUp = intake('AssignmentDeclined', { caseId, doctorId: 'doctor-2', round: 1, cause: 'REASSIGNED' });
    const next = { caseId, doctorId: 'doctor-3', round: 2, cause: 'NOT_ANSWERED', takenBack: true } as const;
    const again = intake('IndependenceConfirmed', { caseId, doctorId: 'doctor-2', round: 3 });
    const [before, world] = [[], [intake('AssignmentDeclined', next), again, document]].map((more) =>
      after(wish, independent, givenUp, ...more),
    );
    expect(world?.planned('doctor-1')).toEqual(before?.planned('doctor-1'));
    expect(world?.planned('doctor-2')).toEqual(['N08-document']);
  });
});
