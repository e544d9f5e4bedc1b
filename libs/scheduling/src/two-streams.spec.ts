import {
  Command,
  derivedId,
  DomainError,
  fold,
  type Event,
  type IssuedCommand,
  type RecordedEvent,
} from '@second-opinion/kernel';
import { anActor, circumstances } from '@second-opinion/kernel/testing';
import { agenda, agendaId } from './agenda.decider';
import type { AgendaEvent } from './agenda.events';
import { appointment } from './appointment.decider';
import type { AppointmentEvent } from './appointment.events';
import { bestFirst, byDay } from './slot-choice.rules';
import { aSlot } from './testing';
import { whenSlotLetGoFreeIt } from './when-slot-let-go-free-it.policy';
import { whenSlotSoughtFindOne } from './when-slot-sought-find-one.policy';
import { whenSlotTakenTellAppointment } from './when-slot-taken-tell-appointment.policy';
import { whenSlotsComeFreeServeWaiting } from './when-slots-come-free-serve-waiting.policy';

// Agendas and appointments as a whole, with messages in any order, delivered more than once, and searches over old views: whatever
// happens on the way, in the end every slot and every case agree, and nobody waits while there is a slot for him.

type Delivery = { readonly id: string; readonly command: IssuedCommand };
const POLICIES = [
  whenSlotLetGoFreeIt,
  whenSlotSoughtFindOne,
  whenSlotTakenTellAppointment,
  whenSlotsComeFreeServeWaiting,
] as const;
const DATES = ['2026-12-03', '2026-12-04'];
const CASES = ['case-1', 'case-2', 'case-3', 'case-4'];
const doctorId = 'doctor-so';

/** dice gives the same numbers for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

class FoundNone extends Command {}

class World {
  readonly streams = new Map<string, Event[]>();
  readonly done = new Set<string>();
  pending: Delivery[] = [];
  private oldSlots: (typeof aSlot)[] = [];

  constructor(private readonly roll: (below: number) => number) {}

  state<State>(decider: { category: string; initial: State; evolve: unknown }, id: string): State {
    return fold(decider as never, (this.streams.get(`${decider.category}-${id}`) ?? []) as never) as State;
  }

  free(): (typeof aSlot)[] {
    return DATES.flatMap((date) => Object.values(this.state(agenda, agendaId(doctorId, date)).slots)).filter(
      (slot) => !slot.takenBy && !slot.closed,
    );
  }

  run(name: string, fields: object, id: string, actor = anActor('system')): void {
    if (name === 'FindSlot') return this.find(fields as never, id);
    if (name === 'FoundNone') return this.foundNone(fields as never, id);
    if (name === 'ServeWaitingCases')
      return CASES.forEach((caseId) => this.run('NoteNewSlots', { caseId }, `${id}/${caseId}`));
    const decider = name in agenda.decide ? agenda : appointment;
    const stream = `${decider.category}-${decider.streamId(fields as never)}`;
    if (this.done.has(`${stream}/${id}`)) return;
    const history = this.streams.get(stream) ?? [];
    const decide = (decider.decide as Record<string, (...all: unknown[]) => Event[]>)[name];
    const commandId = derivedId(id, stream);
    const events =
      decide?.(fields, fold(decider as never, history as never), circumstances({ commandId, actor })) ?? [];
    if (events.length > 0) this.done.add(`${stream}/${id}`);
    this.streams.set(stream, [...history, ...events]);
    events.forEach((event, index) => this.tell(stream, event, `${stream}/${history.length + index}`));
  }

  /** find searches as the handler does, half of the time over slots as they were some while ago. */
  private find(search: Parameters<typeof bestFirst>[1] & { caseId: string; searchId: string }, id: string): void {
    if (this.state(appointment, search.caseId).search?.searchId !== search.searchId) return;
    const seen = this.roll(2) ? this.oldSlots : this.free();
    this.oldSlots = this.free();
    for (const day of byDay(bestFirst([...seen, ...this.free()], search))) {
      const { caseId, searchId: takeId, ownOrganisationId } = search;
      const fields = { doctorId, ...day, caseId, takeId, ownOrganisationId, purpose: 'SEARCH', by: 'system' };
      if (this.attempt('TakeSlot', fields, id)) return;
    }
    this.pending.push({ id, command: { type: FoundNone, fields: search } });
  }

  /** foundNone is told some while after the look, when slots may have come free. */
  private foundNone(search: { caseId: string; searchId: string }, id: string): void {
    const history = this.streams.get(`scheduling.appointment-${search.caseId}`) ?? [];
    const state = this.state(appointment, search.caseId);
    const events = appointment.decide.FindSlot(search as never, state, circumstances({ commandId: derivedId(id) }));
    this.streams.set(`scheduling.appointment-${search.caseId}`, [...history, ...events]);
    events.forEach((event, index) =>
      this.tell(`scheduling.appointment-${search.caseId}`, event, `${search.caseId}/${history.length + index}`),
    );
  }

  attempt(name: string, fields: object, id: string, actor = anActor('system')): boolean {
    try {
      this.run(name, fields, id, actor);
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return false;
    }
  }

  private tell(stream: string, event: Event, id: string): void {
    for (const policy of POLICIES) {
      const on = policy.on as Record<string, ((event: RecordedEvent) => readonly IssuedCommand[]) | undefined>;
      for (const command of on[event.type]?.({ stream, ...event } as RecordedEvent) ?? []) {
        const delivery = { id: `${id}/${policy.name}`, command };
        this.pending.push(delivery, ...(this.roll(3) === 0 ? [delivery] : []));
      }
    }
  }

  /** deliver one message, any of those under way. */
  deliver(): void {
    const [{ id, command }] = this.pending.splice(this.roll(this.pending.length), 1) as [Delivery];
    this.attempt(command.type.name, command.fields, id);
  }
}

function play(seed: number): World {
  const roll = dice(seed);
  const world = new World(roll);
  const { slotId: _slotId, startsAt: _startsAt, endsAt: _endsAt, ...place } = aSlot;
  const opened: AgendaEvent[] = DATES.map((date) => ({
    type: 'AgendaSlotsOpened',
    data: {
      ...place,
      date,
      slots: [
        { slotId: `${date}/1`, startsAt: `${date}T09:00`, endsAt: `${date}T10:30` },
        { slotId: `${date}/2`, startsAt: `${date}T10:30`, endsAt: `${date}T12:00` },
      ].slice(0, 1 + roll(2)),
    },
  }));
  DATES.forEach((date, index) =>
    world.streams.set(`scheduling.agenda-${agendaId(doctorId, date)}`, [opened[index] as Event]),
  );
  const facts = CASES.flatMap((caseId) => [
    [
      'NoteRequest',
      {
        caseId,
        employeeId: `p-${caseId}`,
        ownDoctorId: 'own',
        ownOrganisationId: 'ohs-own',
        submittedAt: '2026-11-25T09:00:00.000Z',
      },
    ],
    ['NoteAssignment', { caseId, doctorId, round: 1, region: '35' }],
    ['NoteIndependence', { caseId, doctorId, round: 1 }],
    ['NoteQuoteSignature', { caseId, quoteId: `q-${caseId}`, doctorId, signedAt: '2026-11-25T09:00:00.000Z' }],
    ...(roll(2) ? [['NoteAssignmentDecline', { caseId, doctorId, round: 1 }] as const] : []),
    ...(roll(3) ? [] : [['NoteCaseEnd', { caseId, cause: 'WITHDRAWN', at: '2026-11-25T09:00:00.000Z' }] as const]),
    ...(roll(2) ? [['CancelAppointment', { caseId }] as const] : []),
    ...(roll(3) ? [] : [['CancelAppointment', { caseId, onRequestOf: 'employee' }] as const]),
  ]) as [string, object][];
  for (let step = 0; facts.length > 0 || world.pending.length > 0; step++) {
    if (step > 5_000) throw new Error(`seed ${seed} never ends`);
    if (facts.length > 0 && (world.pending.length === 0 || roll(2) === 0)) {
      const [[name, fields]] = facts.splice(roll(facts.length), 1) as [[string, object]];
      const actor =
        name !== 'CancelAppointment'
          ? undefined
          : 'onRequestOf' in fields
            ? anActor('back-office')
            : anActor('second-opinion-doctor', doctorId);
      world.attempt(name, fields, `fact-${step}`, actor);
    } else world.deliver();
  }
  return world;
}

describe('agendas and appointments agree in the end', () => {
  it.each(Array.from({ length: 400 }, (_, seed) => seed))('seed %i', (seed) => {
    const world = play(seed);
    const cases = CASES.map((caseId) => ({ caseId, state: world.state(appointment, caseId) }));
    const slots = DATES.flatMap((date) => Object.values(world.state(agenda, agendaId(doctorId, date)).slots));
    const taken = slots.flatMap(({ slotId, takenBy }) => (takenBy ? [{ slotId, ...takenBy }] : []));
    const held = cases.flatMap(({ caseId, state: { slot } }) =>
      slot ? [{ slotId: slot.slotId, caseId, takeId: slot.takeId }] : [],
    );
    const bySlot = (a: { slotId: string }, b: { slotId: string }) => (a.slotId < b.slotId ? -1 : 1);
    expect(taken.sort(bySlot)).toEqual(held.sort(bySlot));
    const waiting = cases.filter(({ state }) => state.search !== undefined);
    expect(waiting.every(({ state }) => state.search?.waiting)).toBe(true);
    if (world.free().length > 0) expect(waiting).toEqual([]);
    for (const { caseId } of cases) {
      const events = (world.streams.get(`scheduling.appointment-${caseId}`) ?? []) as AppointmentEvent[];
      const confirmed = events.filter(({ type }) => type === 'AppointmentConfirmed').length;
      const cancelled = events.filter(({ type }) => type === 'AppointmentCancelled').length;
      expect(confirmed - cancelled).toBe(fold(appointment, events).phase === 'confirmed' ? 1 : 0);
    }
  });
});
