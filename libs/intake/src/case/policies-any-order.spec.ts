import { INTAKE_TOPIC } from '@second-opinion/contracts';
import { fold } from '@second-opinion/kernel';
import { interleaved } from '@second-opinion/kernel/testing';
import { does, playInEveryOrder, tells, testContext, type Step, type TestContext } from '@second-opinion/nest/testing';
import { IntakeModule } from '../intake.module';
import * as f from '../testing/case.fixtures';
import { secondOpinionCase } from './case.decider';
import type { CaseEvent } from './case.events';
import type { PersonEvent } from '../person/person.events';
import { whenErasureDecidedNoteIt } from '../person/when-erasure-decided-note-it.policy';
import { whenAppointmentMovesNoteMilestone } from './when-appointment-moves-note-milestone.policy';
import { whenFileMovesNoteMilestone } from './when-file-moves-note-milestone.policy';
import { whenIndependenceRejectedTellCases } from './when-independence-rejected-tell-cases.policy';
import { whenInvitationMovesTellCases } from './when-invitation-moves-tell-cases.policy';
import { whenQuoteMovesNoteMilestone } from './when-quote-moves-note-milestone.policy';

jest.setTimeout(60_000);

const { at } = f;
const slot = { doctorId: 'doctor-first', startsAt: '2026-12-01T09:00', zone: 'Europe/Amsterdam' };
const appointment = { ...slot, appointmentId: 'appointment-1', sequence: 0 };

const slotReserved = tells(whenAppointmentMovesNoteMilestone, 'SlotReserved', { ...slot, expiresAt: at });
const slotReleased = tells(whenAppointmentMovesNoteMilestone, 'SlotReleased', { doctorId: slot.doctorId });
const noSlot = tells(whenAppointmentMovesNoteMilestone, 'NoSlotWithinSla', { doctorId: slot.doctorId });
const confirmed = tells(whenAppointmentMovesNoteMilestone, 'AppointmentConfirmed', appointment);
const cancelled = tells(whenAppointmentMovesNoteMilestone, 'AppointmentCancelled', { ...appointment, sequence: 1 });
const held = tells(whenAppointmentMovesNoteMilestone, 'ConsultationHeld', { doctorId: slot.doctorId, heldAt: at });
const missed = (count: number) =>
  tells(whenAppointmentMovesNoteMilestone, 'NoShowRecorded', {
    appointmentId: `appointment-${count}`,
    count,
    final: count === 2,
    recordedAt: at,
  });

const unanswered = tells(whenAppointmentMovesNoteMilestone, 'EndedWithoutAppointment', { at });
const fileOpened = tells(whenFileMovesNoteMilestone, 'MedicalFileOpened');
const asked = tells(whenFileMovesNoteMilestone, 'TransferAuthorisationAsked');
const granted = tells(whenFileMovesNoteMilestone, 'TransferAuthorisationGranted', { at });
const refused = tells(whenFileMovesNoteMilestone, 'TransferAuthorisationRefused', { at });
const notExecutable = tells(whenFileMovesNoteMilestone, 'NotExecutableDecided', { at });
const shared = tells(whenFileMovesNoteMilestone, 'ReportSharedWithEmployee', {
  version: 1,
  sharedAt: at,
  decisionDueAt: at,
});
const notReleased = tells(whenFileMovesNoteMilestone, 'ReportNotReleased', { outcome: 'BLOCKED', at });
const released = tells(whenFileMovesNoteMilestone, 'ReportReleased', { version: 1, releasedAt: at, followUpDueAt: at });
const followedUp = tells(whenFileMovesNoteMilestone, 'FollowUpRecorded', { adoption: 'PARTLY' });
const withdrawn = tells(whenFileMovesNoteMilestone, 'RequestWithdrawn', { withdrawnAt: at });

const quoteOf = (round: number) => ({ quoteId: `quote-${round}`, round, issuedAt: at, validUntil: at });
const issued = (round: number) => tells(whenQuoteMovesNoteMilestone, 'QuoteIssued', quoteOf(round));
const signed = tells(whenQuoteMovesNoteMilestone, 'QuoteSigned', { quoteId: 'quote-1' });
const declined = tells(whenQuoteMovesNoteMilestone, 'QuoteDeclined', { quoteId: 'quote-1' });
const expired = tells(whenQuoteMovesNoteMilestone, 'QuoteExpired', { quoteId: 'quote-1' });
const superseded = tells(whenQuoteMovesNoteMilestone, 'QuoteSuperseded', { quoteId: 'quote-1' });
const invoiced = tells(whenQuoteMovesNoteMilestone, 'InvoiceIssued', {
  invoiceNumber: 'SO2026-000001',
  payer: 'EMPLOYER',
});
const settled = tells(whenQuoteMovesNoteMilestone, 'BillingSettled');

const stream = (caseId: string) => `intake.case-${caseId}`;
const given = (...events: CaseEvent[]): Step =>
  does('given', (context, caseId) =>
    context.given(
      stream(caseId),
      JSON.parse(JSON.stringify(events).replaceAll(f.caseId, caseId)) as readonly CaseEvent[],
    ),
  );
const inForce = given(...f.inForce);

let context: TestContext;
beforeAll(async () => {
  context = await testContext(IntakeModule);
  await context.listen(INTAKE_TOPIC);
});
afterAll(() => context.close());

async function caseOf(caseId: string) {
  const events = (await context.events(stream(caseId))) as CaseEvent[];
  const told = context.told().filter(({ data }) => (data as { caseId?: string }).caseId === caseId);
  const outcomes = told.flatMap(({ type, data }) =>
    type === 'CaseClosed' ? [(data as { outcome: string }).outcome] : [],
  );
  const milestones = events.flatMap(({ data }) => ('milestone' in data ? [data.milestone] : []));
  return { state: fold(secondOpinionCase, events), types: events.map(({ type }) => type), outcomes, milestones };
}

const endings: [string, string, Step[][]][] = [
  ['blocked', 'BLOCKED', [[held], [shared, notReleased], [invoiced, settled]]],
  ['not executable', 'NOT_EXECUTABLE', [[confirmed, cancelled], [refused, notExecutable], [settled]]],
  ['withdrawn in reporting', 'WITHDRAWN', [[confirmed, cancelled], [withdrawn], [invoiced, settled]]],
  ['a no-show twice', 'NO_SHOW', [[missed(1), missed(2)], [granted], [invoiced, settled]]],
  ['cancelled, and no other time chosen', 'NO_SHOW', [[confirmed, cancelled, unanswered], [granted], [settled]]],
  ['no signature in time', 'QUOTE_NOT_SIGNED', [[slotReserved, slotReleased], [asked], [issued(1), expired, settled]]],
];

describe('what scheduling, reporting and billing tell, in every order between them', () => {
  it.each(endings)('A21 %s: closed once, as %s', async (_, outcome, topics) => {
    for (const { order, caseId } of await playInEveryOrder(context, interleaved(topics), [inForce])) {
      const { outcomes, state } = await caseOf(caseId);
      expect({ order, outcomes, status: state.status }).toEqual({ order, outcomes: [outcome], status: 'closed' });
    }
  });

  it('BR-36 a late consent: closed by what the release came to, whenever billing was done', async () => {
    const orders = interleaved([[held], [shared, notReleased, released, followedUp], [settled]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [inForce])) {
      const { outcomes, state } = await caseOf(caseId);
      expect({ order, status: state.status, outcome: outcomes.at(-1) }).toEqual({
        order,
        status: 'closed',
        outcome: 'RELEASED_PARTLY_ADOPTED',
      });
      // It was closed before the release when billing had settled by then, and is opened again.
      expect({ order, outcomes }).toEqual({
        order,
        outcomes: outcomes.length === 1 ? ['RELEASED_PARTLY_ADOPTED'] : ['BLOCKED', 'RELEASED_PARTLY_ADOPTED'],
      });
    }
  });

  it('A21 two contexts end it: closed once, as the first of them said', async () => {
    const orders = interleaved([[missed(2)], [withdrawn], [settled]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [inForce])) {
      const { outcomes } = await caseOf(caseId);
      const first = order.indexOf('NoShowRecorded') < order.indexOf('RequestWithdrawn') ? 'NO_SHOW' : 'WITHDRAWN';
      expect({ order, outcomes }).toEqual({ order, outcomes: [first] });
    }
  });

  it('what is told before an ending leaves the same facts, each once', async () => {
    const orders = interleaved([[noSlot, confirmed], [fileOpened, granted], [signed]]);
    const played = await playInEveryOrder(context, orders, [given(...f.ready, f.submitted, f.offered)]);
    for (const { order, caseId } of played) {
      const { milestones, state } = await caseOf(caseId);
      expect({ order, fileOpened: state.fileOpened, milestones: milestones.toSorted() }).toEqual({
        order,
        fileOpened: true,
        milestones: [
          'APPOINTMENT_CONFIRMED',
          'AUTHORISATION_GRANTED',
          'FILE_OPENED',
          'NO_SLOT_WITHIN_SLA',
          'QUOTE_SIGNED',
        ],
      });
    }
  });
});

describe('what scheduling tells while the doctor gives the case up', () => {
  const givesUp = does('ReassignAssignment', (_, caseId) =>
    context.as('second-opinion-doctor', 'doctor-first').post(`/intake/cases/${caseId}/reassign-assignment`, {
      cause: 'OTHER',
    }),
  );

  it('A15 his consultation never counts for the next doctor', async () => {
    const orders = interleaved([[confirmed, held], [givesUp], [asked]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [inForce])) {
      const { types, state, milestones } = await caseOf(caseId);
      const before = types.slice(0, types.indexOf('AssignmentReassigned')).filter((type) => type === 'MilestoneNoted');
      expect({ order, later: milestones.slice(before.length) }).toEqual({
        order,
        later:
          order.indexOf('ReassignAssignment') < order.indexOf('TransferAuthorisationAsked')
            ? ['AUTHORISATION_ASKED']
            : [],
      });
      expect({ order, noDoctor: state.noDoctor, round: state.assignment?.round }).toEqual({
        order,
        noDoctor: false,
        round: 2,
      });
    }
  });
});

describe('what reporting tells of the sharing while the case is taken from its doctor', () => {
  const isTaken = does('ReassignAssignment', async (_, caseId) => {
    const body = { cause: 'DOCTOR_ILL' };
    await context.as('back-office', 'office-1').post(`/intake/cases/${caseId}/reassign-assignment`, body);
  });

  /** The next one, if he was asked, takes it and gives it up before he can begin. */
  const nextGivesUp = does('AcceptAssignment', async (_, caseId) => {
    const { assignment } = (await caseOf(caseId)).state;
    if (assignment?.doctorId !== 'doctor-second') return;
    const gaveUp = [f.acceptedBy('doctor-second', 2), f.reassignedFrom('doctor-second', 2), f.nobodyLeft];
    await context.given(stream(caseId), gaveUp);
  });

  it('A15 BR-36 whichever comes first: the report stays its doctor’s, nobody else is asked, and a release closes the case', async () => {
    const orders = interleaved([[shared, released, followedUp], [isTaken, nextGivesUp], [settled]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [inForce])) {
      const { state, outcomes, types } = await caseOf(caseId);
      const crossed = order.indexOf('ReassignAssignment') < order.indexOf('ReportSharedWithEmployee');
      const { doctorId, step } = state.assignment ?? {};
      expect({ order, doctorId, step, outcomes, restored: types.includes('AssignmentRestored') }).toEqual({
        order,
        ...{ doctorId: 'doctor-first', step: 'confirmed', outcomes: ['RELEASED_PARTLY_ADOPTED'], restored: crossed },
      });
    }
  });
});

describe('what reporting tells of the sharing after two doctors had the case and gave it up', () => {
  const nextHadIt = given(
    ...[f.reassigned, f.offeredTo('doctor-second', 2), f.acceptedBy('doctor-second', 2)],
    f.independentOf('doctor-second', 2),
    ...[f.reassignedFrom('doctor-second', 2), f.offeredTo('doctor-third', 3)],
  );
  const sharedBy = (doctorId: string) =>
    tells(whenFileMovesNoteMilestone, 'ReportSharedWithEmployee', {
      version: 1,
      sharedAt: at,
      decisionDueAt: at,
      doctorId,
    });
  it('A15 the case is his who shared it, not his who gave it up last', async () => {
    for (const doctorId of ['doctor-first', 'doctor-second']) {
      const orders = [[nextHadIt, sharedBy(doctorId)]];
      for (const { order, caseId } of await playInEveryOrder(context, orders, [inForce])) {
        const { assignment } = (await caseOf(caseId)).state;
        expect({ order, assignment }).toMatchObject({ assignment: { doctorId, step: 'confirmed', round: 4 } });
      }
    }
  });
});

describe('what records tells of a person who is forgotten while his case is under way', () => {
  const forgotten = tells(whenErasureDecidedNoteIt, 'ErasureDecided', {
    personId: 'person-1',
    categories: ['MEDICAL'],
    basis: 'EMPLOYEE_REQUEST',
  });

  it('BR-76 whichever comes first: the case knows it once, and ends with the withdrawal that reporting makes of it', async () => {
    const orders = interleaved([[confirmed, held], [forgotten, withdrawn], [settled]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [inForce])) {
      const { types, outcomes } = await caseOf(caseId);
      const known = types.filter((type) => type === 'CaseForgotten').length;
      expect({ order, known, outcomes }).toEqual({ order, known: 1, outcomes: ['WITHDRAWN'] });
    }
  });
});

describe('what billing tells of a quote while the doctor of its round declines', () => {
  const assigned = given(...f.assigned);
  const doctorDeclines = does('DeclineAssignment', (_, caseId) =>
    context.as('second-opinion-doctor', 'doctor-first').post(`/intake/cases/${caseId}/decline-assignment`),
  );

  it.each([
    ['declined', declined],
    ['expired', expired],
  ])('A9 %s: the case is closed, for billing ends it with that and makes no other quote', async (_, ended) => {
    const orders = interleaved([[issued(1), ended, settled], [doctorDeclines], [fileOpened]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [assigned])) {
      const { outcomes } = await caseOf(caseId);
      expect({ order, outcomes }).toEqual({ order, outcomes: ['QUOTE_NOT_SIGNED'] });
    }
  });

  it('A8 superseded: the case goes on with the next round and its quote', async () => {
    const orders = interleaved([[issued(1), superseded, issued(2)], [doctorDeclines], [slotReserved]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [assigned])) {
      const { state, outcomes } = await caseOf(caseId);
      expect({ order, outcomes, ending: state.outcome, round: state.assignment?.round }).toEqual({
        order,
        outcomes: [],
        ending: undefined,
        round: 2,
      });
    }
  });
});

describe('what a doctor declares in another case of the person', () => {
  const type = 'IndependenceRejected' satisfies keyof typeof whenIndependenceRejectedTellCases.on;
  const rejectsElsewhere = does('rejects elsewhere', (_, caseId) =>
    context.given(stream(`elsewhere-${caseId}`), [
      { type, data: { doctorId: 'doctor-first', round: 1, at, otherCaseIds: [caseId] } },
    ]),
  );
  it('BR-21 whichever comes first: noted once where he has the case, and not where he was only asked, gave it up or has shared', async () => {
    for (const [before, then, notes] of [
      [[...f.assigned], [], 0],
      [[...f.assigned, f.accepted], [f.independent], 1],
      [[...f.inForce, f.reassigned], [f.offeredTo('doctor-second', 2)], 0],
      [[...f.inForce, f.shared], [], 0],
    ] as const) {
      const orders = interleaved([[rejectsElsewhere], then.map((event) => given(event))]);
      for (const { order, caseId } of await playInEveryOrder(context, orders, [given(...before)])) {
        const noted = (await caseOf(caseId)).types.filter((type) => type === 'EarlierInvolvementDeclared');
        expect({ order, noted: noted.length }).toEqual({ order, noted: notes });
      }
    }
  });
});

describe('what the person’s own stream tells, besides what is decided in the case', () => {
  const personSays = (type: keyof typeof whenInvitationMovesTellCases.on, data: object): Step =>
    does(type, (_, caseId) =>
      context.given(`intake.person-of-${caseId}`, [{ type, data: { ...data, caseIds: [caseId] } } as PersonEvent]),
    );
  const invitation = { invitationId: 'invitation-2', inviteeId: 'person-1', code: 'eyJ.x.y.z.w', expiresAt: at };
  const unreachable = personSays('PersonUnreachable', { invitationId: 'invitation-1', attempts: 3, at });
  const again = personSays('InvitationIssued', invitation);
  const loggedIn = personSays('InvitationRedeemed', { invitationId: 'invitation-2', at });
  const honours = does('HonourRequest', (_, caseId) => context.given(stream(caseId), [f.isHonoured]));
  const ends = does('CaseClosed', (_, caseId) => context.given(stream(caseId), [f.closed('REFUSED')]));

  it('section 3: the case knows in the end what the person’s stream says, and hears nothing after its end', async () => {
    for (const [last, says] of [
      [unreachable, true],
      [again, false],
      [loggedIn, false],
    ] as const) {
      const told = [unreachable, ...(last === unreachable ? [] : [last])];
      const played = await playInEveryOrder(context, interleaved([told, [honours]]), [given(f.wished)]);
      for (const { order, caseId } of played)
        expect({ order, unreachable: (await caseOf(caseId)).state.unreachable }).toEqual({ order, unreachable: says });
    }
    const played = await playInEveryOrder(context, interleaved([[unreachable, again], [ends]]), [given(f.wished)]);
    for (const { order, caseId } of played) {
      const { types } = await caseOf(caseId);
      expect({ order, last: types.at(-1) }).toEqual({ order, last: 'CaseClosed' });
    }
  });

  it('section 3: nobody is silent who had no login for the whole term, whichever is heard of first', async () => {
    const wished = { ...f.wished, data: { ...f.wished.data, employeeId: `of-${f.caseId}` } } as CaseEvent;
    const longPast = '2026-11-24T23:00:00.000Z';
    const asked = f.askedFor('EMPLOYEE_CONFIRMATION');
    const termEnds = given({ ...asked, data: { ...asked.data, reminders: [], until: longPast } } as CaseEvent);
    const before = given(wished, f.described, f.isHonoured);
    for (const [told, anew] of [
      [[unreachable], false],
      [[loggedIn], true],
      [[unreachable, loggedIn], true],
      [[again, loggedIn], true],
    ] as const)
      for (const { order, caseId } of await playInEveryOrder(context, interleaved([[...told], [termEnds]]), [before])) {
        const { types, state } = await caseOf(caseId);
        const runs = (state.asked?.until ?? longPast) > context.clock.now();
        expect({ order, runs, silent: types.includes('EmployeeSilent') }).toEqual({ order, runs: anew, silent: false });
      }
  });
});
