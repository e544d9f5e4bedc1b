import type { Instant } from '@second-opinion/kernel';
import type { Slot } from './agenda.events';
import type { AppointmentData, AppointmentEvent, End } from './appointment.events';

/** Slot that this case has now, reserved or confirmed. */
export interface HeldSlot extends Slot {
  readonly takeId: string;
  /** expiresAt: until when it is reserved; nothing for a time that was agreed at once. */
  readonly expiresAt?: Instant;
  /** lapsed: the reservation has ended; the slot is kept only until another is reserved. */
  readonly lapsed?: true;
}
export interface Quote {
  readonly round?: number;
  readonly validUntil?: Instant;
  readonly status: 'open' | 'signed' | 'ended';
  /** signedFor: doctors for whom its signature counts; one that stays valid when the doctor changes is told again for the next (A9). */
  readonly signedFor?: readonly string[];
}
export interface Search {
  readonly searchId: string;
  readonly doctorId: string;
  readonly limit: Instant;
  /** waiting: it found nothing; newSlots: some came while it was under way. */
  readonly waiting?: true;
  readonly newSlots?: true;
}
/** Phase: `planning` has no agreed time, `cancelled` waits until somebody picks a new one, `missed` was the last chance. */
export type Phase = 'planning' | 'reserved' | 'confirmed' | 'cancelled' | 'held' | 'missed';

/** Appointment of one case: what was told, which slot it has, and where it stands. */
export interface Appointment {
  readonly phase: Phase;
  readonly request?: AppointmentData<'RequestNoted'>;
  readonly offer?: AppointmentData<'AssignmentNoted'>;
  /** declinedRound: rounds up to here are over. */
  readonly declinedRound: number;
  readonly independent?: AppointmentData<'IndependenceNoted'>;
  readonly quotes: Readonly<Record<string, Quote>>;
  readonly ended?: { readonly cause: End; readonly at: Instant };
  readonly search?: Search;
  readonly slot?: HeldSlot;
  readonly appointment?: {
    readonly appointmentId: string;
    readonly sequence: number;
    readonly recordDueAt?: Instant;
  };
  /** former: the consultation of the doctor who gave the case up after it, which counts again should it be his again (A15). */
  readonly former?: Pick<Appointment, 'offer' | 'slot' | 'appointment'>;
  readonly reminded: readonly number[];
  /** rebooking: the employee cancelled, and has to choose again; every attempt to reach him counts. */
  readonly rebooking?: {
    readonly appointmentId: string;
    readonly until: Instant;
    readonly attempts: number;
    readonly unreachable: boolean;
  };
  /** replanningSince: the clock of a rebooking starts with what made it necessary, not with the request. */
  readonly replanningSince?: Instant;
  readonly slaTold: boolean;
  /** unregistered: it was told that the doctor's registration ends too early, and when. */
  readonly unregistered?: { readonly registeredUntil?: string };
  readonly noShows: number;
  readonly missed: number;
  /** takes: slots that were taken for this case and dealt with, so that a repeat changes nothing. */
  readonly takes: Readonly<Record<string, 'kept' | 'returned'>>;
}

export const initialAppointment: Appointment = {
  phase: 'planning',
  declinedRound: 0,
  quotes: {},
  reminded: [],
  slaTold: false,
  noShows: 0,
  missed: 0,
  takes: {},
};

/** takeKey names one slot taken for one search or move. */
export const takeKey = (taken: { takeId: string; slotId: string }): string => `${taken.takeId}/${taken.slotId}`;

/** isPicked: after this cancellation somebody picks another time; else one is sought. */
export function isPicked({
  by,
  slotClosed,
}: Pick<AppointmentData<'AppointmentCancelled'>, 'by' | 'slotClosed'>): boolean {
  return !slotClosed && (by === 'employee' || by === 'back-office');
}

/** waitingForHim: the employee cancelled, and is waited for until he chooses again. */
function waitingForHim({ appointmentId, rebooking }: AppointmentData<'AppointmentCancelled'>): Partial<Appointment> {
  if (!rebooking) return {};
  return { rebooking: { appointmentId, until: rebooking.until, attempts: 1, unreachable: false } };
}

type Evolve = {
  [Type in AppointmentEvent['type']]: (state: Appointment, data: AppointmentData<Type>) => Appointment;
};

const evolutions: Evolve = {
  RequestNoted: (state, request) => ({ ...state, request }),
  AssignmentNoted: (state, { anewAt, ...offer }) => ({
    ...registered(anewAt === undefined ? withoutSearch(state) : begunAnew(state, anewAt)),
    offer,
    slaTold: false,
  }),
  AssignmentDeclineNoted: (state, { round }) => ({
    ...(state.offer && state.offer.round <= round ? withoutDoctor(state) : state),
    declinedRound: Math.max(round, state.declinedRound),
  }),
  IndependenceNoted: (state, { restored, ...independent }) => ({
    ...(restored ? heldAgain(state, independent) : state),
    independent,
  }),
  QuoteNoted: (state, { quoteId, round, validUntil }) =>
    withQuote(state, quoteId, { round, validUntil, status: state.quotes[quoteId]?.status ?? 'open' }),
  QuoteSignatureNoted: (state, { quoteId, doctorId }) => {
    const signedFor = [...(state.quotes[quoteId]?.signedFor ?? []), doctorId];
    return withQuote(state, quoteId, { signedFor, status: 'signed' });
  },
  QuoteEndNoted: (state, { quoteId }) => withQuote(state, quoteId, { status: 'ended' }),
  CaseEndNoted: (state, ended) => ({ ...withoutSearch(state), ended }),
  RegistrationEndNoted: (state, { doctorId: _doctorId, ...unregistered }) => ({ ...state, unregistered }),
  RegistrationRenewalNoted: (state) => registered(state),

  SlotSought: (state, { searchId, doctorId, limit }) => ({ ...state, search: { searchId, doctorId, limit } }),
  NewSlotsNoted: (state) => (state.search ? { ...state, search: { ...state.search, newSlots: true } } : state),
  NoSlotFound: (state) => {
    if (!state.search) return state;
    const { newSlots: _newSlots, ...search } = state.search;
    return { ...state, search: { ...search, waiting: true } };
  },
  NoSlotWithinSla: (state) => ({ ...state, slaTold: true }),
  SlotReserved: (state, { calendarVersion: _version, ...slot }) => ({
    ...registered(withoutSearch(state)),
    phase: 'reserved',
    slot,
    takes: { ...state.takes, [takeKey(slot)]: 'kept' },
  }),
  ReservationTermSet: (state, { expiresAt }) => (state.slot ? { ...state, slot: { ...state.slot, expiresAt } } : state),
  ReservationLapsed: (state) =>
    state.slot ? { ...withoutSearch(state), slot: { ...state.slot, lapsed: true } } : state,
  SlotReleased: (state, { slotId, takeId }) =>
    state.slot?.slotId === slotId && state.slot.takeId === takeId
      ? { ...withoutSlot(state), phase: 'planning' }
      : state,
  TakenSlotNotNeeded: (state, taken) => ({
    ...(state.search?.searchId === taken.takeId ? withoutSearch(state) : state),
    takes: { ...state.takes, [takeKey(taken)]: 'returned' },
  }),

  AppointmentConfirmed: (state, data) => appointed(state, data),
  AppointmentRescheduled: (state, data) => appointed(state, data),
  AppointmentCancelled: (state, cancelled) => ({
    ...replanning(state, cancelled.at),
    phase: isPicked(cancelled) ? 'cancelled' : 'planning',
    ...waitingForHim(cancelled),
  }),
  RebookingReminderDue: (state, { attempt }) =>
    state.rebooking ? { ...state, rebooking: { ...state.rebooking, attempts: attempt } } : state,
  EmployeeUnreachable: (state) =>
    state.rebooking ? { ...state, rebooking: { ...state.rebooking, unreachable: true } } : state,
  EndedWithoutAppointment: (state) => ({ ...withoutSearch(state), phase: 'missed' }),
  AppointmentReminderDue: (state, { daysBefore }) => ({ ...state, reminded: [...state.reminded, daysBefore] }),
  ConsultationHeld: (state) => ({ ...withoutSearch(state), phase: 'held' }),
  NoShowRecorded: (state, { final, recordedAt }) => ({
    ...replanning(state, recordedAt),
    phase: final ? 'missed' : 'planning',
    noShows: state.noShows + 1,
    missed: state.missed + 1,
  }),
  ConsultationRecordOverdue: (state) => state,
  EmployeeLate: (state) => state,
  ConsultationAborted: (state, { final, at }) => ({
    ...replanning(state, at),
    phase: final ? 'missed' : 'planning',
    missed: state.missed + 1,
  }),
};

/** evolveAppointment gives the state after an event. */
export function evolveAppointment(state: Appointment, event: AppointmentEvent): Appointment {
  const evolution = evolutions[event.type] as (state: Appointment, data: AppointmentEvent['data']) => Appointment;
  return evolution(state, event.data);
}

function withoutSearch({ search: _search, ...state }: Appointment): Appointment {
  return state;
}

/** withoutDoctor: what waited for another time with this doctor is planned with the next one (A15). */
function withoutDoctor(state: Appointment): Appointment {
  const { phase } = state;
  return { ...registered(withoutSearch(state)), phase: phase === 'cancelled' ? 'planning' : phase };
}

/** begunAnew: after the consultation another doctor plans one of his own (A15). */
function begunAnew(state: Appointment, since: Instant): Appointment {
  const { offer, slot, appointment } = state;
  const former = { ...(offer ? { offer } : {}), ...(slot ? { slot } : {}), ...(appointment ? { appointment } : {}) };
  return { ...replanning(state, since), phase: 'planning', former };
}

/** heldAgain: the case is the former doctor's again, with the consultation that he held. */
function heldAgain(state: Appointment, { doctorId, round }: AppointmentData<'IndependenceNoted'>): Appointment {
  const { former: before } = state;
  const held = state.phase === 'held' ? state : before && { ...withoutSlot(withoutSearch(state)), ...before };
  if (!held?.offer) return state;
  const { former: _former, ...rest } = registered(held);
  return { ...rest, phase: 'held', offer: { ...held.offer, doctorId, round } };
}

/** registered: nothing is known against the doctor. */
function registered({ unregistered: _unregistered, ...state }: Appointment): Appointment {
  return state;
}

function withoutSlot({ slot: _slot, ...state }: Appointment): Appointment {
  return state;
}

function replanning(state: Appointment, since: Instant): Appointment {
  const { appointment: _appointment, rebooking: _rebooking, ...rest } = withoutSlot(withoutSearch(state));
  return { ...rest, replanningSince: since, slaTold: false, reminded: [] };
}

/** withQuote: a quote of this round that ended also ends the search for it; if another one stands, a new search begins. */
function withQuote(state: Appointment, quoteId: string, told: Quote): Appointment {
  const quote = { ...state.quotes[quoteId], ...told };
  const ends = quote.status === 'ended' && quote.round !== undefined && quote.round === state.offer?.round;
  return { ...(ends ? withoutSearch(state) : state), quotes: { ...state.quotes, [quoteId]: quote } };
}

function appointed(state: Appointment, data: AppointmentData<'AppointmentConfirmed'>): Appointment {
  const { appointmentId, sequence, slotId, doctorId, startsAt, endsAt, zone, takeId, recordDueAt } = data;
  const { locationId, organisationId, region, locationName, locationAddress, room } = data;
  const place = { locationId, organisationId, region, locationName, locationAddress, ...(room ? { room } : {}) };
  const { rebooking: _rebooking, ...rest } = withoutSearch(state);
  return {
    ...registered(rest),
    phase: 'confirmed',
    slot: { slotId, doctorId, startsAt, endsAt, zone, ...place, takeId },
    appointment: { appointmentId, sequence, ...(recordDueAt === undefined ? {} : { recordDueAt }) },
    reminded: [],
    takes: { ...state.takes, [takeKey(data)]: 'kept' },
  };
}
