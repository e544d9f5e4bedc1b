import {
  addHours,
  type Circumstances,
  type Decider,
  type InstancesOf,
  type Participants,
} from '@second-opinion/kernel';
import { evolveAppointment, initialAppointment, type Appointment } from './appointment-state.rules';
import { abort, cancel, hold, late, noShow, remind, reschedule } from './appointment-acts.rules';
import type * as commands from './appointment.commands';
import type { AppointmentEvent } from './appointment.events';
import { cancelled, notWanted, released, sought, startOf, withWhatFollows } from './appointment.rules';
import { slotTaken } from './appointment-takes.rules';
import { endWithoutAppointment, noteNotRebooked, remindOfRebooking } from './rebooking.rules';
import { TERMS } from './scheduling.terms';

type Commands = InstancesOf<typeof commands>;
type Around = Circumstances;

/** What the own doctor may know of: that there is a case, and that the consultation was held (matrix item 12). */
const TOLD_TO_OWN_DOCTOR: readonly AppointmentEvent['type'][] = ['RequestNoted', 'ConsultationHeld'];

/**
 * over: nothing that is told now changes anything; also nothing that happens after the consultation leaves a trace here (BR-38), but what
 * belongs to a `later` assignment: another doctor takes over and holds one of his own (A15).
 */
const over = ({ phase, ended }: Appointment, later = false): boolean =>
  phase === 'missed' || ended !== undefined || (phase === 'held' && !later);

export const appointment: Decider<Commands, Appointment, AppointmentEvent> = {
  category: 'scheduling.appointment',
  rulesVersion: TERMS.version,
  initial: initialAppointment,
  streamId: ({ caseId }) => String(caseId),
  caseId: (streamId) => streamId,
  participants,
  hiddenFrom: (event, relation) => relation === 'own-doctor' && !TOLD_TO_OWN_DOCTOR.includes(event.type),
  decide: {
    RescheduleAppointment: reschedule,
    CancelAppointment: cancel,
    RecordConsultation: hold,
    RecordNoShow: noShow,
    RecordLateArrival: late,
    AbortConsultation: abort,
    RemindOfAppointment: remind,
    RemindOfRebooking: remindOfRebooking,
    NoteNotRebooked: noteNotRebooked,
    EndWithoutAppointment: endWithoutAppointment,

    NoteRequest: ({ employeeId, ownDoctorId, ownOrganisationId, submittedAt }, state, around) => {
      if (over(state) || state.request) return [];
      const data = { employeeId, ownDoctorId, ownOrganisationId, submittedAt };
      return withWhatFollows(state, around, { type: 'RequestNoted', data });
    },

    NoteAssignment: ({ doctorId, round, region }, state, around) => {
      if (over(state, true) || round <= state.declinedRound || round <= (state.offer?.round ?? 0)) return [];
      const anew = state.phase === 'held' ? { anewAt: around.now } : {};
      return withWhatFollows(state, around, { type: 'AssignmentNoted', data: { doctorId, round, region, ...anew } });
    },

    NoteAssignmentDecline: ({ doctorId, round }, state, around) => {
      if (over(state, true) || round <= state.declinedRound) return [];
      return withWhatFollows(state, around, { type: 'AssignmentDeclineNoted', data: { doctorId, round } });
    },

    NoteIndependence: ({ doctorId, round }, state, around) => {
      if (over(state, round > (state.offer?.round ?? 0)) || round <= (state.independent?.round ?? 0)) return [];
      return withWhatFollows(state, around, { type: 'IndependenceNoted', data: { doctorId, round } });
    },

    NoteQuote: ({ quoteId, doctorId, round, validUntil }, state, around) => {
      if (over(state, round > (state.offer?.round ?? 0)) || state.quotes[quoteId]?.validUntil) return [];
      return withWhatFollows(state, around, { type: 'QuoteNoted', data: { quoteId, doctorId, round, validUntil } });
    },

    NoteQuoteSignature: ({ quoteId, doctorId, signedAt }, state, around) => {
      const quote = state.quotes[quoteId];
      if (over(state, doctorId !== state.offer?.doctorId)) return [];
      if (quote?.status === 'ended' || quote?.signedFor?.includes(doctorId)) return [];
      return withWhatFollows(state, around, { type: 'QuoteSignatureNoted', data: { quoteId, doctorId, signedAt } });
    },

    NoteQuoteEnd: ({ quoteId }, state, around) => {
      const { status } = state.quotes[quoteId] ?? {};
      if (over(state, status === 'signed') || status === 'ended') return [];
      return withWhatFollows(state, around, { type: 'QuoteEndNoted', data: { quoteId } });
    },

    NoteCaseEnd: ({ cause, at }, state, around) => {
      if (over(state)) return [];
      return withWhatFollows(state, around, { type: 'CaseEndNoted', data: { cause, at } });
    },

    FindSlot: ({ searchId }, state, around) => foundNone(searchId, state, around),

    NoteNewSlots: (_, state, around) => {
      if (!state.search || notWanted(state, around.now)) return [];
      if (state.search.waiting) return again(state, around);
      return state.search.newSlots ? [] : [{ type: 'NewSlotsNoted', data: { searchId: state.search.searchId } }];
    },

    SearchAgain: ({ searchId }, state, around) => {
      if (state.search?.searchId !== searchId || notWanted(state, around.now)) return [];
      return again(state, around);
    },

    NoteSlotTaken: ({ taken }, state, around) => slotTaken(taken, state, around),

    NoteSlotClosed: ({ slotId, takeId }, state, around) => {
      const { slot, phase } = state;
      if (slot?.slotId !== slotId || slot.takeId !== takeId) return [];
      if (phase === 'reserved') return withWhatFollows(state, around, released(slot, 'SLOT_CLOSED'));
      if (phase !== 'confirmed' || startOf(slot) <= around.now) return [];
      const how = { by: 'second-opinion-doctor', at: around.now, illnessProof: false } as const;
      return withWhatFollows(state, around, cancelled(state, slot, how, around.calendar));
    },

    EndReservation: ({ slotId }, state, around) => {
      const { slot, phase } = state;
      if (phase !== 'reserved' || slot?.slotId !== slotId || slot.lapsed) return [];
      if (slot.expiresAt === undefined || slot.expiresAt > around.now) return [];
      return withWhatFollows(state, around, { type: 'ReservationLapsed', data: { slotId } });
    },
  },
  evolve: evolveAppointment,
};

function participants({ request, offer, independent, declinedRound }: Appointment): Participants {
  const candidate = offer && offer.round > declinedRound ? offer.doctorId : undefined;
  const isDoctor = candidate !== undefined && independent?.doctorId === candidate && independent.round === offer?.round;
  return {
    ...(request ? { employee: request.employeeId, 'own-doctor': request.ownDoctorId } : {}),
    ...(candidate && !isDoctor ? { 'candidate-doctor': candidate } : {}),
    ...(candidate && isDoctor ? { 'second-opinion-doctor': candidate } : {}),
  };
}

function again(state: Appointment, around: Around): AppointmentEvent[] {
  const search = sought(state, around);
  return search ? [search] : [];
}

/** foundNone: no slot was free. What was kept until a successor was found can go now, and the fact is told once. */
function foundNone(searchId: string, state: Appointment, around: Around): AppointmentEvent[] {
  const { search, slot } = state;
  if (search?.searchId !== searchId || search.waiting || notWanted(state, around.now)) return [];
  const searchAgainAt = addHours(around.now, TERMS.searchAgainAfterHours);
  const { doctorId, limit } = search;
  const events: AppointmentEvent[] = [];
  if (!state.slaTold) events.push({ type: 'NoSlotWithinSla', data: { doctorId, limit } });
  if (slot) events.push(released(slot, 'NO_SUCCESSOR'));
  if (search.newSlots) return [...events, ...again(state, around)];
  return [...events, { type: 'NoSlotFound', data: { searchId, doctorId, searchAgainAt } }];
}
