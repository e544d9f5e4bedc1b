import { AID, CasePlay, employeeNamed, mailsTo, type Name, type World } from '@second-opinion/standalone/play';
import { Standalone } from './process';

// Every journey plays on the same server, one after another, because business time only moves forward. Names, addresses, complaints and
// report texts are distinctive, so that the checks at the end can look for them.
describe('journeys of route A, over HTTP only', () => {
  let server: Standalone;
  let world: World;
  let count = 0;

  beforeAll(async () => {
    server = await Standalone.start();
    world = server.world();
    await world.load();
  }, 60_000);
  afterAll(() => server.stop());

  const play = async (doubt?: string): Promise<CasePlay> => {
    await world.openAgendas(15);
    const number = ++count;
    return new CasePlay(world, employeeNamed(`journey-${number}`, `Achternaamx${number} Voornaamx${number}`), doubt);
  };
  const outcome = async (one: CasePlay) => {
    const seen = async (who: CasePlay['employee']) => (await one.seenBy(who)).body.outcome as string;
    return { employee: await seen(one.employee), ownDoctor: await seen(one.ownDoctor) };
  };
  const types = async (one: CasePlay) => (await one.history()).map(({ type }) => type);
  const doctor = (name: Name = 'second-doctor') => world.user(name);
  const reported = async (one: CasePlay) => {
    await one.upToAppointment();
    await one.authorise();
    await one.consult();
    await one.report();
  };

  it('released and adopted', async () => {
    const one = await play();
    await reported(one);
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 1 });
    await one.moveBy(4);
    await one.does('reporting', one.ownDoctor, 'record-follow-up', {
      adoption: 'FULL',
      motivation: 'Motivatiex overgenomen',
    });
    await one.settle();
    expect(await outcome(one)).toEqual({ employee: 'RELEASED_ADOPTED', ownDoctor: 'RELEASED_ADOPTED' });
    expect(await types(one)).toEqual(expect.arrayContaining(['ReportReleased', 'InvoiceIssued', 'CaseClosed']));
  });

  it('blocked: the own doctor learns only that it is not released, at the end of the term', async () => {
    const one = await play();
    await reported(one);
    await one.does('reporting', one.employee, 'block-report');
    await one.settle();
    expect((await outcome(one)).ownDoctor).toBeUndefined();
    await one.moveBy(20);
    await one.settle();
    expect(await outcome(one)).toEqual({ employee: 'BLOCKED', ownDoctor: 'NOT_RELEASED' });
    expect(await types(one)).not.toContain('ReportReleased');
  });

  it('lapsed by silence', async () => {
    const one = await play();
    await reported(one);
    await one.moveBy(20);
    await one.settle();
    expect(await outcome(one)).toEqual({ employee: 'RELEASE_DECISION_LAPSED', ownDoctor: 'NOT_RELEASED' });
  });

  it('late consent after a block', async () => {
    const one = await play();
    await reported(one);
    await one.does('reporting', one.employee, 'block-report');
    await one.moveBy(20);
    await one.settle();
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 1 });
    await one.moveBy(4);
    await one.does('reporting', one.ownDoctor, 'record-follow-up', {
      adoption: 'NOT',
      motivation: 'Motivatiex niet overgenomen',
    });
    await one.settle();
    expect(await outcome(one)).toEqual({ employee: 'RELEASED_NOT_ADOPTED', ownDoctor: 'RELEASED_NOT_ADOPTED' });
    expect(await types(one)).toContain('CaseReopened');
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
  });

  it('decision aid overruled by the employee', async () => {
    const one = await play();
    await one.wish();
    await one.prepare({ ...AID, disputeType: 'FITNESS', doubtMedical: true });
    const { body } = await one.seenBy(one.employee);
    expect(body.decisionAid.outcome).toBe('UWV_JUDGMENT_ADVISED');
    await one.does('intake', one.employee, 'insist-on-second-opinion');
    await one.choose();
    await one.submit();
    expect(await types(one)).toContain('SecondOpinionRequestSubmitted');
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
  });

  it('quote declined', async () => {
    const one = await play();
    await one.upToSubmission();
    await one.accept();
    await one.does('billing', one.ownDoctor, 'decline-quote');
    await one.settle();
    expect((await outcome(one)).employee).toBe('QUOTE_NOT_SIGNED');
  });

  it('quote expired', async () => {
    const one = await play();
    await one.upToSubmission();
    await one.accept();
    await one.moveBy(16);
    await one.settle();
    expect((await outcome(one)).employee).toBe('QUOTE_NOT_SIGNED');
    expect((await one.does('billing', one.ownDoctor, 'sign-quote').catch(({ reply }) => reply)).status).toBe(409);
  });

  it('authorisation refused, then not executable', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.does('reporting', one.employee, 'refuse-transfer-authorisation');
    await one.does('reporting', doctor(), 'decide-not-executable');
    await one.settle();
    expect((await outcome(one)).employee).toBe('NOT_EXECUTABLE');
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
  });

  it('authorisation withdrawn: nothing more is stored', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.authorise();
    await one.does('reporting', one.employee, 'withdraw-transfer-authorisation');
    const late = await one.upload(one.ownDoctor, 'MEDICAL_LETTER', 'Documentx na intrekking');
    expect(late.status).toBe(409);
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
    await one.moveBy(4);
    await one.settle();
    expect(await types(one)).toContain('ReportReleased');
  });

  it('no-show, rebooked, no-show again', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.toEndOfAppointment();
    await one.does('scheduling', doctor(), 'record-no-show');
    await one.settle();
    await one.toEndOfAppointment();
    await one.does('scheduling', doctor(), 'record-no-show');
    await one.settle();
    expect((await outcome(one)).employee).toBe('NO_SHOW');
  });

  it('withdrawn before the consultation', async () => {
    const one = await play();
    await one.upToAppointment();
    await one.does('reporting', one.employee, 'withdraw-request');
    await one.settle();
    expect((await outcome(one)).employee).toBe('WITHDRAWN');
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
  });

  it('nobody wrote to an employer, and every mail is there once', () => {
    expect(mailsTo(server.mailDir, 'werkgever.example')).toEqual([]);
  });
});
