import { anActor, aSeal, circumstances, testCalendar, testNow } from '@second-opinion/kernel/testing';
import { fold, type Actor, type Circumstances, type Instant, type IssuedCommand } from '@second-opinion/kernel';
import { caseMoney } from '../quote.decider';
import type { CaseMoney, Charged } from '../quote-state.rules';
import type { QuoteData, QuoteEvent } from '../quote.events';
import type { InvoiceIssued } from '../series.events';
import type { TariffVersion } from '../tariff.events';

export const CASE = 'case-1';
export const EMPLOYEE = 'person-1';
export const OWN_DOCTOR = 'doctor-own';
export const DOCTOR = 'doctor-so-1';
export const NEXT_DOCTOR = 'doctor-so-2';
export const OHS = 'organisation-ohs';

export const ownDoctor: Actor = anActor('company-doctor', OWN_DOCTOR);
export const employee: Actor = anActor('employee', EMPLOYEE);
export const backOffice: Actor = anActor('back-office', 'account-1');

export const supplier = {
  legalName: 'Vrije Opdrachten B.V.',
  address: 'Stationsplein 1, 3511 ED Utrecht',
  chamberOfCommerceNumber: '12345678',
  vatId: 'NL123456789B01',
  iban: 'NL91ABNA0417164300',
};

export const tariffVersion: TariffVersion = {
  version: 1,
  validFrom: '2026-11-22T23:00:00.000Z',
  netCents: 95_000,
  consultationNetCents: 45_001,
  hourlyNetCents: 18_000,
  vatTreatment: 'STANDARD_21',
  supplier,
};

export const submission = {
  caseId: CASE,
  caseNumber: 'SO-0123456789',
  employeeId: EMPLOYEE,
  ownDoctorId: OWN_DOCTOR,
  ownOrganisationId: OHS,
  submittedAt: testNow,
};
export const offer = {
  caseId: CASE,
  doctorId: DOCTOR,
  round: 1,
  payer: 'EMPLOYER' as const,
  offeredAt: testNow,
};
export const debtorSeal = aSeal('debtor');

type Name = keyof typeof caseMoney.decide & string;
/** Fact is a command with its fields, to be played in many orders. */
export type Fact = readonly [Name, object];

/** Ledger plays commands of one case, each under a commandId of its own, and keeps what happened. */
export class Ledger {
  readonly events: QuoteEvent[] = [];
  now: Instant = testNow;
  private commands = 0;

  get state(): CaseMoney {
    return fold(caseMoney, this.events);
  }

  /** does a command and keeps what happens. */
  does(name: Name, fields: object = {}, around: Partial<Circumstances> = {}): QuoteEvent[] {
    const decide = caseMoney.decide[name] as (command: object, state: CaseMoney, around: Circumstances) => QuoteEvent[];
    const commandId = `command-${++this.commands}`;
    const happened = decide(
      { caseId: CASE, ...fields },
      this.state,
      circumstances({ now: this.now, commandId, calendar: testCalendar, ...around }),
    );
    this.events.push(...happened);
    return happened;
  }

  /** takes what a policy issued. */
  takes(issued: readonly IssuedCommand[]): QuoteEvent[] {
    return issued.flatMap(({ type, fields }) => this.does(type.name as Name, fields));
  }

  types(): string[] {
    return this.events.map(({ type }) => type);
  }

  of<Type extends QuoteEvent['type']>(type: Type): QuoteData<Type>[] {
    return this.events.filter((event) => event.type === type).map(({ data }) => data as QuoteData<Type>);
  }

  /** quoted: submitted, offered, and the quote issued. */
  quoted(over: { payer?: 'EMPLOYER' | 'EMPLOYEE'; tariff?: TariffVersion } = {}): this {
    const { payer = 'EMPLOYER', tariff = tariffVersion } = over;
    const debtor = payer === 'EMPLOYEE' ? { debtor: debtorSeal } : {};
    this.does('NoteSubmission', { ...submission, ...debtor });
    this.does('NoteOffer', { ...offer, payer });
    this.does('IssueDueQuote', { tariff });
    return this;
  }

  /** signed by all who must. */
  signed(over: Parameters<Ledger['quoted']>[0] = {}): this {
    this.quoted(over);
    this.does('SignQuote', {}, { actor: ownDoctor });
    if (over.payer === 'EMPLOYEE') this.does('SignQuote', {}, { actor: employee });
    return this;
  }

  /** numbered gives each charge that is due its number, as the series would. */
  numbered(): this {
    let place = this.of('InvoiceNumbered').length;
    for (const { due, invoice, supplier: from } of Object.values(this.state.charges)) {
      if (!invoice) this.does('NoteInvoiceNumber', { invoice: invoiceOf(due, from, ++place) });
    }
    return this;
  }
}

function invoiceOf(due: Charged['due'], from: InvoiceIssued['supplier'], place: number): InvoiceIssued {
  const { invoiceSeries, decidedAt: _decidedAt, issueBy: _issueBy, ...rest } = due;
  return {
    ...rest,
    invoiceNumber: `${invoiceSeries}-${String(place).padStart(6, '0')}`,
    place,
    caseId: CASE,
    employeeId: EMPLOYEE,
    ownDoctorId: OWN_DOCTOR,
    doctorId: DOCTOR,
    supplier: from,
    issuedOn: '2026-11-25',
    paymentDueOn: '2026-12-25',
    lineTextsVersion: 'invoice-lines-2026.1',
  };
}
