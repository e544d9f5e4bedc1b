import { BILLING_TOPIC, type Charge } from '@second-opinion/contracts';
import { fold } from '@second-opinion/kernel';
import { interleaved } from '@second-opinion/kernel/testing';
import {
  does,
  letsGo,
  playInEveryOrder,
  tells,
  testContext,
  type Step,
  type TestContext,
  type TestContextOptions,
} from '@second-opinion/nest/testing';
import { BillingModule } from './billing.module';
import { caseMoney } from './quote.decider';
import type { QuoteEvent } from './quote.events';
import { debtorSeal, DOCTOR, EMPLOYEE, NEXT_DOCTOR, OWN_DOCTOR, submission, supplier } from './testing';
import { whenAppointmentMovesNoteIt } from './when-appointment-moves-note-it.policy';
import { whenInvoiceDueIssueInvoice } from './when-invoice-due-issue-invoice.policy';
import { whenInvoiceIssuedNoteNumber } from './when-invoice-issued-note-number.policy';
import { whenOrganisationRegisteredNoteIt } from './when-organisation-registered-note-it.policy';
import { whenQuoteRequestedIssueQuote } from './when-quote-requested-issue-quote.policy';
import { whenReportMovesChargeIt } from './when-report-moves-charge-it.policy';
import { whenRequestMovesNoteIt } from './when-request-moves-note-it.policy';

jest.setTimeout(60_000);

const at = '2026-11-25T09:00:00.000Z';
const organisationOf = (caseId: string) => `ohs-${caseId}`;

const submitted = tells(whenRequestMovesNoteIt, 'SecondOpinionRequestSubmitted', (caseId) => ({
  ...submission,
  caseId,
  ownOrganisationId: organisationOf(caseId),
}));
const offered = (round: number, doctorId: string) =>
  tells(whenRequestMovesNoteIt, 'AssignmentOffered', { doctorId, round, contracted: true, employerAgreed: false });
const declined = tells(whenRequestMovesNoteIt, 'AssignmentDeclined', { doctorId: DOCTOR, round: 1 });
const independent = tells(whenRequestMovesNoteIt, 'IndependenceConfirmed', { doctorId: NEXT_DOCTOR, round: 2 });
const withdrawnEarly = tells(whenRequestMovesNoteIt, 'RequestWithdrawn', { withdrawnAt: at });
const closed = tells(whenRequestMovesNoteIt, 'CaseClosed', { outcome: 'NO_DOCTOR', closedAt: at });
const registered = tells(whenOrganisationRegisteredNoteIt, 'OrganisationRegistered', (caseId) => ({
  organisationId: organisationOf(caseId),
  legalName: 'Arbodienst Zuid B.V.',
  address: 'Markt 2, 5611 EB Eindhoven',
  chamberOfCommerceNumber: '87654321',
  kind: 'OHS' as const,
}));

const appointmentId = 'appointment-1';
const confirmed = tells(whenAppointmentMovesNoteIt, 'AppointmentConfirmed', { appointmentId });
const moved = tells(whenAppointmentMovesNoteIt, 'AppointmentRescheduled', { appointmentId });
const cancelled = tells(whenAppointmentMovesNoteIt, 'AppointmentCancelled', {
  appointmentId,
  by: 'employee',
  noticeClass: 'WITHIN_24_HOURS',
  illnessProof: false,
});
const missed = tells(whenAppointmentMovesNoteIt, 'NoShowRecorded', {
  appointmentId,
  final: true,
  illnessProof: false,
  recordedAt: at,
  startsAt: '2026-12-03T09:00',
});
const aborted = tells(whenAppointmentMovesNoteIt, 'ConsultationAborted', { final: false });
const unanswered = tells(whenAppointmentMovesNoteIt, 'EndedWithoutAppointment', { at });
const held = tells(whenAppointmentMovesNoteIt, 'ConsultationHeld', { heldAt: at });

const shared = tells(whenReportMovesChargeIt, 'ReportSharedWithEmployee', { version: 1, sharedAt: at });
const withdrawn = (consultationHeld: boolean) =>
  tells(whenReportMovesChargeIt, 'RequestWithdrawn', { withdrawnAt: at, consultationHeld });
const notExecutable = tells(whenReportMovesChargeIt, 'NotExecutableDecided', { at });
const hours = tells(whenReportMovesChargeIt, 'WorkedHoursStated', { minutes: 90, at });

let context: TestContext;
let published: boolean;
const begin = async (...holds: NonNullable<TestContextOptions['holds']>) => {
  published = false;
  context = await testContext(BillingModule, { holds });
  await context.listen(BILLING_TOPIC);
};
afterEach(() => context.close());

/** tariff is one for all cases: the first of them to come so far has it published. */
const tariff = does('PublishTariff', async () => {
  if (published) return;
  published = true;
  const prices = { netCents: 95_000, consultationNetCents: 45_000, hourlyNetCents: 18_000, supplier };
  await context
    .as('back-office')
    .post('/billing/tariffs/EMPLOYEE_SECOND_OPINION/publish-tariff', { validFrom: '2026-11-25', ...prices });
});
const signs = does('SignQuote', (_, caseId) =>
  context.as('company-doctor', OWN_DOCTOR).post(`/billing/cases/${caseId}/sign-quote`, {}),
);
const credits = (netCents: number): Step =>
  does('IssueCreditNote', async (_, caseId) => {
    const { state } = await moneyOf(caseId);
    const invoiceNumber = state.charges.SECOND_OPINION?.invoice?.invoiceNumber;
    const body = { invoiceNumber, netCents, reason: 'GOODWILL' };
    await context.as('back-office').post(`/billing/cases/${caseId}/issue-credit-note`, body);
  });

async function moneyOf(caseId: string) {
  const events = (await context.events(`billing.quote-${caseId}`)) as QuoteEvent[];
  const told = context.told().filter(({ data }) => (data as { caseId?: string }).caseId === caseId);
  const of = <T>(type: string) => told.flatMap((one) => (one.type === type ? [one.data as T] : []));
  const charges = of<{ charge: Charge; invoiceNumber: string }>('InvoiceIssued');
  return {
    events,
    state: fold(caseMoney, events),
    of,
    charged: charges.map(({ charge }) => charge).toSorted(),
    settled: of<{ invoiced: boolean }>('BillingSettled'),
  };
}

/** gapless: the places of a series are its numbers, whoever asked first (BR-56). */
async function gapless(series: string, entries: number): Promise<void> {
  const places = (await context.events(`billing.series-${series}`)).map(
    ({ data }) => (data as { place: number }).place,
  );
  expect(places).toEqual(Array.from({ length: entries }, (_, index) => index + 1));
}

describe('a quote, whenever its request, its tariff and the own reactions come', () => {
  const topics = [
    [submitted, offered(1, DOCTOR), declined, offered(2, NEXT_DOCTOR), independent],
    [letsGo, letsGo],
  ];
  beforeEach(() => begin(whenQuoteRequestedIssueQuote));

  it.each([0, 2, 5, 7])('A8, BR-27: one stands, for the last offer; the tariff comes after %i steps', async (place) => {
    const orders = interleaved(topics).map((order) => order.toSpliced(place, 0, tariff));
    for (const { order, caseId } of await playInEveryOrder(context, orders)) {
      const { of, state, events } = await moneyOf(caseId);
      const superseded = of<{ quoteId: string }>('QuoteSuperseded').map(({ quoteId }) => quoteId);
      const standing = of<{ quoteId: string; round: number }>('QuoteIssued').filter(
        ({ quoteId }) => !superseded.includes(quoteId),
      );
      expect({ order, rounds: standing.map(({ round }) => round), status: state.quote?.status }).toEqual({
        order,
        rounds: [2],
        status: 'open',
      });
      expect(events.filter(({ type }) => type === 'QuoteRequested')).toHaveLength(2);
      expect(state.independent?.doctorId).toBe(NEXT_DOCTOR);
    }
  });

  it.each([
    ['for lack of a doctor', [submitted, offered(1, DOCTOR), declined, closed]],
    ['by a withdrawal in intake', [submitted, offered(1, DOCTOR), withdrawnEarly, closed]],
  ])('A21: a case that ends %s is settled once, and no quote stands', async (_, told) => {
    const orders = interleaved([told, [letsGo], [notExecutable]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [tariff])) {
      const { settled, state, charged } = await moneyOf(caseId);
      expect({ order, settled: settled.map(({ invoiced }) => invoiced), charged }).toEqual({
        order,
        settled: [false],
        charged: [],
      });
      expect(['open', 'signed']).not.toContain(state.quote?.status);
    }
  });

  it('A9: a signature and the next round that overtakes it: either the signature is carried over, or it is asked anew', async () => {
    const before = [tariff, submitted, offered(1, DOCTOR), letsGo];
    const orders = interleaved([[signs], [declined, offered(2, NEXT_DOCTOR)], [letsGo]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, before)) {
      const { state, of } = await moneyOf(caseId);
      const signed = of('QuoteSigned').length > 0;
      expect({ order, round: state.quote?.round, status: state.quote?.status }).toEqual({
        order,
        round: 2,
        status: signed ? 'signed' : 'open',
      });
    }
  });
});

describe('charges of a signed quote, whenever facts, debtor and the own reactions come', () => {
  const signed = [tariff, submitted, offered(1, DOCTOR), signs];
  const plays: [string, Charge[], Step[][]][] = [
    ['BR-53 the shared report', ['SECOND_OPINION'], [[held], [shared], [registered], [letsGo, letsGo]]],
    [
      'a late cancellation',
      ['LATE_CANCELLATION'],
      [[confirmed, cancelled], [withdrawn(false)], [registered], [letsGo]],
    ],
    ['a no-show after a move', ['NO_SHOW'], [[moved, missed], [registered], [letsGo, letsGo]]],
    ['BR-76 worked hours', ['WORKED_HOURS'], [[confirmed, held], [withdrawn(true), hours], [letsGo]]],
    [
      'BR-76 worked hours, the consultation heard late',
      ['WORKED_HOURS'],
      [[held], [withdrawn(false), hours], [letsGo]],
    ],
    ['nothing', [], [[confirmed, aborted], [notExecutable], [registered]]],
    [
      'a late cancellation that nothing followed',
      ['LATE_CANCELLATION'],
      [[confirmed, cancelled, unanswered], [registered], [letsGo]],
    ],
  ];
  beforeEach(() => begin(whenInvoiceDueIssueInvoice, whenInvoiceIssuedNoteNumber));

  it.each(plays)('%s: charged once, numbered without a gap (BR-56), settled once', async (_, charges, topics) => {
    const known = topics.flat().includes(registered) ? [] : [registered];
    const played = await playInEveryOrder(context, interleaved(topics), [...signed, ...known]);
    for (const { order, caseId } of played) {
      const { charged, settled, state } = await moneyOf(caseId);
      expect({ order, charged, settled: settled.length }).toEqual({ order, charged: charges, settled: 1 });
      const numbered = Object.values(state.charges).map(({ invoice }) => invoice?.invoiceNumber);
      expect(numbered).toEqual(charges.map(() => expect.stringMatching(/^SO2026-/) as unknown));
    }
    await gapless('SO2026', played.length * charges.length);
  });

  it('BR-76 nothing is settled before the hours are known, once the consultation could be known', async () => {
    const orders = interleaved([[confirmed, held], [withdrawn(false), hours], [letsGo]]).filter(
      (order) => order.indexOf(confirmed) < order.findIndex(({ name }) => name === 'RequestWithdrawn'),
    );
    for (const { order, caseId } of await playInEveryOrder(context, orders, [...signed, registered])) {
      const { settled, charged } = await moneyOf(caseId);
      expect({ order, charged, invoiced: settled.map(({ invoiced }) => invoiced) }).toEqual({
        order,
        charged: ['WORKED_HOURS'],
        invoiced: [true],
      });
    }
  });

  it('A15, BR-52 a case that is its doctor’s again: the advice is charged once, to who pays him, whoever was asked meanwhile', async () => {
    const round = { doctorId: NEXT_DOCTOR, round: 2 };
    const crossed = [
      declined,
      tells(whenRequestMovesNoteIt, 'AssignmentOffered', {
        ...{ ...round, contracted: false, employerAgreed: false, debtor: debtorSeal },
      }),
      tells(whenRequestMovesNoteIt, 'AssignmentDeclined', round),
      tells(whenRequestMovesNoteIt, 'IndependenceConfirmed', { doctorId: DOCTOR, round: 3, restored: true }),
    ];
    const orders = interleaved([crossed, [shared], [letsGo]]);
    const played = await playInEveryOrder(context, orders, [...signed, registered, held]);
    for (const { order, caseId } of played) {
      const { state, of, charged, settled } = await moneyOf(caseId);
      const payers = of<{ payer: string }>('InvoiceIssued').map(({ payer }) => payer);
      expect({ order, charged, payers, settled: settled.length, of: state.quote?.doctorId }).toEqual({
        ...{ order, charged: ['SECOND_OPINION'], payers: ['EMPLOYER'], settled: 1, of: DOCTOR },
      });
    }
  });

  it('A15, BR-52 and also when the quote of another was signed before the sharing is heard of', async () => {
    const round = { doctorId: NEXT_DOCTOR, round: 2 };
    const offers = tells(whenRequestMovesNoteIt, 'AssignmentOffered', {
      ...{ ...round, contracted: false, employerAgreed: false, debtor: debtorSeal },
    });
    const pays = does('SignQuote by who pays', (_, caseId) =>
      context.as('employee', EMPLOYEE).post(`/billing/cases/${caseId}/sign-quote`, {}),
    );
    const restored = tells(whenRequestMovesNoteIt, 'IndependenceConfirmed', {
      ...{ doctorId: DOCTOR, round: 3, restored: true },
    });
    const crossed = [
      declined,
      offers,
      signs,
      pays,
      tells(whenRequestMovesNoteIt, 'AssignmentDeclined', round),
      restored,
    ];
    const sharedByHim = tells(whenReportMovesChargeIt, 'ReportSharedWithEmployee', {
      ...{ version: 1, sharedAt: at, doctorId: DOCTOR },
    });
    const orders = interleaved([crossed, [sharedByHim], [letsGo]]);
    const played = await playInEveryOrder(context, orders, [...signed, registered, held]);
    for (const { order, caseId } of played) {
      const { state, of, charged, settled } = await moneyOf(caseId);
      const invoiced = of<{ payer: string }>('InvoiceIssued').map(({ payer }) => payer);
      expect({ order, charged, invoiced, settled: settled.length, of: state.quote?.doctorId }).toEqual({
        ...{ order, charged: ['SECOND_OPINION'], invoiced: ['EMPLOYER'], settled: 1, of: DOCTOR },
      });
    }
  });

  it('BR-57 credit notes get their numbers, each one', async () => {
    const before = [...signed, registered, shared, letsGo, letsGo];
    const orders = interleaved([[credits(1_000), credits(2_000)], [letsGo, letsGo], [closed]]);
    const played = await playInEveryOrder(context, orders, before);
    for (const { order, caseId } of played) {
      const { state, of } = await moneyOf(caseId);
      const numbers = state.charges.SECOND_OPINION?.credits.map(({ creditNoteNumber }) => creditNoteNumber) ?? [];
      expect({ order, numbers }).toEqual({
        order,
        numbers: [1, 2].map(() => expect.stringMatching(/^SC2026-/) as unknown),
      });
      expect(of('CreditNoteIssued')).toHaveLength(2);
    }
    await gapless('SC2026', played.length * 2);
  });
});
