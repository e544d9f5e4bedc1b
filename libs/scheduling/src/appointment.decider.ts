import {
  addHours,
  localDateOf,
  type Circumstances,
  type Decider,
  type InstancesOf,
  type Participants,
  type Sealed,
} from '@second-opinion/kernel';
import { evolveAppointment, initialAppointment, type Appointment } from './appointment-state.rules';
import { abort, cancel, hold, late, noShow, recordOverdue, remind, reschedule } from './appointment-acts.rules';
import type * as commands from './appointment.commands';
import type { AppointmentEvent } from './appointment.events';
import { again, cancelled, notWanted, released, startOf, withWhatFollows, woken } from './appointment.rules';
import { slotTaken } from './appointment-takes.rules';
import { endWithoutAppointment, noteNotRebooked, remindOfRebooking } from './rebooking.rules';
import { checkRegistration, endOfRegistration } from './registration.rules';
import { TERMS } from './scheduling.terms';

type Commands = InstancesOf<typeof commands>;
type Around = Circumstances;

/** What the own doctor may know of: that there is a case, and that the consultation was held (matrix item 12). */
const TOLD_TO_OWN_DOCTOR: readonly AppointmentEvent['type'][] = ['RequestNoted', 'ConsultationHeld'];

/**
 * over: nothing that is told now changes anything; after the consultation only what belongs to a `later` assignment does, as another doctor
 * takes over and holds one of his own (A15), and the end of the case, after which nobody does (BR-76).
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
    NoteConsultationRecordOverdue: recordOverdue,

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

    NoteIndependence: ({ doctorId, round, restored }, state, around) => {
      const late = !restored && over(state, round > (state.offer?.round ?? 0));
      if (late || round <= (state.independent?.round ?? 0)) return [];
      const data = { doctorId, round, ...(restored ? { restored } : {}) };
      return withWhatFollows(state, around, { type: 'IndependenceNoted', data });
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
      if (over(state, true)) return [];
      return withWhatFollows(state, around, { type: 'CaseEndNoted', data: { cause, at } });
    },

    FindSlot: foundNone,

    CheckRegistration: checkRegistration,

    NoteNewSlots: (_, state, around) => woken(state, around),

    SearchAgain: ({ searchId }, state, around) => {
      if (state.search?.searchId !== searchId || notWanted(state, around.now)) return [];
      return again(state, around);
    },

    NoteSlotTaken: ({ taken }, state, around) => slotTaken(taken, state, around),

    NoteSlotClosed: ({ slotId, takeId, by = 'second-opinion-doctor' }, state, around) => {
      const { slot, phase } = state;
      if (slot?.slotId !== slotId || slot.takeId !== takeId) return [];
      if (phase === 'reserved') return withWhatFollows(state, around, released(slot, 'SLOT_CLOSED'));
      if (phase !== 'confirmed' || startOf(slot) <= around.now) return [];
      const how = { by, at: around.now, illnessProof: false, slotClosed: true };
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

/**
 * foundNone: no slot was free. What was kept until a successor was found can go now, and the fact is told once; so is the end of the doctor's
 * registration when it comes before that of the term, or before the first slot that there could be (BR-19).
 */
function foundNone(command: Sealed<Commands['FindSlot']>, state: Appointment, around: Around): AppointmentEvent[] {
  const { searchId, from } = command;
  const { search, slot } = state;
  if (search?.searchId !== searchId || search.waiting || notWanted(state, around.now)) return [];
  const searchAgainAt = addHours(around.now, TERMS.searchAgainAfterHours);
  const { doctorId, limit } = search;
  const events: AppointmentEvent[] = [];
  if (!state.slaTold) events.push({ type: 'NoSlotWithinSla', data: { doctorId, limit } });
  events.push(...endOfRegistration(command.doctor, localDateOf(from > limit ? from : limit), state));
  if (slot) events.push(released(slot, 'NO_SUCCESSOR'));
  if (search.newSlots) return [...events, ...again(state, around)];
  return [...events, { type: 'NoSlotFound', data: { searchId, doctorId, searchAgainAt } }];
}
