import { BILLING_TOPIC, INTAKE_TOPIC, REPORTING_TOPIC, SCHEDULING_TOPIC } from '@second-opinion/contracts';
import { testContext, type TestContext } from '@second-opinion/nest/testing';
import { BillingModule } from './billing.module';
import { referenceOf } from './issuing.rules';
import { DOCTOR, EMPLOYEE, NEXT_DOCTOR, OHS, OWN_DOCTOR, supplier } from './testing';

const TARIFF = '/billing/tariffs/EMPLOYEE_SECOND_OPINION';
const prices = { netCents: 95_000, consultationNetCents: 45_000, hourlyNetCents: 18_000, supplier };
const url = (caseId = 'case-1') => `/billing/cases/${caseId}`;
const stream = (caseId = 'case-1') => `billing.quote-${caseId}`;

let app: TestContext;
beforeEach(async () => {
  app = await testContext(BillingModule);
  await app.listen(BILLING_TOPIC);
});
afterEach(() => app.close());

const backOffice = () => app.as('back-office', 'account-1');
const ownDoctor = () => app.as('company-doctor', OWN_DOCTOR);
const publishTariff = (over: object = {}) =>
  backOffice().post(`${TARIFF}/publish-tariff`, { validFrom: '2026-11-25', ...prices, ...over });
const registerOhs = () =>
  app.publish(INTAKE_TOPIC, OHS, 'OrganisationRegistered', {
    organisationId: OHS,
    legalName: 'Arbodienst Zuid B.V.',
    address: 'Markt 2, 5611 EB Eindhoven',
    chamberOfCommerceNumber: '87654321',
    kind: 'OHS',
  });

interface Over {
  readonly contracted?: boolean;
  readonly debtor?: string;
}
const offer = (caseId = 'case-1', round = 1, doctorId = DOCTOR, over: Over = {}) =>
  app.publish(INTAKE_TOPIC, caseId, 'AssignmentOffered', {
    caseId,
    caseNumber: 'SO-0123456789',
    doctorId,
    subject: 'AbsenceGuidance',
    region: '35',
    contracted: true,
    employerAgreed: false,
    answerDueAt: '2026-12-02T09:00:00.000Z',
    round,
    ...over,
  });
async function submit(caseId = 'case-1', over: Over = {}): Promise<void> {
  await app.publish(INTAKE_TOPIC, caseId, 'SecondOpinionRequestSubmitted', {
    caseId,
    caseNumber: 'SO-0123456789',
    subject: 'AbsenceGuidance',
    employeeId: EMPLOYEE,
    ownDoctorId: OWN_DOCTOR,
    ownOrganisationId: OHS,
    doctorId: DOCTOR,
    contracted: true,
    employerAgreed: false,
    region: '35',
    submittedAt: app.clock.now(),
    ...over,
  });
  await offer(caseId, 1, DOCTOR, over);
  await app.settled();
}
async function sign(caseId = 'case-1'): Promise<void> {
  const answer = await ownDoctor().post(`${url(caseId)}/sign-quote`, {});
  expect(answer.status).toBe(200);
  await app.settled();
}
async function share(caseId = 'case-1'): Promise<void> {
  await app.publish(REPORTING_TOPIC, caseId, 'ReportSharedWithEmployee', {
    caseId,
    version: 1,
    firstSharing: true,
    sharedAt: app.clock.now(),
    decisionDueAt: '2026-12-10T09:00:00.000Z',
    correctionDueAt: '2026-12-10T09:00:00.000Z',
  });
  await app.settled();
}
const types = async (name = stream()) => (await app.events(name)).map(({ type }) => type);
const told = (type: string) => app.told().filter((event) => event.type === type);
const body = async <T>(answer: Promise<{ status: number; body: unknown }>): Promise<T> => {
  const { status, body: found } = await answer;
  expect(status).toBe(200);
  return found as T;
};

describe('from the submission to the settlement', () => {
  it('quote, signature, invoice at the sharing, settlement: everything by itself but the signature', async () => {
    await publishTariff();
    await registerOhs();
    await submit();
    expect(told('QuoteIssued')).toMatchObject([
      { data: { caseId: 'case-1', doctorId: DOCTOR, totalCents: 114_950, payer: 'EMPLOYER', round: 1 } },
    ]);
    await sign();
    expect(told('QuoteSigned')).toHaveLength(1);
    await share();
    expect(told('InvoiceIssued')).toEqual([
      {
        type: 'InvoiceIssued',
        data: {
          caseId: 'case-1',
          invoiceNumber: 'SO2026-000001',
          charge: 'SECOND_OPINION',
          payer: 'EMPLOYER',
          netCents: 95_000,
          vatCents: 19_950,
          totalCents: 114_950,
          issuedOn: '2026-11-25',
          paymentDueOn: '2026-12-25',
          reference: referenceOf('case-1'),
        },
      },
    ]);
    expect(told('BillingSettled')).toEqual([{ type: 'BillingSettled', data: { caseId: 'case-1', invoiced: true } }]);
    const invoice = await body<object>(ownDoctor().get('/billing/invoices/SO2026-000001'));
    expect(invoice).toMatchObject({
      number: 'SO2026-000001',
      debtor: { legalName: 'Arbodienst Zuid B.V.', address: 'Markt 2, 5611 EB Eindhoven' },
      supplier: { vatId: 'NL123456789B01' },
      status: 'OPEN',
    });
    // BR-55: no name, no place, and no case number on the paper.
    expect(JSON.stringify(invoice)).not.toContain('SO-0123456789');
    expect(JSON.stringify(invoice)).not.toContain(EMPLOYEE);
  });

  it('BR-27: without a tariff the quote becomes overdue, a task of the back office, and follows when the tariff comes', async () => {
    await submit();
    expect(await types()).toEqual(['SubmissionNoted', 'OfferNoted', 'QuoteRequested']);
    expect((await backOffice().post(`${url()}/issue-quote`, {})).body).toMatchObject({
      code: 'billing.no-tariff-in-force',
    });
    app.clock.advanceTo('2026-11-26T09:00:00.000Z');
    await app.settled();
    expect(told('QuoteOverdue')).toHaveLength(1);
    const tasks = await body<{ items: { task: string; overdue: boolean }[] }>(backOffice().get('/billing/tasks'));
    expect(tasks.items.map(({ task }) => task).sort()).toEqual(['IssueQuote', 'PublishTariff']);
    expect((await publishTariff({ validFrom: '2026-11-26' })).status).toBe(200);
    await app.settled();
    expect(told('QuoteIssued')).toHaveLength(1);
    expect(await body(backOffice().get('/billing/tasks'))).toEqual({ items: [] });
    expect(await body<object>(ownDoctor().get('/billing/tasks'))).toMatchObject({
      items: [{ task: 'SignQuote', about: 'case-1', dueAt: '2026-12-10T23:00:00.000Z' }],
    });
  });

  it('a tariff published for later releases what waits on its first day', async () => {
    await publishTariff({ validFrom: '2026-11-27' });
    await submit();
    expect(told('QuoteIssued')).toEqual([]);
    app.clock.advanceTo('2026-11-26T23:00:00.000Z');
    await app.settled();
    expect(told('QuoteIssued')).toHaveLength(1);
  });

  it('two signatures at the same moment are one', async () => {
    await publishTariff();
    await submit();
    const answers = await Promise.all([1, 2, 3].map(() => ownDoctor().post(`${url()}/sign-quote`, {})));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await types()).filter((type) => type === 'QuoteSigned')).toHaveLength(1);
  });

  it('who has seen an older state signs nothing with If-Match', async () => {
    await publishTariff();
    await submit();
    const { headers } = await ownDoctor().get(url());
    await app.publish(INTAKE_TOPIC, 'case-1', 'IndependenceConfirmed', {
      caseId: 'case-1',
      doctorId: DOCTOR,
      round: 1,
    });
    await app.settled();
    const ifMatch = String(headers['etag']);
    expect((await ownDoctor().post(`${url()}/sign-quote`, {}, { ifMatch })).status).toBe(412);
  });

  it('the same messages again, in the other order, change nothing', async () => {
    await publishTariff();
    await registerOhs();
    await submit();
    await sign();
    await share();
    const before = await types();
    await offer();
    await submit();
    await share();
    await registerOhs();
    await app.settled();
    expect(await types()).toEqual(before);
    expect(await types('billing.series-SO2026')).toEqual(['InvoiceIssued']);
  });

  it('an invoice waits for the register data of its debtor', async () => {
    await publishTariff();
    await submit();
    await sign();
    await share();
    expect(await types('billing.series-SO2026')).toEqual([]);
    expect(await body<object>(backOffice().get('/billing/tasks'))).toMatchObject({
      items: [{ task: 'RegisterOrganisation', about: OHS }],
    });
    await registerOhs();
    await app.settled();
    expect(told('InvoiceIssued')).toHaveLength(1);
    expect(told('BillingSettled')).toHaveLength(1);
    expect(await body(backOffice().get('/billing/tasks'))).toEqual({ items: [] });
  });

  it('an expired quote ends the case for billing; a reminder comes first', async () => {
    await publishTariff();
    await submit();
    app.clock.advanceTo('2026-12-02T09:00:00.000Z');
    await app.settled();
    expect(told('QuoteReminderDue')).toHaveLength(1);
    app.clock.advanceTo('2026-12-09T23:00:00.000Z');
    await app.settled();
    expect(told('QuoteExpired')).toHaveLength(1);
    expect(told('BillingSettled')).toEqual([{ type: 'BillingSettled', data: { caseId: 'case-1', invoiced: false } }]);
    expect(await body(ownDoctor().get('/billing/tasks'))).toEqual({ items: [] });
  });

  it('the next doctor: an unsigned quote is superseded, a signed one is told again for him', async () => {
    await publishTariff();
    await submit();
    const decline = (round: number) =>
      app.publish(INTAKE_TOPIC, 'case-1', 'AssignmentDeclined', {
        caseId: 'case-1',
        doctorId: DOCTOR,
        round,
        cause: 'DECLINED',
      });
    await decline(1);
    await offer('case-1', 2, NEXT_DOCTOR);
    await app.settled();
    expect(told('QuoteSuperseded')).toHaveLength(1);
    expect(told('QuoteIssued')).toHaveLength(2);
    await sign();
    await decline(2);
    await offer('case-1', 3, DOCTOR);
    await app.settled();
    expect(told('QuoteSigned').map(({ data }) => (data as { doctorId: string }).doctorId)).toEqual([
      NEXT_DOCTOR,
      DOCTOR,
    ]);
    expect(told('QuoteSuperseded')).toHaveLength(1);
  });

  it('BR-76: withdrawn late: the fee by the quote, then settled', async () => {
    await publishTariff();
    await registerOhs();
    await submit();
    await sign();
    await app.publish(SCHEDULING_TOPIC, 'case-1', 'AppointmentConfirmed', { caseId: 'case-1', appointmentId: 'a-1' });
    await app.publish(REPORTING_TOPIC, 'case-1', 'RequestWithdrawn', {
      caseId: 'case-1',
      withdrawnAt: app.clock.now(),
      consultationHeld: false,
    });
    await app.settled();
    expect(told('BillingSettled')).toEqual([]);
    await app.publish(SCHEDULING_TOPIC, 'case-1', 'AppointmentCancelled', {
      caseId: 'case-1',
      appointmentId: 'a-1',
      by: 'employee',
      noticeClass: 'WITHIN_24_HOURS',
      illnessProof: false,
    });
    await app.settled();
    expect(told('InvoiceIssued')).toMatchObject([{ data: { charge: 'LATE_CANCELLATION', netCents: 45_000 } }]);
    expect(told('BillingSettled')).toMatchObject([{ data: { invoiced: true } }]);
    const { delivered } = await body<{ delivered: string }>(ownDoctor().get('/billing/invoices/SO2026-000001'));
    expect(delivered).toBe('2026-11');
  });
});

describe('numbers (BR-56)', () => {
  it('BR-56: many cases at once get consecutive numbers, without gap or double, and an auditor sees it', async () => {
    await publishTariff();
    await registerOhs();
    const cases = Array.from({ length: 25 }, (_, index) => `case-${index + 1}`);
    for (const caseId of cases) await submit(caseId);
    for (const caseId of cases) await ownDoctor().post(`${url(caseId)}/sign-quote`, {});
    await Promise.all(cases.map((caseId) => share(caseId)));
    const places = (await app.events('billing.series-SO2026')).map(({ data }) => (data as { place: number }).place);
    expect(places).toEqual(cases.map((_, index) => index + 1));
    const auditor = app.as('auditor', 'auditor-1');
    expect(await body(auditor.get('/billing/series/SO2026'))).toMatchObject({
      entries: 25,
      first: 'SO2026-000001',
      last: 'SO2026-000025',
      continuous: true,
      faults: [],
    });
    const page = await body<{ items: { number: string }[]; next?: string }>(
      auditor.get('/billing/series/SO2026/entries?limit=10'),
    );
    expect(page.items.map(({ number }) => number).at(-1)).toBe('SO2026-000010');
    expect(page.next).toBeDefined();
    expect(JSON.stringify(page)).not.toMatch(/case-\d|person-1|doctor-own/);
  });

  /** breaks lets the next append to a series fail: before it is written, or after, when nobody knows whether it was. */
  const breaks = (when: 'before' | 'after') => {
    const { events } = app.platform;
    const append = events.append.bind(events);
    events.append = async (name, expected, batch) => {
      if (!name.startsWith('billing.series-')) return append(name, expected, batch);
      events.append = append;
      if (when === 'after') await append(name, expected, batch);
      throw new Error('the power went out');
    };
  };

  it.each(['before', 'after'] as const)(
    'BR-56: a crash between the decision and the number, %s the append: the retry completes it with one number',
    async (when) => {
      await publishTariff();
      await registerOhs();
      await submit();
      await sign();
      breaks(when);
      await share();
      expect(await types('billing.series-SO2026')).toEqual(['InvoiceIssued']);
      expect(told('InvoiceIssued')).toHaveLength(1);
      expect(told('BillingSettled')).toHaveLength(1);
    },
  );

  it('BR-56: whoever asks again for an invoice that has its number finds it', async () => {
    await publishTariff();
    await registerOhs();
    await submit();
    await sign();
    await share();
    const invoices = [{ series: 'SO2026', caseId: 'case-1', charge: 'SECOND_OPINION' }];
    await app.given(`billing.organisation-${OHS}`, [{ type: 'AwaitingInvoicesReleased', data: { invoices } }]);
    await app.settled();
    expect(await types('billing.series-SO2026')).toEqual(['InvoiceIssued']);
  });
});

describe('credit notes and payments', () => {
  beforeEach(async () => {
    await publishTariff();
    await registerOhs();
    await submit();
    await sign();
    await share();
  });

  it('BR-57: a credit note has a number of its own and refers to its invoice', async () => {
    const credit = { invoiceNumber: 'SO2026-000001', netCents: 10_000, reason: 'GOODWILL' };
    expect((await backOffice().post(`${url()}/issue-credit-note`, credit)).status).toBe(200);
    await app.settled();
    expect(told('CreditNoteIssued')).toMatchObject([
      { data: { creditNoteNumber: 'SC2026-000001', invoiceNumber: 'SO2026-000001', totalCents: 12_100 } },
    ]);
    expect(await body<object>(ownDoctor().get('/billing/invoices/SO2026-000001'))).toMatchObject({
      creditNotes: ['SC2026-000001'],
      openCents: 102_850,
    });
    expect(await body<object>(ownDoctor().get('/billing/invoices/SC2026-000001'))).toMatchObject({
      kind: 'CREDIT_NOTE',
      invoiceNumber: 'SO2026-000001',
      debtor: { legalName: 'Arbodienst Zuid B.V.' },
    });
    const tooMuch = await backOffice().post(`${url()}/issue-credit-note`, { ...credit, netCents: 85_001 });
    expect(tooMuch).toMatchObject({ status: 409, body: { code: 'billing.credit-exceeds-invoice' } });
  });

  it('the same key twice credits and pays once', async () => {
    const credit = { invoiceNumber: 'SO2026-000001', netCents: 10_000, reason: 'GOODWILL' };
    for (let i = 0; i < 2; i++)
      expect((await backOffice().post(`${url()}/issue-credit-note`, credit, { idempotencyKey: 'one' })).status).toBe(
        200,
      );
    await app.settled();
    expect(await types('billing.series-SC2026')).toEqual(['CreditNoteIssued']);
  });

  it('is paid in parts, or overdue after 30 days', async () => {
    const pay = (amountCents: number) =>
      backOffice().post(`${url()}/record-payment`, {
        invoiceNumber: 'SO2026-000001',
        amountCents,
        receivedOn: '2026-11-25',
      });
    expect((await pay(14_950)).body).toMatchObject({ happened: ['PaymentRecorded'] });
    app.clock.advanceTo('2026-12-25T23:00:00.000Z');
    await app.settled();
    expect(told('PaymentOverdue')).toHaveLength(1);
    expect(await body<object>(backOffice().get('/billing/tasks'))).toMatchObject({
      items: [{ task: 'RecordPayment' }],
    });
    expect((await pay(100_000)).body).toMatchObject({ happened: ['PaymentRecorded', 'InvoicePaid'] });
    await app.settled();
    expect(told('InvoicePaid')).toHaveLength(1);
    expect(await body(backOffice().get('/billing/tasks'))).toEqual({ items: [] });
    expect(await body<object>(ownDoctor().get('/billing/invoices/SO2026-000001'))).toMatchObject({ status: 'PAID' });
  });
});

describe('who may', () => {
  const others = [
    ['employee', EMPLOYEE, 403],
    ['employee', 'person-2', 404],
    ['company-doctor', 'doctor-2', 404],
    ['second-opinion-doctor', DOCTOR, 403],
    ['employer', 'employer-1', 404],
  ] as const;

  it('BR-40, BR-51: with an employer who pays only the own doctor signs; nobody else even reads the quote, but who works on it', async () => {
    await publishTariff();
    await submit();
    for (const [role, id, status] of others) {
      expect([role, id, (await app.as(role, id).post(`${url()}/sign-quote`, {})).status]).toEqual([role, id, status]);
      expect([role, id, (await app.as(role, id).get(url())).status]).toEqual([role, id, status]);
    }
    for (const [role, id] of [
      ['company-doctor', OWN_DOCTOR],
      ['back-office', 'account-1'],
      ['auditor', 'auditor-1'],
    ] as const) {
      const shown = await body<object>(app.as(role, id).get(url()));
      expect(shown).toMatchObject({ status: 'OPEN', quote: { totalCents: 114_950, explanation: { nl: {}, en: {} } } });
    }
    await app.publish(INTAKE_TOPIC, 'case-1', 'IndependenceConfirmed', {
      caseId: 'case-1',
      doctorId: DOCTOR,
      round: 1,
    });
    await app.settled();
    expect((await app.as('second-opinion-doctor', DOCTOR).get(url())).status).toBe(200);
    expect((await app.as('back-office').post(`${url()}/sign-quote`, {})).status).toBe(403);
    expect(
      (
        await ownDoctor().post(`${url()}/record-payment`, {
          invoiceNumber: 'SO2026-000001',
          amountCents: 1,
          receivedOn: '2026-11-25',
        })
      ).status,
    ).toBe(403);
    expect((await ownDoctor().get('/billing/series/SO2026')).status).not.toBe(200);
    expect((await ownDoctor().post(`${TARIFF}/publish-tariff`, { validFrom: '2026-11-25', ...prices })).status).toBe(
      403,
    );
    expect((await app.nobody.get(url())).status).toBe(401);
  });

  it('BR-55: an employee who pays signs too and alone receives the invoice with his name; his own doctor sees that it is settled between them', async () => {
    await publishTariff();
    const debtor = await app.seal('J. Jansen, Dorpsstraat 1, Ons Dorp', EMPLOYEE, 'case-1', 'BILLING', 'intake.debtor');
    await submit('case-1', { contracted: false, debtor });
    await sign();
    expect(told('QuoteSigned')).toEqual([]);
    const employee = app.as('employee', EMPLOYEE);
    expect(await body<object>(employee.get('/billing/tasks'))).toMatchObject({ items: [{ task: 'SignQuote' }] });
    expect((await employee.post(`${url()}/sign-quote`, {})).status).toBe(200);
    await app.settled();
    expect(told('QuoteSigned')).toHaveLength(1);
    const before = (await ownDoctor().get(url())).headers['etag'];
    await share();
    expect(await body<object>(employee.get('/billing/invoices'))).toMatchObject({
      items: [{ number: 'SO2026-000001', debtor: 'J. Jansen, Dorpsstraat 1, Ons Dorp' }],
    });
    const his = await ownDoctor().get(url());
    expect(his.body).toMatchObject({ invoices: 'BETWEEN_EMPLOYEE_AND_PROVIDER' });
    for (const number of ['SO2026-000001', 'SO2026-000002'])
      expect([number, (await ownDoctor().get(`/billing/invoices/${number}`)).status]).toEqual([number, 404]);
    expect(await body(ownDoctor().get('/billing/invoices'))).toEqual({ items: [] });
    expect(before).toBeDefined();
    const paid = await app.as('back-office').post(`${url()}/record-payment`, {
      invoiceNumber: 'SO2026-000001',
      amountCents: 114_950,
      receivedOn: '2026-11-25',
    });
    expect(paid.status).toBe(200);
    await app.settled();
    expect((await ownDoctor().get(url())).headers['etag']).toBe(his.headers['etag']);
  });
});
