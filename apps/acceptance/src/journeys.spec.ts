import { readFileSync } from 'node:fs';
import {
  AID,
  CasePlay,
  employeeNamed,
  header,
  people,
  REPORT,
  type Name,
  type Reply,
  type User,
  type World,
} from '@second-opinion/standalone/play';
import type { Deployment } from './deployment';
import { filesIn, tracesIn, tracesInFiles, tracesInMail } from './proofs-no-trace';
import { everyGet, found, sweep } from './proofs-sweep';
import { PATIENCE_MS, startWorld } from './start';
import { destroyEveryKey, dropViews, eventsOf, messagesOf, rowsOf } from './storage';

jest.setTimeout(PATIENCE_MS);

/** What everybody is told on the way, by the codes of the templates; a journey adds what happens in it. */
const OFFERED = ['N01-employee', 'N01-own-doctor', 'N03-offered', 'N04-issued'];
const ASSIGNED = [...OFFERED, 'N07-asked', 'N07-asked-own-doctor', 'N07-asked-doctor'];
const CONFIRMED = [...ASSIGNED, 'N05-confirmed', 'N06-confirmed'];
const SHARED = [...CONFIRMED, 'N10-ready', 'N15-invoice'];
const AUTHORISED = ['N07-granted-doctor', 'N07-granted-own-doctor'];
const REPORTED = [...SHARED, ...AUTHORISED, 'N08-document', 'N08-document'];
const WITHDRAWN = ['N01-withdrawn-doctor', 'N01-withdrawn-employee', 'N01-withdrawn-own-doctor'];

/** WORDS that stand in what the journeys say about people, and must stand nowhere else. */
const WORDS = [
  ...['Achternaamx', 'Voornaamx', 'journey-', 'prive.example', 'Twijfelx', 'Debiteurx', 'Straatx', 'Motivatiex'],
  ...['Correctiex', 'Documentx', 'Briefnaamx', '1984-03-12', 'artsen.example', 'E. de Boer'],
  ...Object.values(REPORT).map((text) => text.slice(0, 24)),
];

// Every journey plays on the same server, one after another, because business time only moves forward. Names, addresses, complaints and
// report texts are distinctive, so that the checks at the end can look for them.
describe('journeys of route A, over HTTP only', () => {
  let server: Deployment;
  let world: World;
  let count = 0;
  const plays: CasePlay[] = [];

  beforeAll(async () => {
    ({ server, world } = await startWorld());
  }, PATIENCE_MS);
  afterAll(() => server.stop());

  const play = async (doubt?: string): Promise<CasePlay> => {
    await world.openAgendas(15);
    const number = ++count;
    const who = employeeNamed(`journey-${number}`, `Achternaamx${number} Voornaamx${number}`);
    const one = new CasePlay(world, who, doubt ?? `Twijfelx over de opbouw ${number}`);
    plays.push(one);
    return one;
  };
  const outcome = async (one: CasePlay) => {
    const seen = async (who: CasePlay['employee']) => (await one.seenBy(who)).body.outcome as string;
    return { employee: await seen(one.employee), ownDoctor: await seen(one.ownDoctor) };
  };
  /** Who was told what, as the log says: template codes, each once. */
  const told = async (one: CasePlay): Promise<readonly string[]> => {
    await one.settle();
    const { items } = await one.auditor.read(`/notification/log/${one.caseId}?limit=200`);
    return (items as { template: string }[]).map(({ template }) => template).sort();
  };
  const expectTold = async (one: CasePlay, ...templates: readonly string[]) =>
    expect(await told(one)).toEqual([...templates].sort());
  /** BR-55: the employer's organisation pays, and nothing on the invoice says for whom. */
  const expectAnonymousInvoice = async (one: CasePlay) => {
    const { items } = await one.ownDoctor.read('/billing/invoices?limit=200');
    const mine = (items as { caseId: string; number: string }[]).filter(({ caseId }) => caseId === one.caseId);
    expect(mine).toEqual([expect.objectContaining({ kind: 'INVOICE', payer: 'EMPLOYER', totalCents: 151_250 })]);
    const invoice = await one.ownDoctor.read(`/billing/invoices/${mine[0]?.number}`);
    expect(invoice).toMatchObject({ debtor: { organisationId: 'ohs-north' }, vatTreatment: 'STANDARD_21' });
    for (const personal of [one.who.name, one.who.address, one.who.birthDate, one.personId])
      expect(JSON.stringify(invoice)).not.toContain(personal);
  };
  /** BR-55: the employee as debtor stands on his own invoice; the own doctor cannot find it. */
  const expectInvoiceOfEmployee = async (one: CasePlay) => {
    const { invoices } = await one.employee.read(`/billing/cases/${one.caseId}`);
    const [{ invoiceNumber }] = invoices as [{ invoiceNumber: string }];
    const invoice = await one.employee.read(`/billing/invoices/${invoiceNumber}`);
    expect(invoice).toMatchObject({ payer: 'EMPLOYEE', debtor: 'Debiteurx Straatx 2, 9711 AA Groningen' });
    expect((await one.ownDoctor.get(`/billing/invoices/${invoiceNumber}`)).status).toBe(404);
    expect(JSON.stringify(await one.ownDoctor.read('/billing/invoices?limit=200'))).not.toContain(invoiceNumber);
  };
  /** The auditor's history is gap-free, each entry chained to the one before, and names nobody. */
  const expectWholeHistory = async (one: CasePlay) => {
    const entries = (await one.history()) as unknown as { number: number; previousHash: string; entryHash: string }[];
    expect(entries.map(({ number }) => number)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.slice(1).map(({ previousHash }) => previousHash)).toEqual(
      entries.slice(0, -1).map(({ entryHash }) => entryHash),
    );
    const verified = await one.auditor.read(`/records/cases/${one.caseId}/verification`);
    expect(verified).toMatchObject({ whole: true, entries: entries.length, head: entries.at(-1)?.entryHash });
    expect(JSON.stringify(entries)).not.toContain(one.who.name);
  };
  const types = async (one: CasePlay) => (await one.history()).map(({ type }) => type);
  const doctor = (name: Name = 'second-doctor') => world.user(name);
  /** The clock of the whole case, from the signed quote to the shared report, as the back office sees it. */
  const clock = async (one: CasePlay) => {
    await one.settle();
    return (await one.backOffice.read(`/reporting/cases/${one.caseId}`)).caseClock as Record<string, unknown>;
  };
  const byDay = async (one: CasePlay, days: number) => {
    for (let day = 0; day < days; day++) await one.moveBy(1);
  };
  const reported = async (one: CasePlay) => {
    await one.upToAppointment();
    await one.authorise();
    const letter = await one.upload(one.ownDoctor, 'MEDICAL_LETTER', 'Documentx van de arts', 'Briefnaamx één.txt');
    const paper = await one.upload(one.employee, 'OTHER', 'Documentx van mijzelf', 'Briefnaamx twee.txt');
    expect([letter.status, paper.status]).toEqual([201, 201]);
    await one.consult();
    await one.report();
  };

  it('released and adopted', async () => {
    const one = await play();
    await reported(one);
    const { startedAt, targetDueAt, limitDueAt, stoppedAt, ...inTime } = await clock(one);
    expect(inTime).toEqual({ pausedFor: [], overdue: [] });
    const inOrder = [startedAt, stoppedAt, targetDueAt, limitDueAt];
    expect([...inOrder].sort()).toEqual(inOrder);
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 1 });
    await one.moveBy(6);
    await one.does('reporting', one.ownDoctor, 'record-follow-up', {
      adoption: 'FULL',
      motivation: 'Motivatiex overgenomen',
    });
    await one.settle();
    expect(await outcome(one)).toEqual({ employee: 'RELEASED_ADOPTED', ownDoctor: 'RELEASED_ADOPTED' });
    expect(await types(one)).toEqual(expect.arrayContaining(['ReportReleased', 'InvoiceIssued', 'CaseClosed']));
    await expectTold(one, ...REPORTED, 'N12-copy', 'N12-released', 'N14-recorded');
    expect(await one.ownDoctor.read(`/reporting/cases/${one.caseId}/report`)).toMatchObject({ version: 1, ...REPORT });
    const { followUp } = await one.employee.read(`/reporting/cases/${one.caseId}`);
    expect(followUp).toMatchObject({ motivation: 'Motivatiex overgenomen' });
    await expectAnonymousInvoice(one);
    await expectWholeHistory(one);
  });

  it('blocked: the own doctor learns only that it is not released, at the end of the term', async () => {
    const one = await play();
    await reported(one);
    await one.does('reporting', one.employee, 'block-report');
    await one.settle();
    expect((await outcome(one)).ownDoctor).toBeUndefined();
    expect((await one.ownDoctor.get(`/reporting/cases/${one.caseId}/report`)).status).toBe(404);
    await one.moveBy(20);
    await one.settle();
    expect(await outcome(one)).toEqual({ employee: 'BLOCKED', ownDoctor: 'NOT_RELEASED' });
    expect(await types(one)).not.toContain('ReportReleased');
    await expectTold(one, ...REPORTED, 'N13-ended');
    expect((await one.ownDoctor.get(`/reporting/cases/${one.caseId}/report`)).status).toBe(404);
    expect(await one.employee.read(`/reporting/cases/${one.caseId}/report`)).toMatchObject(REPORT);
    await expectAnonymousInvoice(one);
  });

  it('released, and the own doctor stays silent: the employee is told so, with the complaint route', async () => {
    const one = await play();
    await one.upToAppointment();
    const { startsAt } = await one.appointment();
    await one.moveTo(
      `${Temporal.PlainDate.from(startsAt.slice(0, 10)).subtract({ days: 1 }).toString()}T12:00:00.000Z`,
    );
    await one.consult();
    await one.report();
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 1 });
    await byDay(one, 30);
    expect((await outcome(one)).employee).toBe('RELEASED_NO_FOLLOW_UP_KNOWN');
    // One reminder of the appointment or two: how many days it lies ahead depends on the day of the week.
    const reminded = ['N05-reminder', 'N06-reminder', 'N14-due', 'N14-not-known'];
    expect(new Set(await told(one))).toEqual(new Set([...SHARED, 'N12-copy', 'N12-released', ...reminded]));
  });

  it('lapsed by silence', async () => {
    const one = await play();
    await reported(one);
    await byDay(one, 20);
    expect(await outcome(one)).toEqual({ employee: 'RELEASE_DECISION_LAPSED', ownDoctor: 'NOT_RELEASED' });
    await expectTold(one, ...REPORTED, 'N11-reminder', 'N11-reminder', 'N13-ended');
  });

  it('late consent after a block', async () => {
    const one = await play();
    await reported(one);
    await one.does('reporting', one.employee, 'block-report');
    await one.moveBy(20);
    await one.settle();
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 1 });
    await one.moveBy(6);
    await one.does('reporting', one.ownDoctor, 'record-follow-up', {
      adoption: 'NOT',
      motivation: 'Motivatiex niet overgenomen',
    });
    await one.settle();
    expect(await outcome(one)).toEqual({ employee: 'RELEASED_NOT_ADOPTED', ownDoctor: 'RELEASED_NOT_ADOPTED' });
    expect(await types(one)).toContain('CaseReopened');
    await expectTold(one, ...REPORTED, 'N12-copy', 'N12-released', 'N13-ended', 'N14-recorded');
  });

  it('refused by the own doctor, in writing, with the complaint route', async () => {
    const one = await play();
    await one.wish();
    await one.prepare();
    await one.does('intake', one.ownDoctor, 'refuse-request', {
      ground: 'IMPROPER_USE',
      motivation: 'Motivatiex van de weigering, voldoende lang.',
    });
    await one.settle();
    expect((await outcome(one)).employee).toBe('REFUSED');
    const { body } = await one.seenBy(one.employee);
    expect(body.refusal).toMatchObject({
      ground: 'IMPROPER_USE',
      motivation: 'Motivatiex van de weigering, voldoende lang.',
    });
    await expectTold(one, 'N02-refused');
  });

  it('decision aid overruled by the employee', async () => {
    const one = await play();
    await one.wish();
    await one.prepare({ ...AID, disputeType: 'FITNESS', doubtMedical: true });
    const { body } = await one.seenBy(one.employee);
    expect(body.decisionAid).toMatchObject({ outcome: 'UWV_JUDGMENT_ADVISED' });
    await one.does('intake', one.employee, 'insist-on-second-opinion');
    await one.choose();
    await one.submit();
    expect(await types(one)).toContain('SecondOpinionRequestSubmitted');
    await expectTold(one, ...OFFERED);
  });

  it('assignment declined, second preference accepts', async () => {
    const one = await play();
    await one.wish();
    await one.prepare();
    await one.choose('second-doctor', 'third-doctor');
    await one.does('intake', one.employee, 'pay-as-employee', { debtor: 'Debiteurx Straatx 1, 9711 AA Groningen' });
    await one.submit();
    await one.does('intake', doctor(), 'decline-assignment');
    await one.settle();
    await one.accept('third-doctor');
    expect((await one.seenBy(one.employee)).body.doctorId).toBe(world.idOf('third-doctor'));
    expect((await one.seenBy(doctor())).status).toBe(404);
    expect((await one.seenBy(doctor('third-doctor'))).body.request).toMatchObject({ doubt: one.doubt });
    await expectTold(one, ...ASSIGNED, 'N03-declined', 'N03-offered', 'N04-issued', 'N04-issued-employee');
  });

  it('quote signed before the first doctor declines: the signature stays, and the second preference is planned', async () => {
    const one = await play();
    await one.wish();
    await one.prepare();
    await one.choose('third-doctor', 'second-doctor');
    await one.does('intake', one.employee, 'consent-to-disclosure');
    await one.does('intake', one.ownDoctor, 'record-employer-agreement', { agreed: true });
    await one.submit();
    await one.sign();
    await one.does('intake', doctor('third-doctor'), 'decline-assignment');
    await one.settle();
    await one.accept();
    expect(await types(one)).toEqual(expect.arrayContaining(['QuoteCarriedOver', 'AppointmentConfirmed']));
    expect((await one.appointment()).status).toBe('CONFIRMED');
    await expectTold(one, ...CONFIRMED, 'N03-declined', 'N03-offered');
  });

  it('the doctor falls ill after the consultation: the second preference begins anew, with a new authorisation and one invoice', async () => {
    const one = await play();
    await one.wish();
    await one.prepare();
    await one.choose('second-doctor', 'third-doctor');
    await one.does('intake', one.employee, 'consent-to-disclosure');
    await one.does('intake', one.ownDoctor, 'record-employer-agreement', { agreed: true });
    await one.submit();
    await one.accept();
    await one.sign();
    await one.authorise();
    await one.consult();
    await one.does('intake', one.backOffice, 'reassign-assignment', { cause: 'DOCTOR_ILL' });
    await one.settle();
    expect((await one.seenBy(doctor())).status).toBe(404);
    await one.accept('third-doctor');
    expect((await one.appointment()).status).toBe('CONFIRMED');
    await one.authorise();
    await one.consult('third-doctor');
    await one.report('third-doctor');
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 1 });
    await one.moveBy(3);
    await one.settle();
    const happened = await types(one);
    const count = (type: string) => happened.filter((each) => each === type).length;
    expect(['AssignmentReassigned', 'ConsultationHeld', 'ReportReleased', 'InvoiceIssued'].map(count)).toEqual([
      1, 2, 1, 1,
    ]);
  });

  it('no doctor left: back to the choice, or ended', async () => {
    const one = await play();
    await one.upToSubmission();
    await one.does('intake', doctor(), 'decline-assignment');
    await one.settle();
    expect(await types(one)).toContain('NoDoctorAvailable');
    await one.does('intake', one.ownDoctor, 'end-for-lack-of-doctor');
    await one.settle();
    expect((await outcome(one)).employee).toBe('NO_DOCTOR');
    await expectTold(one, ...OFFERED, 'N03-closed', 'N03-declined', 'N03-no-doctor');
  });

  it('quote declined', async () => {
    const one = await play();
    await one.upToSubmission();
    await one.accept();
    await one.does('billing', one.ownDoctor, 'decline-quote');
    await one.settle();
    expect((await outcome(one)).employee).toBe('QUOTE_NOT_SIGNED');
    await expectTold(one, ...ASSIGNED, 'N04-closed');
  });

  it('quote expired', async () => {
    const one = await play();
    await one.upToSubmission();
    await one.accept();
    await one.moveBy(16);
    await one.settle();
    expect((await outcome(one)).employee).toBe('QUOTE_NOT_SIGNED');
    expect((await one.does('billing', one.ownDoctor, 'sign-quote').catch(({ reply }) => reply)).status).toBe(409);
    await expectTold(one, ...ASSIGNED, 'N04-closed', 'N04-expired', 'N04-reminder');
  });

  it('authorisation refused, then not executable', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.does('reporting', one.employee, 'refuse-transfer-authorisation');
    await one.does('reporting', doctor(), 'decide-not-executable');
    await one.settle();
    expect((await outcome(one)).employee).toBe('NOT_EXECUTABLE');
    const refused = ['N07-refused-doctor', 'N07-refused-employee', 'N07-refused-own-doctor'];
    const ended = ['N05-cancelled', 'N06-cancelled', 'N07-not-executable-employee', 'N07-not-executable-own-doctor'];
    await expectTold(one, ...CONFIRMED, ...refused, ...ended);
  });

  it('authorisation refused, and the doctor proceeds without the dossier', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.does('reporting', one.employee, 'refuse-transfer-authorisation');
    await one.does('reporting', doctor(), 'proceed-without-own-dossier');
    await one.consult();
    await one.report();
    expect(await types(one)).toEqual(
      expect.arrayContaining(['ProceedingWithoutOwnDossier', 'ReportSharedWithEmployee']),
    );
    await expectTold(one, ...SHARED, 'N07-refused-doctor', 'N07-refused-employee', 'N07-refused-own-doctor');
  });

  it('authorisation withdrawn: nothing more is stored', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.authorise();
    const early = await one.upload(one.ownDoctor, 'MEDICAL_LETTER', 'Documentx voor de intrekking', 'Briefnaamx.txt');
    expect(early.status).toBe(201);
    const letter = `/reporting/cases/${one.caseId}/documents/${(early.body as { id: string }).id}`;
    await one.settle();
    expect((await doctor().get(letter)).body).toBe('Documentx voor de intrekking');
    await one.does('reporting', one.employee, 'withdraw-transfer-authorisation');
    expect((await doctor().get(letter)).status).toBeGreaterThanOrEqual(403);
    const late = await one.upload(one.ownDoctor, 'MEDICAL_LETTER', 'Documentx na intrekking');
    expect(late.status).toBe(409);
    const withdrawn = ['N07-withdrawn-doctor', 'N07-withdrawn-employee', 'N07-withdrawn-own-doctor'];
    await expectTold(one, ...CONFIRMED, ...AUTHORISED, 'N08-document', ...withdrawn);
  });

  it('correction leads to version 2, and consent must name version 2', async () => {
    const one = await play();
    await reported(one);
    await one.does('reporting', one.employee, 'request-factual-correction', {
      version: 1,
      correction: 'Correctiex: de datum klopt niet.',
    });
    await one.correct();
    const old = await one.on('reporting', one.employee, 'grant-release-consent', { version: 1 });
    expect(old.status).toBe(409);
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 2 });
    await one.moveBy(6);
    await one.settle();
    expect(await types(one)).toContain('ReportReleased');
    await expectTold(one, ...REPORTED, 'N10-ready', 'N12-copy', 'N12-released');
  });

  it('no-show, rebooked, no-show again', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.toEndOfAppointment();
    await one.does('scheduling', doctor(), 'record-no-show');
    const { startedAt, ...waits } = await clock(one);
    expect(startedAt).toBeDefined();
    expect(waits).toEqual({ pausedFor: ['AUTHORISATION', 'REBOOKING'], overdue: [] });
    await one.toEndOfAppointment();
    await one.does('scheduling', doctor(), 'record-no-show');
    await one.settle();
    expect((await outcome(one)).employee).toBe('NO_SHOW');
    const twice = ['N05-confirmed', 'N06-confirmed', 'N09-not-held', 'N09-not-held'];
    await expectTold(one, ...CONFIRMED, ...twice, 'N09-no-show', 'N09-no-show-final', 'N15-invoice');
  });

  it('withdrawn before the consultation', async () => {
    const one = await play();
    await one.upToAppointment();
    expect(await one.appointment()).toMatchObject({ status: 'CONFIRMED' });
    const his = JSON.stringify(await one.ownDoctor.read(`/scheduling/appointments/${one.caseId}`));
    expect(his).not.toMatch(/\d\d:\d\d|Spreekkamers/);
    const stale = { headers: { 'if-match': '"another"' } };
    expect((await one.on('reporting', one.employee, 'withdraw-request', {}, stale)).status).toBe(412);
    const etag = (await one.employee.get(`/reporting/cases/${one.caseId}`)).headers.get('etag') ?? '';
    const current = { headers: { 'if-match': etag } };
    expect((await one.on('reporting', one.employee, 'withdraw-request', {}, current)).status).toBe(200);
    await one.settle();
    expect((await outcome(one)).employee).toBe('WITHDRAWN');
    await expectTold(one, ...CONFIRMED, ...WITHDRAWN, 'N05-cancelled', 'N06-cancelled');
  });

  it('withdrawn after the consultation: the worked hours are charged', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.consult();
    await one.does('reporting', one.employee, 'withdraw-request');
    await one.does('reporting', doctor(), 'state-worked-hours', { minutes: 120 });
    await one.settle();
    expect((await outcome(one)).employee).toBe('WITHDRAWN');
    expect(await types(one)).toContain('InvoiceIssued');
    await expectTold(one, ...CONFIRMED, ...WITHDRAWN, 'N15-invoice');
  });

  it('non-contracted doctor with the employee as payer: he signs too, and only he gets the invoice', async () => {
    const one = await play();
    await one.wish();
    await one.prepare();
    await one.choose('third-doctor');
    await one.does('intake', one.employee, 'pay-as-employee', { debtor: 'Debiteurx Straatx 2, 9711 AA Groningen' });
    await one.submit();
    await one.accept('third-doctor');
    await one.sign();
    await one.does('billing', one.employee, 'sign-quote');
    await one.settle();
    await one.consult('third-doctor');
    await one.report('third-doctor');
    expect((await one.ownDoctor.read(`/billing/cases/${one.caseId}`)).invoices).toBe('BETWEEN_EMPLOYEE_AND_PROVIDER');
    expect((await one.employee.read(`/billing/cases/${one.caseId}`)).invoices).toHaveLength(1);
    await expectTold(one, ...SHARED, 'N04-issued-employee');
    await expectInvoiceOfEmployee(one);
  });

  it('a person has two cases, and one of them is forgotten: the other stays readable', async () => {
    const first = await play();
    await first.upToSubmission();
    await first.moveBy(1);
    const second = new CasePlay(world, first.who, 'Twijfelx in de tweede zaak');
    plays.push(second);
    await second.wish();
    await second.prepare();
    const officer = world.user('privacy-officer');
    const scope = { caseId: first.caseId, basis: 'EMPLOYEE_REQUEST' };
    await officer.does(`/records/persons/${first.personId}/destroy-keys`, scope);
    await first.settle();
    const forgotten = { forgotten: true };
    expect((await first.seenBy(first.employee)).body.request).toMatchObject({ doubt: forgotten, questions: forgotten });
    expect((await second.seenBy(first.employee)).body.request).toMatchObject({ doubt: 'Twijfelx in de tweede zaak' });
    expect(await second.ownDoctor.read(`/intake/cases/${second.caseId}/employee`)).toMatchObject({
      name: first.who.name,
    });
    await second.does('intake', second.ownDoctor, 'honour-request');
    await expectWholeHistory(first);
  });

  it('numbers without gap, and every mail is there once, none of them to an employer', async () => {
    const office = world.user('back-office');
    for (const series of await seriesNames(office)) {
      const { items } = await office.read(`/billing/series/${series}/entries?limit=200`);
      const places = (items as { place: number }[]).map(({ place }) => place).sort((a, b) => a - b);
      expect(places).toEqual(places.map((_, index) => index + 1));
    }
    const mails = filesIn(server.mailDir).map((file) => readFileSync(file, 'utf8'));
    const ids = mails.map((mail) => header(mail, 'message-id'));
    expect(mails.length).toBeGreaterThan(plays.length * 5);
    expect(new Set(ids).size).toBe(ids.length);
    expect(mails.filter((mail) => header(mail, 'to').includes('werkgever.example'))).toEqual([]);
  });
  const seriesNames = async (office: User): Promise<readonly string[]> => {
    const { items } = await office.read('/billing/invoices?limit=200');
    return [...new Set((items as { number: string }[]).map(({ number }) => number.slice(0, number.indexOf('-'))))];
  };

  describe('afterwards', () => {
    const everybody = (): readonly User[] => [
      ...(Object.keys(people) as Name[]).map((name) => world.user(name)),
      ...new Map(plays.map((one) => [one.who.login.subject, one.employee])).values(),
    ];
    /** Everything that everybody can ask about every case; the employees about their own. */
    const askAll = async (): Promise<readonly { who: string; path: string; reply: Reply }[]> => {
      const answers: { who: string; path: string; reply: Reply }[] = [];
      const office = world.user('back-office');
      const number = [...new Set(found(await office.read('/billing/invoices?limit=200'), 'number'))];
      for (const user of everybody()) {
        const own = plays.filter((one) => one.who.login.subject === user.login.subject);
        const about = own.length > 0 ? [...own, ...plays.slice(0, 1)] : plays;
        const messageId = [...new Set(found((await user.get('/notification/messages?limit=200')).body, 'messageId'))];
        const ids = {
          ...{ caseId: about.map(({ caseId }) => caseId), personId: about.map(({ personId }) => personId), messageId },
          ...{ doctorId: [world.idOf('own-doctor'), world.idOf('second-doctor')], number, version: ['1', '2'] },
          ...{ documentId: await documentsOf(user, about), series: await seriesNames(office) },
          ...{ tariffId: ['EMPLOYEE_SECOND_OPINION'], askId: ['unknown'] },
        };
        const asked = await sweep(user, await everyGet(user, ids));
        answers.push(...asked.map((one) => ({ who: user.login.subject, ...one })));
      }
      return answers;
    };
    const documentsOf = async (user: User, about: readonly CasePlay[]): Promise<readonly string[]> => {
      const listed = about.slice(0, 3).map(({ caseId }) => user.get(`/reporting/cases/${caseId}/documents`));
      const ids = (await Promise.all(listed)).flatMap(({ body }) => found(body, 'documentId'));
      return ['unknown', ...ids.slice(0, 2)];
    };

    it(
      'no trace: what was said about people stands in no file, no output, and in no mail but to himself',
      async () => {
        await plays[0]?.settle();
        await server.end('SIGTERM');
        expect(tracesInFiles(filesIn(server.dataDir, ['keks', 'mail']), WORDS)).toEqual([]);
        const stored = {
          events: (await eventsOf(server)).map((event) => JSON.stringify(event)),
          rows: Object.values(await rowsOf(server)).flat(),
          messages: await messagesOf(server, 'records.no-trace'),
        };
        for (const [what, texts] of Object.entries(stored)) {
          expect({ what, many: texts.length > plays.length * 10 }).toEqual({ what, many: true });
          expect(tracesIn(what, Buffer.from(texts.join('\n')), WORDS)).toEqual([]);
        }
        expect(tracesIn('output', Buffer.from(server.output), WORDS)).toEqual([]);
        const mails = filesIn(server.mailDir).map((file) => readFileSync(file, 'utf8'));
        expect(mails.flatMap((mail) => tracesInMail(mail, WORDS))).toEqual([]);
      },
      PATIENCE_MS,
    );

    it('the search finds each word in each form in which it could stand', () => {
      for (const word of WORDS) {
        const utf16 = Buffer.from(`ab${word}cd`, 'utf16le');
        const forms = ['', 'x', 'xy'].map((before) => Buffer.from(`${before}${word}, en verder`).toString('base64'));
        for (const bytes of [Buffer.from(`é${word.toUpperCase()}`), utf16, ...forms.map((text) => Buffer.from(text))])
          expect(tracesIn('planted', bytes, [word]).length).toBeGreaterThan(0);
      }
      const mail = `To: journey-1@prive.example\r\nSubject: s\r\n\r\nVoornaam=\r\nx1 en journey-2@prive.example`;
      expect(tracesInMail(mail, WORDS).map(({ word }) => word)).toEqual(
        expect.arrayContaining(['Voornaamx', 'journey-', 'prive.example']),
      );
      expect(tracesInMail('To: journey-1@prive.example\r\nSubject: s\r\n\r\nGoedendag', WORDS)).toEqual([]);
    });

    const expectSameRowsRebuilt = async () => {
      await server.end('SIGTERM');
      const before = await rowsOf(server);
      expect(Object.values(before).flat().length).toBeGreaterThan(plays.length * 20);
      await dropViews(server);
      await server.launch();
      await plays[0]?.settle();
      await server.end('SIGTERM');
      const after = await rowsOf(server);
      expect(Object.keys(after)).toEqual(Object.keys(before));
      for (const view of Object.keys(before)) expect({ view, rows: after[view] }).toEqual({ view, rows: before[view] });
    };
    it('rebuild: all views dropped and rebuilt are equal row by row', expectSameRowsRebuilt, PATIENCE_MS);

    it(
      'forgotten: with every key destroyed everything still answers, verifies and decides as before',
      async () => {
        await server.launch();
        const [twin, other] = [await play(), await play()];
        for (const one of [twin, other]) {
          await one.wish();
          await one.prepare();
        }
        const decided = await decisions(twin);
        await server.end('SIGTERM');
        expect(await destroyEveryKey(server)).toBeGreaterThan(plays.length * 3);
        await server.launch();
        await other.settle();
        const answers = await askAll();
        expect(answers.length).toBeGreaterThan(1_000);
        expect(answers.filter(({ reply }) => reply.status >= 500).map(({ who, path: at }) => `${who} ${at}`)).toEqual(
          [],
        );
        expect(tracesIn('answers', Buffer.from(JSON.stringify(answers.map(({ reply }) => reply.body))), WORDS)).toEqual(
          [],
        );
        for (const one of plays) await expectWholeHistory(one);
        expect((await other.seenBy(other.employee)).body.request).toMatchObject({ doubt: { forgotten: true } });
        expect(await other.ownDoctor.read(`/intake/cases/${other.caseId}/employee`)).toMatchObject({
          name: { forgotten: true },
        });
        expect(await decisions(other)).toEqual(decided);
        const text = { ground: 'OTHER_WEIGHTY', motivation: 'Motivatiex die niemand meer kan verzegelen' };
        expect((await twin.on('intake', twin.ownDoctor, 'describe-request', text)).status).toBe(400);
        const late = await other.on('intake', other.employee, 'pay-as-employee', { debtor: 'Debiteurx Straatx 3' });
        expect([late.status, late.body.code]).toEqual([409, 'person-forgotten']);
        await other.settle();
      },
      PATIENCE_MS,
    );

    it('forgotten: without any key all streams still fold to the same rows', expectSameRowsRebuilt, PATIENCE_MS);

    /** What is decided on commands without personal text, from the honouring to the refusals of what comes twice. */
    const decisions = async (one: CasePlay): Promise<readonly unknown[]> => {
      const decided: unknown[] = [];
      const doctorIds = [world.idOf('second-doctor')];
      for (const [user, command, body] of [
        [one.ownDoctor, 'honour-request', {}],
        [one.ownDoctor, 'honour-request', {}],
        [one.ownDoctor, 'propose-doctors', { doctorIds: [world.idOf('own-doctor')] }],
        [one.ownDoctor, 'propose-doctors', { doctorIds }],
        [one.employee, 'choose-second-opinion-doctor', { first: doctorIds[0] }],
        [one.ownDoctor, 'submit-second-opinion-request', {}],
        [one.employee, 'confirm-request', { formVersion: 2 }],
        [one.employee, 'confirm-request', { formVersion: 1 }],
      ] as const) {
        const { status, body: answer } = await one.on('intake', user, command, body);
        decided.push({ command, status, code: answer.code, happened: answer.happened });
      }
      return decided;
    };
  });
});
