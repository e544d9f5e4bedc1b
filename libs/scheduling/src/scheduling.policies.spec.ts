import { BILLING_TOPIC, INTAKE_TOPIC, REPORTING_TOPIC } from '@second-opinion/contracts';
import type { Envelope, IssuedCommand, OwnPolicy, RecordedEvent, TopicPolicy } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import type { AgendaEvent } from './agenda.events';
import type { AppointmentEvent } from './appointment.events';
import type { LocationEvent } from './location.events';
import {
  appointmentConfirmed,
  aSlot,
  assignmentNoted,
  heldOf,
  independenceNoted,
  laterSlot,
  quoteNoted,
  quoteSignatureNoted,
  requestNoted,
  slotSought,
  taken,
} from './testing';
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { whenFileEndsFreeSlot } from './when-file-ends-free-slot.policy';
import { whenQuoteMovesNoteIt } from './when-quote-moves-note-it.policy';
import { whenSlotLetGoFreeIt } from './when-slot-let-go-free-it.policy';
import { whenSlotSoughtFindOne } from './when-slot-sought-find-one.policy';
import { whenSlotTakenTellAppointment } from './when-slot-taken-tell-appointment.policy';
import { whenLocationClosesCloseItsSlots } from './when-location-closes-close-its-slots.policy';
import { whenSlotsComeFreeServeWaiting } from './when-slots-come-free-serve-waiting.policy';

const caseId = 'case-1';
const at = '2026-11-25T09:00:00.000Z';
const spell = (issued: readonly IssuedCommand[]) => issued.map(({ type, fields }) => [type.name, fields]);

function told(policy: TopicPolicy<never>, type: string, data: object) {
  const on = policy.on as Record<string, ((event: Envelope) => readonly IssuedCommand[]) | undefined>;
  return spell(on[type]?.({ type, data } as Envelope) ?? []);
}
function own<E extends AgendaEvent | AppointmentEvent | LocationEvent>(policy: OwnPolicy<E>, stream: string, event: E) {
  const on = policy.on as Record<string, ((event: RecordedEvent) => readonly IssuedCommand[]) | undefined>;
  const [first] = recorded(stream, [event]);
  return spell(on[event.type]?.(first as RecordedEvent) ?? []);
}

describe('what the other contexts tell is noted, nothing is decided here', () => {
  const intake = whenCaseMovesNoteIt as unknown as TopicPolicy<never>;
  const billing = whenQuoteMovesNoteIt as unknown as TopicPolicy<never>;
  const reporting = whenFileEndsFreeSlot as unknown as TopicPolicy<never>;
  it.each([
    [intake, 'SecondOpinionRequestSubmitted', requestNoted.data, 'NoteRequest', requestNoted.data],
    [intake, 'AssignmentOffered', assignmentNoted.data, 'NoteAssignment', assignmentNoted.data],
    [
      intake,
      'AssignmentDeclined',
      { doctorId: 'd', round: 1, cause: 'DECLINED' },
      'NoteAssignmentDecline',
      { doctorId: 'd', round: 1 },
    ],
    [intake, 'IndependenceConfirmed', independenceNoted.data, 'NoteIndependence', independenceNoted.data],
    [intake, 'RequestWithdrawn', { withdrawnAt: at }, 'NoteCaseEnd', { cause: 'WITHDRAWN', at }],
    [intake, 'CaseClosed', { closedAt: at, outcome: 'BLOCKED' }, 'NoteCaseEnd', { cause: 'CLOSED', at }],
    [billing, 'QuoteIssued', quoteNoted.data, 'NoteQuote', quoteNoted.data],
    [billing, 'QuoteSigned', quoteSignatureNoted.data, 'NoteQuoteSignature', quoteSignatureNoted.data],
    [billing, 'QuoteDeclined', { quoteId: 'quote-1' }, 'NoteQuoteEnd', { quoteId: 'quote-1' }],
    [billing, 'QuoteExpired', { quoteId: 'quote-1' }, 'NoteQuoteEnd', { quoteId: 'quote-1' }],
    [billing, 'QuoteSuperseded', { quoteId: 'quote-1' }, 'NoteQuoteEnd', { quoteId: 'quote-1' }],
    [
      reporting,
      'RequestWithdrawn',
      { withdrawnAt: at, consultationHeld: false },
      'NoteCaseEnd',
      { cause: 'WITHDRAWN', at },
    ],
    [reporting, 'NotExecutableDecided', { at }, 'NoteCaseEnd', { cause: 'NOT_EXECUTABLE', at }],
  ] as const)('%#: %s', (policy, type, data, command, fields) => {
    expect(told(policy, type, { caseId, ...data })).toEqual([[command, { caseId, ...fields }]]);
  });
  it('each listens to its topic from the beginning', () => {
    expect([intake, billing, reporting].map(({ listensTo }) => listensTo)).toEqual([
      [INTAKE_TOPIC],
      [BILLING_TOPIC],
      [REPORTING_TOPIC],
    ]);
  });
  it('BR-38 what reporting tells after the sharing is not listened to at all', () => {
    expect(Object.keys(whenFileEndsFreeSlot.on)).not.toContain('ReportNotReleased');
  });
});

describe('between agenda and appointment', () => {
  const stream = 'scheduling.appointment-case-1';
  const day = 'scheduling.agenda-doctor-so.2026-12-03';
  it('BR-28 a search finds a slot', () => {
    const { searchAgainAt: _again, calendarVersion: _version, ...search } = slotSought.data;
    expect(own(whenSlotSoughtFindOne, stream, slotSought)).toEqual([['FindSlot', { caseId, ...search }]]);
  });
  it('a taken slot is told to the case, also a closed one that was taken', () => {
    expect(own(whenSlotTakenTellAppointment, day, { type: 'SlotTaken', data: taken(aSlot) })).toEqual([
      ['NoteSlotTaken', { caseId, taken: taken(aSlot) }],
    ]);
    const closed = { slotId: 'slot-1', doctorId: 'doctor-so', startsAt: aSlot.startsAt };
    expect(own(whenSlotTakenTellAppointment, day, { type: 'SlotClosed', data: closed })).toEqual([]);
    expect(
      own(whenSlotTakenTellAppointment, day, { type: 'SlotClosed', data: { ...closed, caseId, takeId: 'search-1' } }),
    ).toEqual([['NoteSlotClosed', { caseId, slotId: 'slot-1', takeId: 'search-1' }]]);
    const byDesk = { ...closed, caseId, takeId: 'search-1', by: 'back-office' as const };
    expect(own(whenSlotTakenTellAppointment, day, { type: 'SlotClosed', data: byDesk })).toEqual([
      ['NoteSlotClosed', { caseId, slotId: 'slot-1', takeId: 'search-1', by: 'back-office' }],
    ]);
  });
  it('what is let go is freed in the agenda of its day', () => {
    const freed = [['FreeSlot', { doctorId: 'doctor-so', date: '2026-12-03', slotId: 'slot-1', takeId: 'search-1' }]];
    const held = heldOf(aSlot);
    expect(own(whenSlotLetGoFreeIt, stream, { type: 'SlotReleased', data: { ...held, cause: 'REPLACED' } })).toEqual(
      freed,
    );
    expect(own(whenSlotLetGoFreeIt, stream, { type: 'TakenSlotNotNeeded', data: held })).toEqual(freed);
    expect(
      own(whenSlotLetGoFreeIt, stream, {
        type: 'AppointmentRescheduled',
        data: { ...appointmentConfirmed.data, ...laterSlot, takeId: 'move-1', by: 'employee', previous: held },
      }),
    ).toEqual(freed);
    expect(
      own(whenSlotLetGoFreeIt, stream, {
        type: 'AppointmentCancelled',
        data: {
          appointmentId: 'appointment-1',
          sequence: 1,
          ...held,
          locationId: 'location-1',
          zone: 'Europe/Amsterdam',
          by: 'employee',
          noticeClass: 'FREE',
          noticeHours: 100,
          illnessProof: false,
          at,
        },
      }),
    ).toEqual(freed);
  });
  it('BR-29 a house that closes takes its slots along, and new hours are checked', () => {
    expect(
      own(whenLocationClosesCloseItsSlots, 'scheduling.location-location-1', {
        type: 'LocationClosed',
        data: { locationId: 'location-1', from: '2027-03-01' },
      }),
    ).toEqual([['CloseHoursOfLocation', { locationId: 'location-1' }]]);
    const { slotId, doctorId, startsAt, endsAt, ...place } = aSlot;
    const date = '2026-12-03';
    const { locationId } = place;
    expect(
      own(whenLocationClosesCloseItsSlots, day, {
        type: 'AgendaSlotsOpened',
        data: { doctorId, date, ...place, slots: [{ slotId, startsAt, endsAt }] },
      }),
    ).toEqual([['CloseSlotsOfLocation', { doctorId, date, locationId }]]);
  });
  it('new or freed slots serve those who wait', () => {
    const serve = [['ServeWaitingCases', { doctorId: 'doctor-so', date: '2026-12-03' }]];
    const { slotId, doctorId, startsAt, endsAt, ...place } = aSlot;
    expect(
      own(whenSlotsComeFreeServeWaiting, day, {
        type: 'AgendaSlotsOpened',
        data: { doctorId, date: '2026-12-03', ...place, slots: [{ slotId, startsAt, endsAt }] },
      }),
    ).toEqual(serve);
    expect(
      own(whenSlotsComeFreeServeWaiting, day, { type: 'SlotFreed', data: { ...aSlot, caseId, takeId: 'search-1' } }),
    ).toEqual(serve);
  });
});
