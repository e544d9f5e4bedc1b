import { fold, type Envelope, type IssuedCommand, type Sealed, type TopicPolicy } from '@second-opinion/kernel';
import { anActor, circumstances, interleaved } from '@second-opinion/kernel/testing';
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
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { whenFileEndsFreeSlot } from './when-file-ends-free-slot.policy';
import { whenQuoteMovesNoteIt } from './when-quote-moves-note-it.policy';

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
      if (slot && event.type === 'SlotSought')
        run('NoteSlotTaken', { caseId, taken: taken(slot, event.data.searchId) }, `take-${commandId}`);
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

  it.each([
    ['declined', declined],
    ['expired', expired],
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

/** holdsSlot: a slot was reserved and not let go since. */
function holdsSlot(types: readonly string[]): boolean {
  const lets = ['SlotReleased', 'AppointmentCancelled'];
  return types.findLastIndex((type) => type === 'SlotReserved') > types.findLastIndex((type) => lets.includes(type));
}
