import { instantOfLocal, type RecordedEvent } from '@second-opinion/kernel';
import { caseOf } from './case-invariants';
import { textOf } from './invariants';

// What must hold of agendas and appointments when many cases want the same hours. Each check names what is wrong; nothing: it holds.

const isOf = (event: RecordedEvent, category: string): boolean => event.stream.startsWith(`${category}-`);
const startOf = (event: RecordedEvent) => instantOfLocal(textOf(event, 'startsAt'), textOf(event, 'zone'));

/** takenFaults: A8, nobody is given a slot that somebody has, that is closed, or whose hour has come. */
export function takenFaults(events: readonly RecordedEvent[]): readonly string[] {
  const held = new Map<string, string>();
  const faults: string[] = [];
  for (const event of events) {
    if (!isOf(event, 'scheduling.agenda')) continue;
    const slotId = textOf(event, 'slotId');
    if (event.type === 'SlotTaken') {
      const by = held.get(slotId);
      const says = `A8 ${caseOf(event)} is given the slot of ${textOf(event, 'startsAt')}`;
      if (by !== undefined) faults.push(`${says}, which ${by} has`);
      if (startOf(event) <= event.metadata.recordedAt) faults.push(`${says}, which is past`);
      held.set(slotId, caseOf(event));
    }
    if (event.type === 'SlotFreed') held.delete(slotId);
    if (event.type === 'SlotClosed') held.set(slotId, 'nobody any more');
  }
  return faults;
}

interface Standing {
  readonly caseId: string;
  readonly doctorId: string;
  readonly from: string;
  readonly until: string;
}

/** overlapFaults: A8, no two appointments of one doctor that stand at the same time overlap. */
export function overlapFaults(events: readonly RecordedEvent[]): readonly string[] {
  const standing = new Map<string, Standing>();
  const faults: string[] = [];
  for (const event of events) {
    if (!isOf(event, 'scheduling.appointment')) continue;
    const caseId = caseOf(event);
    if (event.type === 'AppointmentCancelled') standing.delete(caseId);
    if (event.type !== 'AppointmentConfirmed' && event.type !== 'AppointmentRescheduled') continue;
    const until = instantOfLocal(textOf(event, 'endsAt'), textOf(event, 'zone'));
    const one = { caseId, doctorId: textOf(event, 'doctorId'), from: startOf(event), until };
    const other = [...standing.values()].find((each) => each.caseId !== caseId && overlap(each, one));
    if (other) faults.push(`A8 ${caseId} and ${other.caseId} are both invited for ${textOf(event, 'startsAt')}`);
    standing.set(caseId, one);
  }
  return faults;
}

function overlap(one: Standing, other: Standing): boolean {
  return one.doctorId === other.doctorId && one.from < other.until && other.from < one.until;
}

/** successorFaults: A8, a reservation that lapsed is let go for another day only when that day is reserved, or there is none. */
export function successorFaults(events: readonly RecordedEvent[]): readonly string[] {
  const lapsed = new Set<string>();
  const reserved = new Map<string, string>();
  const faults: string[] = [];
  for (const event of events) {
    if (!isOf(event, 'scheduling.appointment')) continue;
    const caseId = caseOf(event);
    const slotId = textOf(event, 'slotId');
    if (event.type === 'SlotReserved') reserved.set(caseId, slotId);
    if (event.type === 'ReservationLapsed') lapsed.add(slotId);
    if (event.type !== 'SlotReleased') continue;
    const cause = textOf(event, 'cause');
    const says = `A8 ${caseId} lets go the slot of ${textOf(event, 'startsAt')}`;
    if (cause === 'REPLACED' && reserved.get(caseId) === slotId) faults.push(`${says} before another is reserved`);
    if (cause === 'NO_SUCCESSOR' && !lapsed.has(slotId)) faults.push(`${says} which has not lapsed`);
  }
  return faults;
}

/** invitedFaults: BR-28, nobody is invited before the quote is signed for his doctor. */
export function invitedFaults(events: readonly RecordedEvent[]): readonly string[] {
  const signed = new Set<string>();
  const faults: string[] = [];
  for (const event of events) {
    const place = `${caseOf(event)} ${textOf(event, 'doctorId')}`;
    if (event.type === 'QuoteSigned' || event.type === 'QuoteCarriedOver') signed.add(place);
    if (event.type === 'AppointmentConfirmed' && !signed.has(place)) faults.push(`BR-28 ${place}: invited unsigned`);
  }
  return faults;
}

/** registeredFaults: BR-19, no consultation of a doctor whose registration does not reach that day. */
export function registeredFaults(events: readonly RecordedEvent[]): readonly string[] {
  const until = new Map<string, string>();
  const days = new Map<string, string>();
  const faults: string[] = [];
  for (const event of events) {
    const doctorId = textOf(event, 'doctorId');
    if (isOf(event, 'scheduling.doctor')) until.set(doctorId, textOf(event, 'registeredUntil'));
    if (event.type === 'AppointmentConfirmed' || event.type === 'AppointmentRescheduled')
      days.set(caseOf(event), textOf(event, 'startsAt').slice(0, 10));
    if (event.type === 'ConsultationHeld' && (until.get(doctorId) ?? '') < (days.get(caseOf(event)) ?? ''))
      faults.push(`BR-19 ${caseOf(event)}: examined by ${doctorId}, who was not registered`);
  }
  return faults;
}

const CHECKS = [takenFaults, overlapFaults, successorFaults, invitedFaults, registeredFaults];

/** agendaFaults: all of these. */
export function agendaFaults(events: readonly RecordedEvent[]): readonly string[] {
  return CHECKS.flatMap((check) => check(events));
}
