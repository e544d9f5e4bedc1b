import { CasePlay, employeeNamed, mailsTo, type World } from '@second-opinion/standalone/play';
import type { Deployment } from './deployment';
import { PATIENCE_MS, startWorld } from './start';

jest.setTimeout(PATIENCE_MS);

const WORKING_WEEK = 8;
const HOLIDAYS = 4;

// Who cannot be reached, because his address was mistyped or because he does not respond (section 3): no case stands still for ever.
describe('employees who cannot be reached', () => {
  let server: Deployment;
  let world: World;
  let count = 0;

  beforeAll(async () => {
    ({ server, world } = await startWorld());
  }, PATIENCE_MS);
  afterAll(() => server.stop());

  const play = async (): Promise<CasePlay> => {
    await world.openAgendas(20);
    const number = ++count;
    return new CasePlay(world, employeeNamed(`unreached-${number}`, `Zoekx${number} Bereikx`));
  };
  /** recorded: the wish with this name and address; nobody has used the invitation yet. */
  const recorded = async (one: CasePlay, name: string, address: string): Promise<void> => {
    const { birthDate } = one.who;
    const employee = { name, birthDate, contact: address, channel: 'email', language: 'nl', declaredPrivate: true };
    const wish = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '97', employee };
    one.caseId = ((await one.ownDoctor.does('/intake/cases', wish)) as { id: string }).id;
    await one.settle();
    one.personId = ((await one.seenBy(one.ownDoctor)).body as { employeeId: string }).employeeId;
  };
  const byDay = async (one: CasePlay, days: number) => {
    for (let day = 0; day < days; day++) {
      await one.moveBy(1);
      await one.settle();
    }
  };
  const tasksOf = async (user: CasePlay['ownDoctor'], context: string, one: CasePlay) =>
    ((await user.read(`/${context}/tasks?limit=200`)).items as { task: string; about: string }[])
      .filter(({ about }) => about === one.caseId)
      .map(({ task }) => task);
  const told = async (one: CasePlay) => {
    const { items } = await one.auditor.read(`/notification/log/${one.caseId}?limit=200`);
    return (items as { template: string }[]).map(({ template }) => template);
  };
  const types = async (one: CasePlay) => (await one.history()).map(({ type }) => type);

  it('a mistyped name and address: the own doctor corrects them, the stranger’s code is worth nothing, and the case goes on', async () => {
    const one = await play();
    const { name, birthDate, address } = one.who;
    const astray = `tikfout-${address}`;
    await recorded(one, name.replace('Zoekx', 'Zeokx'), astray);
    const code = await world.codeFor(astray);
    const person = `/intake/persons/${one.personId}`;
    const contact = { contact: address, channel: 'email', language: 'nl', declaredPrivate: true };
    await one.ownDoctor.does(`${person}/correct-identity`, { name, birthDate });
    await one.ownDoctor.does(`${person}/correct-contact-data`, contact);
    await one.settle();
    const stranger = world.user({ subject: 'stranger', role: 'employee', organisation: 'none' });
    expect((await stranger.post('/intake/persons/redeem-invitation', { code })).body).toMatchObject({
      code: 'intake.invitation-invalid',
    });
    await one.employee.does('/intake/persons/redeem-invitation', { code: await world.codeFor(address) });
    await one.settle();
    const late = await one.ownDoctor.post(`${person}/correct-contact-data`, { ...contact, contact: astray });
    expect(late.body).toMatchObject({ code: 'intake.person-linked' });
    expect(await one.employee.read('/intake/me')).toMatchObject({ name, birthDate, contact: address, linked: true });
    await one.prepare();
    await one.choose();
    await one.submit();
    expect(mailsTo(server.mailDir, astray)).toHaveLength(1);
    expect((await one.seenBy(one.employee)).body.phase).toBe('SUBMITTED');
  });

  it('nobody uses the invitation: three attempts over five working days, then the own doctor ends the case', async () => {
    const one = await play();
    await recorded(one, one.who.name, one.who.address);
    await one.prepare();
    await one.does('intake', one.ownDoctor, 'honour-request');
    await byDay(one, WORKING_WEEK);
    const mails = mailsTo(server.mailDir, one.who.address);
    expect(mails).toHaveLength(3);
    expect(mails.join()).not.toMatch(/second opinion|bedrijfsarts|aanvraag/i);
    expect(await told(one)).toEqual(['N23-unreachable']);
    expect(await tasksOf(one.ownDoctor, 'intake', one)).toContain('EndForUnreachableEmployee');
    await one.does('intake', one.ownDoctor, 'end-for-unreachable-employee');
    await one.settle();
    expect((await one.seenBy(one.auditor)).body).toMatchObject({ phase: 'CLOSED', outcome: 'NO_SHOW' });
    expect(await tasksOf(one.ownDoctor, 'intake', one)).toEqual([]);
    expect(await types(one)).not.toContain('InvoiceIssued');
  });

  it('cancelled and never chosen again: reminded twice more, then the back office ends the case; only the cancellation costs', async () => {
    const one = await play();
    await one.upToAppointment();
    const { startsAt } = await one.appointment();
    await one.moveTo(new Date(Date.parse(`${startsAt}:00Z`) - 6 * 3_600_000).toISOString());
    await one.does('scheduling', one.employee, 'cancel-appointment');
    await one.settle();
    await byDay(one, WORKING_WEEK);
    expect((await told(one)).filter((template) => template === 'N09-rebook')).toHaveLength(2);
    expect(await tasksOf(one.backOffice, 'scheduling', one)).toContain('EndWithoutAppointment');
    await one.does('scheduling', one.backOffice, 'end-without-appointment');
    await one.settle();
    expect((await one.seenBy(one.employee)).body).toMatchObject({ phase: 'CLOSED', outcome: 'NO_SHOW' });
    expect((await one.seenBy(one.ownDoctor)).body.outcome).toBe('NOT_HELD');
    const { invoices } = await one.backOffice.read(`/billing/cases/${one.caseId}`);
    expect(invoices).toMatchObject([{ charge: 'LATE_CANCELLATION' }]);
    expect(await tasksOf(one.backOffice, 'scheduling', one)).toEqual([]);
  });

  it('with a login, but chooses no doctor: reminded twice in neutral words, then the own doctor ends the case, and the employee hears it', async () => {
    const one = await play();
    await recorded(one, one.who.name, one.who.address);
    await one.employee.does('/intake/persons/redeem-invitation', { code: await world.codeFor(one.who.address) });
    await one.settle();
    await one.prepare();
    await one.does('intake', one.ownDoctor, 'honour-request');
    await one.does('intake', one.ownDoctor, 'propose-doctors', { doctorIds: [world.idOf('second-doctor')] });
    await byDay(one, WORKING_WEEK + HOLIDAYS);
    const unanswered = ['N01-answer-due', 'N01-answer-due', 'N01-silent', 'N19-choice-overdue'];
    expect((await told(one)).sort()).toEqual(unanswered);
    expect(mailsTo(server.mailDir, one.who.address).join()).not.toMatch(/second opinion|bedrijfsarts|aanvraag/i);
    expect(await tasksOf(one.ownDoctor, 'intake', one)).toContain('EndForUnreachableEmployee');
    await one.does('intake', one.ownDoctor, 'end-for-unreachable-employee');
    await one.settle();
    expect((await one.seenBy(one.employee)).body).toMatchObject({ phase: 'CLOSED', outcome: 'NO_SHOW' });
    expect((await told(one)).sort()).toEqual([
      'N01-answer-due',
      'N01-answer-due',
      'N01-ended-unanswered',
      ...unanswered.slice(2),
    ]);
    expect(await tasksOf(one.ownDoctor, 'intake', one)).toEqual([]);
  });
});
