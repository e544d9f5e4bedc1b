import { SCHEDULING_TOPIC, type IntakeMessages, type RegisteredDoctor } from '@second-opinion/contracts';
import { fold, type Envelope, type IssuedCommand, type Sealed, type TopicPolicy } from '@second-opinion/kernel';
import { anActor, circumstances, interleaved } from '@second-opinion/kernel/testing';
import { does, letsGo, playInEveryOrder, tells, testContext, type TestContext } from '@second-opinion/nest/testing';
import { agenda } from './agenda.decider';
import type { AgendaEvent } from './agenda.events';
import { appointment } from './appointment.decider';
import type { AppointmentEvent } from './appointment.events';
import type { Appointment } from './appointment-state.rules';
import {
  aSlot,
  assignmentNoted,
  independenceNoted,
  laterSlot,
  quoteNoted,
  quoteSignatureNoted,
  requestNoted,
  taken,
} from './testing';
import { SchedulingModule } from './scheduling.module';
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { NoteDoctor } from './doctor.commands';
import { doctor } from './doctor.decider';
import { whenDoctorRegisteredNoteHim } from './when-doctor-registered-note-him.policy';
import { whenFileEndsFreeSlot } from './when-file-ends-free-slot.policy';
import { whenLocationClosesCloseItsSlots } from './when-location-closes-close-its-slots.policy';
import { whenQuoteMovesNoteIt } from './when-quote-moves-note-it.policy';
import { whenSlotLetGoFreeIt } from './when-slot-let-go-free-it.policy';
import { whenSlotPlannedCheckRegistration } from './when-slot-planned-check-registration.policy';
import { whenSlotSoughtFindOne } from './when-slot-sought-find-one.policy';
import { whenSlotTakenTellAppointment } from './when-slot-taken-tell-appointment.policy';
import { whenSlotsComeFreeServeWaiting } from './when-slots-come-free-serve-waiting.policy';

const caseId = 'case-1';
const at = circumstances().now;
const { quoteId } = quoteNoted.data;

/** Told is one message: who listens to its topic, its type and its data. */
type Told = readonly [policy: TopicPolicy<never>, type: string, data: object];
const told = (policy: unknown, type: string, data: object): Told => [policy as TopicPolicy<never>, type, data];

const submitted = told(whenCaseMovesNoteIt, 'SecondOpinionRequestSubmitted', requestNoted.data);
const offered = told(whenCaseMovesNoteIt, 'AssignmentOffered', assignmentNoted.data);
const independent = told(whenCaseMovesNoteIt, 'IndependenceConfirmed', independenceNoted.data);
const withdrawnEarly = told(whenCaseMovesNoteIt, 'RequestWithdrawn', { withdrawnAt: at });
const closed = told(whenCaseMovesNoteIt, 'CaseClosed', { closedAt: at, outcome: 'WITHDRAWN' });
const issued = told(whenQuoteMovesNoteIt, 'QuoteIssued', quoteNoted.data);
const signed = told(whenQuoteMovesNoteIt, 'QuoteSigned', quoteSignatureNoted.data);
const declined = told(whenQuoteMovesNoteIt, 'QuoteDeclined', { quoteId });
const expired = told(whenQuoteMovesNoteIt, 'QuoteExpired', { quoteId });
const superseded = told(whenQuoteMovesNoteIt, 'QuoteSuperseded', { quoteId });
const withdrawn = told(whenFileEndsFreeSlot, 'RequestWithdrawn', { withdrawnAt: at });
const notExecutable = told(whenFileEndsFreeSlot, 'NotExecutableDecided', { at });

function reaction([policy, type, data]: Told): readonly IssuedCommand[] {
  const on = policy.on as Record<string, ((event: Envelope) => readonly IssuedCommand[]) | undefined>;
  return on[type]?.({ type, data: { caseId, ...data } } as Envelope) ?? [];
}

/** after these messages: what happened; a search finds a slot at once, as long as there is one. */
function after(messages: readonly Told[]): readonly AppointmentEvent[] {
  const happened: AppointmentEvent[] = [];
  const free = [aSlot, laterSlot];
  const run = (name: string, fields: object, commandId: string): void => {
    const decide = appointment.decide[name as keyof typeof appointment.decide] as (
      command: Sealed<object>,
      state: Appointment,
      around: ReturnType<typeof circumstances>,
    ) => AppointmentEvent[];
    const around = circumstances({ commandId, actor: anActor('system') });
    const events = decide(fields as Sealed<object>, fold(appointment, happened), around);
    happened.push(...events);
    for (const event of events) {
      const slot = event.type === 'SlotSought' ? free.shift() : undefined;
      if (slot && event.type === 'SlotSought') {
        const { searchId, doctorId } = event.data;
        run('NoteSlotTaken', { caseId, taken: taken({ ...slot, doctorId }, searchId) }, `take-${commandId}`);
      }
    }
  };
  messages.flatMap(reaction).forEach(({ type, fields }, index) => run(type.name, fields, `command-${index}`));
  return happened;
}

const typesAfter = (messages: readonly Told[]) => after(messages).map(({ type }) => type);
const twice = (messages: readonly Told[]) => messages.flatMap((one) => [one, one]);

describe('what the other contexts tell scheduling, in every order between them', () => {
  it('a case that goes on gets one slot and one appointment', () => {
    const orders = interleaved([
      [submitted, offered, independent],
      [issued, signed],
    ]);
    expect(orders).toHaveLength(10);
    for (const order of orders)
      for (const messages of [order, twice(order), [...order, ...order]]) {
        const types = typesAfter(messages);
        expect(types.filter((type) => ['SlotReserved', 'AppointmentConfirmed', 'SlotReleased'].includes(type))).toEqual(
          ['SlotReserved', 'AppointmentConfirmed'],
        );
      }
  });

  const endings: [string, readonly (readonly Told[])[]][] = [
    [
      'withdrawn in intake',
      [
        [submitted, offered, independent, withdrawnEarly, closed],
        [issued, signed],
      ],
    ],
    ['withdrawn in reporting', [[submitted, offered, independent, closed], [issued, signed], [withdrawn]]],
    ['not executable', [[submitted, offered, independent], [issued, signed], [notExecutable]]],
    ['withdrawn in both', [[submitted, offered, withdrawnEarly, closed], [issued, expired], [withdrawn]]],
  ];
  it.each(endings)('a case that is %s ends once, keeps no slot, and gets none afterwards', (_, topics) => {
    for (const order of interleaved(topics))
      for (const messages of [order, twice(order), [...order, ...order]]) {
        const events = after(messages);
        const types = events.map(({ type }) => type);
        expect(types.filter((type) => type === 'CaseEndNoted')).toHaveLength(1);
        const later = types.slice(types.indexOf('CaseEndNoted'));
        expect(later.filter((type) => ['SlotSought', 'SlotReserved', 'AppointmentConfirmed'].includes(type))).toEqual(
          [],
        );
        expect(holdsSlot(types)).toBe(false);
      }
  });

  it('A9 BR-20 a signature that stays for the second preference makes his appointment, and only his', () => {
    const doctorId = 'doctor-two';
    const turnedDown = told(whenCaseMovesNoteIt, 'AssignmentDeclined', { ...assignmentNoted.data });
    const second = told(whenCaseMovesNoteIt, 'AssignmentOffered', { ...assignmentNoted.data, doctorId, round: 2 });
    const free = told(whenCaseMovesNoteIt, 'IndependenceConfirmed', { doctorId, round: 2 });
    const carried = told(whenQuoteMovesNoteIt, 'QuoteSigned', { ...quoteSignatureNoted.data, doctorId });
    for (const order of interleaved([
      [submitted, offered, turnedDown, second, free],
      [issued, signed, carried],
    ]))
      for (const messages of [order, twice(order), [...order, ...order]]) {
        const confirmed = after(messages).filter(({ type }) => type === 'AppointmentConfirmed');
        expect(confirmed).toEqual([
          expect.objectContaining({ data: expect.objectContaining({ doctorId }) as unknown }),
        ]);
      }
  });

  it.each([
    ['declined', declined],
    ['expired', expired],
    ['superseded', superseded],
  ])('a quote that is %s leaves no slot reserved and makes no appointment', (_, end) => {
    for (const order of interleaved([
      [submitted, offered, independent],
      [issued, end],
    ]))
      for (const messages of [order, twice(order), [...order, ...order]]) {
        const types = typesAfter(messages);
        expect(types).not.toContain('AppointmentConfirmed');
        expect(holdsSlot(types)).toBe(false);
      }
  });
});

it('BR-19 what the register said last of a doctor counts, whatever else is told between', () => {
  const entries = ['2026-12-01', '2027-12-31'].map((registeredUntil) =>
    told(whenDoctorRegisteredNoteHim, 'DoctorRegistered', { doctorId: 'doctor-so', registeredUntil }),
  );
  for (const order of interleaved([entries, [submitted, offered, independent]])) {
    const notes = order.flatMap(reaction).filter(({ type }) => type === NoteDoctor);
    const state = notes.reduce<RegisteredDoctor>(
      (known, { fields }) =>
        doctor.decide.NoteDoctor(fields as Sealed<NoteDoctor>, known, circumstances()).reduce(doctor.evolve, known),
      undefined,
    );
    expect(state).toEqual({ doctorId: 'doctor-so', registeredUntil: '2027-12-31' });
  }
});

/** holdsSlot: a slot was reserved and not let go since. */
function holdsSlot(types: readonly string[]): boolean {
  const lets = ['SlotReleased', 'AppointmentCancelled'];
  return types.findLastIndex((type) => type === 'SlotReserved') > types.findLastIndex((type) => lets.includes(type));
}

describe('the own reactions, however late they come to what is told meanwhile', () => {
  jest.setTimeout(60_000);
  const day = '2026-12-03';
  const doctorOf = (of: string) => `doctor-${of}`;
  const request = tells(whenCaseMovesNoteIt, 'SecondOpinionRequestSubmitted', requestNoted.data);
  const offer = tells(whenCaseMovesNoteIt, 'AssignmentOffered', (of) => ({
    ...assignmentNoted.data,
    doctorId: doctorOf(of),
  }));
  const free = tells(whenCaseMovesNoteIt, 'IndependenceConfirmed', (of) => ({ doctorId: doctorOf(of), round: 1 }));
  const signature = tells(whenQuoteMovesNoteIt, 'QuoteSigned', (of) => ({
    quoteId,
    doctorId: doctorOf(of),
    signedAt: at,
  }));
  const end = tells(whenFileEndsFreeSlot, 'NotExecutableDecided', { at });

  const shortens = tells(whenDoctorRegisteredNoteHim, 'DoctorRegistered', (of) => ({
    doctorId: doctorOf(of),
    registeredUntil: '2026-12-02',
  }));

  let context: TestContext;
  let locationId: string;
  const house = {
    name: 'Huis',
    address: 'Plein 1, Utrecht',
    region: '35',
    organisationId: 'owner',
    premises: 'NEUTRAL',
  };
  beforeEach(async () => {
    const holds = [
      whenSlotLetGoFreeIt,
      whenSlotPlannedCheckRegistration,
      whenSlotSoughtFindOne,
      whenSlotTakenTellAppointment,
      whenSlotsComeFreeServeWaiting,
      whenLocationClosesCloseItsSlots,
    ];
    context = await testContext(SchedulingModule, { holds });
    await context.listen(SCHEDULING_TOPIC);
    locationId = ((await context.as('back-office').post('/scheduling/locations', house)).body as { id: string }).id;
  });
  afterEach(() => context.close());

  const opensDay = (doctorId: string, date: string, at = locationId) =>
    context.as('second-opinion-doctor', doctorId).post(`/scheduling/agendas/${doctorId}/${date}/open-agenda-day`, {
      locationId: at,
      slotMinutes: 90,
      blocks: [{ from: `${date}T09:00`, until: `${date}T12:00` }],
    });
  const opens = does('OpenAgendaDay', (_, of) => opensDay(doctorOf(of), day));
  async function agendaOf(of: string) {
    const types = (await context.events(`scheduling.agenda-${doctorOf(of)}.${day}`)).map(({ type }) => type);
    const count = (type: string) => types.filter((one) => one === type).length;
    const told = context.told().filter(({ data }) => (data as { caseId?: string }).caseId === of);
    const confirmed = told.filter(({ type }) => type === 'AppointmentConfirmed').length;
    return { opened: count('AgendaSlotsOpened'), taken: count('SlotTaken') - count('SlotFreed'), confirmed };
  }

  it('BR-28: one slot is taken and one appointment made, also when the agenda is opened last', async () => {
    const orders = interleaved([[offer, free], [signature], [opens], [letsGo]]);
    for (const { order, caseId: own } of await playInEveryOrder(context, orders, [request]))
      expect({ order, ...(await agendaOf(own)) }).toEqual({ order, opened: 1, taken: 1, confirmed: 1 });
  });

  it('BR-29 no slot stays open or taken at a house that closes, whichever comes second', async () => {
    const houseOf = (of: string) => `house-${of}`;
    const registers = does('RegisterLocation', async (_, of) => {
      const data = { locationId: houseOf(of), ...house };
      await context.given(`scheduling.location-${houseOf(of)}`, [{ type: 'LocationRegistered', data }]);
    });
    const opens = does('OpenAgendaDay', (_, of) => opensDay(doctorOf(of), day, houseOf(of)));
    const closes = does('CloseLocation', (_, of) =>
      context.as('back-office').post(`/scheduling/locations/${houseOf(of)}/close-location`, { from: day }),
    );
    const orders = interleaved([[offer, free, signature], [opens], [closes], [letsGo]]);
    for (const { order, caseId: own } of await playInEveryOrder(context, orders, [registers, request])) {
      const agendaStream = `scheduling.agenda-${doctorOf(own)}.${day}`;
      const { slots } = fold(agenda, (await context.events(agendaStream)) as unknown as AgendaEvent[]);
      expect({ order, left: Object.values(slots).filter(({ closed }) => !closed) }).toEqual({ order, left: [] });
    }
  });

  it('BR-19 no slot stays taken beyond the registration of the doctor, whenever it is shortened', async () => {
    const orders = interleaved([[offer, free, signature], [shortens], [letsGo, letsGo]]);
    for (const { order, caseId: own } of await playInEveryOrder(context, orders, [request, opens])) {
      const { opened, taken: still } = await agendaOf(own);
      const happened = (await context.events(`scheduling.appointment-${own}`)) as unknown as AppointmentEvent[];
      const { unregistered } = fold(appointment, happened);
      expect({ order, opened, still, unregistered }).toEqual({
        order,
        opened: 1,
        still: 0,
        unregistered: { registeredUntil: '2026-12-02' },
      });
    }
  });

  it('a case that ends leaves no slot taken, wherever its search or its slot was', async () => {
    const orders = interleaved([[offer, free, signature], [end], [letsGo, letsGo]]);
    for (const { order, caseId: own } of await playInEveryOrder(context, orders, [request, opens])) {
      const { opened, taken: still } = await agendaOf(own);
      expect({ order, opened, still }).toEqual({ order, opened: 1, still: 0 });
    }
  });

  it('A15 a case that is its doctor’s again keeps the consultation that he held, and no slot with another, whenever its search comes', async () => {
    const next = (of: string) => `next-${of}`;
    const intake = <Type extends 'AssignmentDeclined' | 'AssignmentOffered' | 'IndependenceConfirmed'>(
      type: Type,
      data: (of: string) => Partial<IntakeMessages[Type]>,
    ) => tells(whenCaseMovesNoteIt, type, data);
    const other = (of: string) => ({ doctorId: next(of), round: 2, region: '35' });
    const crossed = [
      intake('AssignmentDeclined', (of) => ({ doctorId: doctorOf(of), round: 1 })),
      intake('AssignmentOffered', other),
      intake('AssignmentDeclined', other),
      intake('IndependenceConfirmed', (of) => ({ doctorId: doctorOf(of), round: 3, restored: true })),
    ];
    const carried = tells(whenQuoteMovesNoteIt, 'QuoteSigned', (of) => ({ quoteId, doctorId: next(of), signedAt: at }));
    const opensNext = does('OpenAgendaDay', (_, of) => opensDay(next(of), '2026-12-11'));
    const allGo = Array.from({ length: 6 }, () => letsGo);
    const holdsIt = does('RecordConsultation', async (_, of) => {
      if (context.clock.now() < '2026-12-03T10:00:00.000Z') context.clock.advanceTo('2026-12-03T10:00:00.000Z');
      await context
        .as('second-opinion-doctor', doctorOf(of))
        .post(`/scheduling/appointments/${of}/record-consultation`, { durationMinutes: 60 });
    });
    const orders = interleaved([crossed, [carried], [letsGo, letsGo]]);
    const before = [request, opens, offer, free, signature, ...allGo, holdsIt, opensNext];
    for (const { order, caseId: own } of await playInEveryOrder(context, orders, before)) {
      const happened = (await context.events(`scheduling.appointment-${own}`)) as unknown as AppointmentEvent[];
      const { phase, slot, offer: given } = fold(appointment, happened);
      const types = (await context.events(`scheduling.agenda-${next(own)}.2026-12-11`)).map(({ type }) => type);
      const still =
        types.filter((type) => type === 'SlotTaken').length - types.filter((type) => type === 'SlotFreed').length;
      expect({ order, phase, of: slot?.doctorId, given: given?.doctorId, round: given?.round, still }).toEqual({
        ...{ order, phase: 'held', of: doctorOf(own), given: doctorOf(own), round: 3, still: 0 },
      });
    }
  });
});
