import { personal, type Example } from '@second-opinion/kernel';

/** What the answers of billing look like, for the API document; all of it invented. */

const caseId = '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10';
const supplier = {
  legalName: 'Voorbeeld Second Opinion B.V.',
  address: 'Voorbeeldlaan 1, 3500 AA Utrecht',
  chamberOfCommerceNumber: '00000000',
  vatId: 'NL000000000B01',
  iban: 'NL00VRBD0000000000',
};
const line = { item: 'SECOND_OPINION', quantity: 1, unit: 'piece', unitNetCents: 125000, netCents: 125000 };
const totals = { netCents: 125000, vatCents: 26250, totalCents: 151250 };
const vat = { vatTreatment: 'STANDARD_21', vatBasisPoints: 2100 };
const explanation = { price: 'Een vast bedrag voor het hele advies …', vat: 'De btw staat apart vermeld …' };

const terms = {
  version: 'cancellation-2026.1',
  freeUntilWorkingDays: 2,
  withinTwoWorkingDaysPercent: 50,
  within24HoursPercent: 100,
  noShowPercent: 100,
  illnessWaivers: 1,
};

const quote: Example = {
  quoteId: '0b6b3f0e-5f3c-5a3d-8a43-5a0f3f6f1d11',
  round: 1,
  doctorId: 'doctor-so-1',
  reference: 'B-0123456789',
  payer: 'EMPLOYER',
  status: 'SIGNED',
  lines: [line],
  ...totals,
  ...vat,
  vatText: 'vrijgesteld van btw, art. 11 lid 1 onderdeel g Wet OB 1968',
  consultationNetCents: 60000,
  hourlyNetCents: 18000,
  terms,
  supplier,
  explanationVersion: 'quote-explanation-2026.1',
  explanation: {
    nl: explanation,
    en: { price: 'One fixed amount for the whole advice …', vat: 'VAT is shown apart …' },
  },
  issuedAt: '2026-11-25T09:30:00.000Z',
  validUntil: '2026-12-09T23:00:00.000Z',
  signatures: ['own-doctor'],
  signedAt: '2026-11-26T08:00:00.000Z',
};

/** One case's money. */
export const caseMoneyExample: Example = {
  caseId,
  payer: 'EMPLOYER',
  status: 'SIGNED',
  requestedUntil: '2026-11-25T11:00:00.000Z',
  quote,
  invoices: [
    {
      charge: 'SECOND_OPINION',
      ...totals,
      invoiceNumber: 'SO2026-000001',
      issuedOn: '2026-12-18',
      paymentDueOn: '2027-01-17',
      paidCents: 0,
      openCents: 151250,
      overdue: false,
    },
  ],
  ending: 'SHARED',
  settled: true,
  waived: 0,
};

/** One invoice; when the employee pays, `debtor` is his name and address, for himself and the back office. */
export const invoiceExample: Example = {
  number: 'SO2026-000001',
  kind: 'INVOICE',
  caseId,
  reference: 'B-0123456789',
  payer: 'EMPLOYEE',
  issuedOn: '2026-12-18',
  supplier,
  debtor: personal('A. Voorbeeld, Voorbeeldstraat 2, 3511 AA Utrecht'),
  lines: [{ ...line, description: { nl: 'Onafhankelijk advies volgens offerte', en: 'Independent advice as quoted' } }],
  ...totals,
  ...vat,
  delivered: '2026-12',
  paymentDueOn: '2027-01-17',
  status: 'OPEN',
  paidCents: 0,
  creditedCents: 0,
  openCents: 151250,
  creditNotes: ['SC2026-000001'],
};

/** The proof of one series. */
export const seriesExample: Example = {
  series: 'SO2026',
  entries: 2,
  first: 'SO2026-000001',
  last: 'SO2026-000002',
  firstIssuedOn: '2026-12-18',
  lastIssuedOn: '2026-12-19',
  totalCents: 302500,
  continuous: true,
  faults: [],
};

/** One entry of a series. */
export const seriesEntryExample: Example = {
  number: 'SO2026-000001',
  place: 1,
  issuedOn: '2026-12-18',
  reference: 'B-0123456789',
  charge: 'SECOND_OPINION',
  ...totals,
};

/** One tariff with its versions. */
export const tariffExample: Example = {
  tariffId: 'EMPLOYEE_SECOND_OPINION',
  versions: [
    {
      version: 1,
      validFrom: '2026-01-01T00:00:00.000Z',
      netCents: 125000,
      consultationNetCents: 60000,
      hourlyNetCents: 18000,
      vatTreatment: 'STANDARD_21',
      supplier,
    },
  ],
};
