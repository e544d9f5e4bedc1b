import { CasePlay, doctors, employeeNamed, REPORT, type World } from '@second-opinion/standalone/play';
import { caseFaults } from './case-invariants';
import type { Deployment } from './deployment';
import { PATIENCE_MS, startWorld } from './start';
import { eventsOf } from './storage';

jest.setTimeout(PATIENCE_MS);

/** TRIES to have two acts cross: each is decided before the news of the other comes. */
const TRIES = 8;

// A15: another doctor takes over, while the one who has examined is about to share his report, or may not write it any more.
describe('who cannot finish what he has begun', () => {
  let server: Deployment;
  let world: World;
  let count = 0;

  beforeAll(async () => {
    ({ server, world } = await startWorld());
  }, PATIENCE_MS);
  afterAll(() => server.stop());

  /** examined by the second doctor; the third is the employee's second choice, whom he would pay himself. */
  const examined = async (): Promise<CasePlay> => {
    await world.openAgendas(15);
    const number = ++count;
    const one = new CasePlay(world, employeeNamed(`crossing-${number}`, `Kruisx${number} Kruisx${number}`));
    await one.wish();
    await one.prepare();
    await one.choose('second-doctor', 'third-doctor');
    await one.does('intake', one.employee, 'pay-as-employee', { debtor: 'Debiteurx, Straatx 1, 9711 AA Groningen' });
    await one.submit();
    await one.accept();
    await one.sign();
    await one.authorise();
    await one.consult();
    return one;
  };
  const types = async (one: CasePlay) => (await one.history()).map(({ type }) => type);
  const tasksOf = async (one: CasePlay): Promise<string[]> => {
    const { items } = (await one.backOffice.read('/reporting/tasks?limit=200')) as { items: object[] };
    const all = items as { task: string; about: string }[];
    return all.filter(({ about }) => about === one.caseId).map(({ task }) => task);
  };

  const today = async (one: CasePlay) => (await one.now()).slice(0, 10);
  /** registered: until when the register has the second doctor. */
  const registered = async (one: CasePlay, registeredUntil: string): Promise<void> => {
    const { name, ...entry } = doctors.find((each) => each.name === 'second-doctor') ?? (doctors[0] as never);
    const change = { ...entry, contact: `${name}@artsen.example`, language: 'nl', registeredUntil };
    await one.backOffice.does(`/intake/doctors/doctor-${name}/change-doctor-registration`, change);
    await one.settle();
  };

  it('A15 BR-52 BR-53 the sharing crosses the reassignment: the case is its doctor’s again, with consultation, quote and invoice', async () => {
    const doctor = world.user('second-doctor');
    const crossing = async (): Promise<CasePlay> => {
      for (let tries = 0; tries < TRIES; tries++) {
        const one = await examined();
        await one.does('reporting', doctor, 'finalise-report-for-review', REPORT);
        await Promise.all([
          one.on('intake', one.backOffice, 'reassign-assignment', { cause: 'DOCTOR_ILL' }),
          one.on('reporting', doctor, 'share-report', {}),
        ]);
        await one.settle();
        if ((await types(one)).includes('AssignmentRestored')) return one;
      }
      throw new Error(`in ${TRIES} tries the sharing never crossed the reassignment`);
    };
    const one = await crossing();
    const doctorId = world.idOf('second-doctor');
    expect(await one.appointment()).toMatchObject({ status: 'HELD', doctorId, durationMinutes: 75 });
    const money = (await one.backOffice.read(`/billing/cases/${one.caseId}`)) as object;
    expect(money).toMatchObject({ payer: 'EMPLOYER', status: 'SIGNED', quote: { doctorId }, settled: true });
    const asked = (await one.seenBy(one.employee)).body;
    expect(asked).toMatchObject({ phase: 'REPORT_WITH_EMPLOYEE', doctorId });
    expect(JSON.stringify(asked.milestones)).not.toContain('QUOTE_');
    expect((await one.seenBy(doctor)).body).toMatchObject({ phase: 'REPORT_WITH_EMPLOYEE' });
    expect((await one.seenBy(world.user('third-doctor'))).status).toBe(404);

    await one.does('reporting', one.employee, 'request-factual-correction', { version: 1, correction: 'Correctiex' });
    await one.correct();
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 2 });
    await one.moveBy(3);
    await one.settle();
    await one.does('reporting', one.ownDoctor, 'record-follow-up', { adoption: 'FULL', motivation: 'x'.repeat(40) });
    await one.settle();
    expect((await one.seenBy(one.employee)).body).toMatchObject({ outcome: 'RELEASED_ADOPTED', phase: 'CLOSED' });
    const happened = await types(one);
    const times = (type: string) => happened.filter((each) => each === type).length;
    expect(['ConsultationHeld', 'InvoiceIssued', 'CaseClosed'].map(times)).toEqual([1, 1, 1]);
  });

  it('A16 BR-19 a correction that its doctor may not write any more holds up nobody: the employee decides on what he has, and gets the correction when it comes', async () => {
    const one = await examined();
    const doctor = world.user('second-doctor');
    await one.report();
    await one.does('reporting', one.employee, 'request-factual-correction', { version: 1, correction: 'Correctiex' });
    await registered(one, await today(one));
    await one.moveBy(1);
    await one.settle();
    for (const [command, body] of [
      ['correct-report', REPORT],
      ['reject-correction', { reason: 'Dit is geen feit.' }],
    ] as const) {
      const tried = await one.on('reporting', doctor, command, body);
      expect([tried.status, tried.body.code]).toEqual([409, 'reporting.doctor-not-registered']);
    }
    expect(await tasksOf(one)).toEqual([]);
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 1 });
    await one.moveBy(3);
    await one.settle();
    await one.does('reporting', one.ownDoctor, 'record-follow-up', { adoption: 'FULL', motivation: 'x'.repeat(40) });
    await one.settle();
    expect((await one.seenBy(one.employee)).body).toMatchObject({ outcome: 'RELEASED_ADOPTED', phase: 'CLOSED' });

    await registered(one, '2099-12-31');
    await one.correct();
    await one.does('reporting', one.employee, 'grant-release-consent', { version: 2 });
    await one.moveBy(3);
    await one.settle();
    const released = (await one.history()).filter(({ type }) => type === 'ReportReleased');
    expect(released).toHaveLength(2);
  });

  it('A15 BR-19 a doctor whose registration ends after the consultation: the back office has the task, and another takes over', async () => {
    const one = await examined();
    await registered(one, await today(one));
    expect(await tasksOf(one)).not.toContain('ReassignAssignment');
    await one.moveBy(1);
    await one.settle();
    const tried = await one.on('reporting', world.user('second-doctor'), 'finalise-report-for-review', REPORT);
    expect([tried.status, tried.body.code]).toEqual([409, 'reporting.doctor-not-registered']);
    expect(await tasksOf(one)).toContain('ReassignAssignment');
    await one.does('intake', one.backOffice, 'reassign-assignment', { cause: 'DOCTOR_NOT_REGISTERED' });
    await one.settle();
    expect(await tasksOf(one)).not.toContain('ReassignAssignment');
    expect((await one.seenBy(one.employee)).body.doctorId).toBe(world.idOf('third-doctor'));
  });

  it('the log holds what the rules say', async () => {
    await server.end('SIGTERM');
    expect(caseFaults(await eventsOf(server))).toEqual([]);
  });
});
