import { BILLING_TOPIC, INTAKE_TOPIC, REPORTING_TOPIC, SCHEDULING_TOPIC } from '@second-opinion/contracts';
import { testContext, type TestContext } from '@second-opinion/nest/testing';
import { agenda as agendaDecider } from './agenda.decider';
import { SchedulingModule } from './scheduling.module';
import { aSlot, slotSought, taken } from './testing';

const DOCTOR = 'doctor-so';
const DAY = '2026-12-03';
const agenda = (date = DAY, doctorId = DOCTOR) => `/scheduling/agendas/${doctorId}/${date}`;
const appointmentUrl = (caseId = 'case-1') => `/scheduling/appointments/${caseId}`;
const appointmentStream = (caseId = 'case-1') => `scheduling.appointment-${caseId}`;
const agendaStream = (date = DAY) => `scheduling.agenda-${DOCTOR}.${date}`;

let app: TestContext;
beforeEach(async () => {
  app = await testContext(SchedulingModule);
  await app.listen(SCHEDULING_TOPIC);
});
afterEach(() => app.close());

async function aLocation(over: object = {}): Promise<string> {
  const house = {
    name: 'Vergaderhuis Centrum',
    address: 'Stationsplein 1, 3511 ED Utrecht',
    region: '35',
    organisationId: 'house-owner',
    premises: 'NEUTRAL',
    ...over,
  };
  const answer = await app.as('back-office').post('/scheduling/locations', house);
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}
/** openDay opens `count` slots of 90 minutes from nine o'clock. */
async function openDay(count = 1, date = DAY, locationId?: string): Promise<void> {
  const until = Temporal.PlainTime.from('09:00').add({ minutes: 90 * count });
  const answer = await app.as('second-opinion-doctor', DOCTOR).post(`${agenda(date)}/open-agenda-day`, {
    locationId: locationId ?? (await aLocation()),
    slotMinutes: 90,
    blocks: [{ from: `${date}T09:00`, until: `${date}T${until.toString({ smallestUnit: 'minute' })}` }],
  });
  expect(answer.body).toMatchObject({ happened: ['AgendaSlotsOpened'] });
}
const offer = (caseId = 'case-1', round = 1, doctorId = DOCTOR) =>
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
  });
async function request(caseId = 'case-1', employeeId = 'person-1'): Promise<void> {
  await app.publish(INTAKE_TOPIC, caseId, 'SecondOpinionRequestSubmitted', {
    caseId,
    caseNumber: 'SO-0123456789',
    subject: 'AbsenceGuidance',
    employeeId,
    ownDoctorId: 'doctor-own',
    ownOrganisationId: 'ohs-own',
    doctorId: DOCTOR,
    contracted: true,
    employerAgreed: false,
    region: '35',
    submittedAt: app.clock.now(),
  });
  await offer(caseId);
}
async function signAndConfirm(caseId = 'case-1'): Promise<void> {
  await app.publish(INTAKE_TOPIC, caseId, 'IndependenceConfirmed', { caseId, doctorId: DOCTOR, round: 1 });
  await app.publish(BILLING_TOPIC, caseId, 'QuoteSigned', {
    caseId,
    quoteId: `quote-${caseId}`,
    doctorId: DOCTOR,
    signedAt: app.clock.now(),
  });
  await app.settled();
}
async function confirmedCase(caseId = 'case-1', employeeId = 'person-1'): Promise<void> {
  await request(caseId, employeeId);
  await app.settled();
  await signAndConfirm(caseId);
}
const register = (registeredUntil?: string) =>
  app.publish(INTAKE_TOPIC, DOCTOR, 'DoctorRegistered', {
    doctorId: DOCTOR,
    registerName: 'A. Arts',
    registrationNumber: '19012345601',
    organisationId: 'service-first',
    secondOpinionDoctor: true,
    region: '35',
    ...(registeredUntil === undefined ? {} : { registeredUntil }),
    contact: 'seal',
    language: 'nl',
  });
const backOfficeTasks = async () =>
  ((await app.as('back-office').get('/scheduling/tasks')).body as { items: { task: string }[] }).items
    .map(({ task }) => task)
    .sort();
const freeRow = async (date: string) => {
  const days = (await app.as('back-office').get(`/scheduling/agendas/${DOCTOR}`)).body as {
    items: { date: string; slots: { slotId: string; status: string }[] }[];
  };
  return days.items.find((day) => day.date === date)?.slots.find(({ status }) => status === 'FREE');
};
const told = () => app.told().map(({ type }) => type);
const lastTold = (type: string) => app.told().findLast((message) => message.type === type)?.data;
const see = async (
  role: 'employee' | 'back-office' | 'company-doctor' | 'second-opinion-doctor',
  id: string,
  caseId = 'case-1',
) => (await app.as(role, id).get(appointmentUrl(caseId))).body as Record<string, unknown>;
const freeSlots = async (caseId = 'case-1') =>
  (
    (await app.as('back-office').get(`${appointmentUrl(caseId)}/slots`)).body as {
      items: { slotId: string; date: string }[];
    }
  ).items;

describe('from the offered assignment to the appointment', () => {
  it('BR-28 the offer reserves the first slot, signature and independence make it an appointment', async () => {
    await openDay(2);
    await request();
    await app.settled();
    expect(told()).toEqual(['SlotReserved']);
    expect(lastTold('SlotReserved')).toMatchObject({ startsAt: `${DAY}T09:00`, expiresAt: '2026-12-01T08:00:00.000Z' });
    expect(await see('employee', 'person-1')).toEqual({ caseId: 'case-1', status: 'RESERVED', noShows: 0 });
    await signAndConfirm();
    expect(told()).toEqual(['SlotReserved', 'AppointmentConfirmed']);
    expect(await see('employee', 'person-1')).toMatchObject({
      status: 'CONFIRMED',
      startsAt: `${DAY}T09:00`,
      sequence: 0,
    });
    expect(await see('company-doctor', 'doctor-own')).toEqual({ caseId: 'case-1', consultation: 'NOT_HELD' });
  });

  it('every message twice changes nothing', async () => {
    await openDay(2);
    const twice = async () => {
      for (const id of ['a', 'b']) {
        await app.publish(
          BILLING_TOPIC,
          'case-1',
          'QuoteSigned',
          { caseId: 'case-1', quoteId: 'q', doctorId: DOCTOR, signedAt: app.clock.now() },
          `sign-${id}`,
        );
        await request();
        await app.publish(
          INTAKE_TOPIC,
          'case-1',
          'IndependenceConfirmed',
          { caseId: 'case-1', doctorId: DOCTOR, round: 1 },
          `independent-${id}`,
        );
      }
    };
    await twice();
    await app.settled();
    await twice();
    await app.settled();
    expect(told()).toEqual(['SlotReserved', 'AppointmentConfirmed']);
    expect((await app.events(agendaStream())).map(({ type }) => type)).toEqual(['AgendaSlotsOpened', 'SlotTaken']);
  });

  it('without hours there is no slot: told once, and reserved as soon as a day is opened', async () => {
    await request();
    await app.settled();
    expect(told()).toEqual(['NoSlotWithinSla']);
    const tasks = await app.as('back-office').get('/scheduling/tasks');
    expect(tasks.body).toMatchObject({ items: [{ task: 'OpenAgendaDay', about: 'case-1' }] });
    await openDay();
    await app.settled();
    expect(told()).toEqual(['NoSlotWithinSla', 'SlotReserved']);
    expect((await app.as('back-office').get('/scheduling/tasks')).body).toMatchObject({ items: [] });
  });

  it('BR-30 never at the service of the own doctor, the nearest house first', async () => {
    await openDay(1, '2026-12-01', await aLocation({ organisationId: 'ohs-own', premises: 'OHS' }));
    await openDay(1, '2026-12-02', await aLocation({ region: '97' }));
    await openDay(1, '2026-12-03', await aLocation({ region: '35' }));
    app.clock.advanceTo('2026-11-25T09:00:01.000Z');
    await request();
    await app.settled();
    // The usual seven days end on Wednesday 2 December at ten: the far house is within them, the near one is not.
    expect(lastTold('SlotReserved')).toMatchObject({ startsAt: '2026-12-02T09:00' });
    expect((await freeSlots()).map(({ date }) => date)).toEqual(['2026-12-03']);
  });

  it('a declined assignment frees the slot for the next doctor and for others', async () => {
    await openDay();
    await request();
    await request('case-2', 'person-2');
    await app.settled();
    const first = (await app.events(appointmentStream())).some(({ type }) => type === 'SlotReserved')
      ? 'case-1'
      : 'case-2';
    const second = first === 'case-1' ? 'case-2' : 'case-1';
    await app.publish(INTAKE_TOPIC, first, 'AssignmentDeclined', {
      caseId: first,
      doctorId: DOCTOR,
      round: 1,
      cause: 'DECLINED',
    });
    await app.settled();
    expect(
      app
        .told()
        .filter(({ type }) => type !== 'NoSlotWithinSla')
        .map(({ type, data }) => [type, (data as { caseId: string }).caseId]),
    ).toEqual([
      ['SlotReserved', first],
      ['SlotReleased', first],
      ['SlotReserved', second],
    ]);
  });

  it('the reservation ends two working days before: another day is reserved before the old one is freed', async () => {
    await openDay();
    await openDay(1, '2026-12-10');
    await request();
    await app.settled();
    app.clock.advanceTo('2026-12-01T08:00:00.000Z');
    await app.settled();
    expect(told()).toEqual(['SlotReserved', 'SlotReserved', 'SlotReleased']);
    expect((await app.events(agendaStream())).map(({ type }) => type)).toEqual([
      'AgendaSlotsOpened',
      'SlotTaken',
      'SlotFreed',
    ]);
    expect(lastTold('SlotReserved')).toMatchObject({ startsAt: '2026-12-10T09:00' });
  });

  it('a quote that expires frees the slot; a withdrawal cancels the appointment and frees it', async () => {
    await openDay(2);
    await request();
    await app.publish(BILLING_TOPIC, 'case-1', 'QuoteIssued', {
      caseId: 'case-1',
      quoteId: 'q',
      round: 1,
      doctorId: DOCTOR,
      netCents: 1,
      vatCents: 1,
      totalCents: 2,
      vatTreatment: 'STANDARD_21',
      payer: 'EMPLOYER',
      termsVersion: 't',
      explanationVersion: 'e',
      validUntil: '2026-12-09T09:00:00.000Z',
      issuedAt: app.clock.now(),
    });
    await confirmedCase('case-2', 'person-2');
    await app.publish(BILLING_TOPIC, 'case-1', 'QuoteExpired', { caseId: 'case-1', quoteId: 'q' });
    await app.publish(REPORTING_TOPIC, 'case-2', 'RequestWithdrawn', {
      caseId: 'case-2',
      withdrawnAt: app.clock.now(),
      consultationHeld: false,
    });
    await app.settled();
    expect(told().filter((type) => type !== 'SlotReserved')).toEqual(
      expect.arrayContaining(['AppointmentConfirmed', 'SlotReleased', 'AppointmentCancelled']),
    );
    expect(lastTold('AppointmentCancelled')).toMatchObject({ caseId: 'case-2', by: 'employee', noticeClass: 'FREE' });
    expect((await app.events(agendaStream())).filter(({ type }) => type === 'SlotFreed')).toHaveLength(2);
  });
});

describe('two at once', () => {
  it('two cases want the last slot: one has it, the other is told and waits', async () => {
    await openDay();
    await Promise.all([request('case-1'), request('case-2', 'person-2')]);
    await app.settled();
    expect(told().sort()).toEqual(['NoSlotWithinSla', 'SlotReserved']);
    expect((await app.events(agendaStream())).filter(({ type }) => type === 'SlotTaken')).toHaveLength(1);
  });

  it('twenty cases and seven slots: seven reservations, no slot twice', async () => {
    await openDay(7);
    const cases = Array.from({ length: 20 }, (_, index) => `case-${index}`);
    await Promise.all(cases.map((caseId) => request(caseId, `person-${caseId}`)));
    await app.settled();
    const reserved = app.told().filter(({ type }) => type === 'SlotReserved') as unknown as {
      data: { caseId: string; startsAt: string };
    }[];
    expect(new Set(reserved.map(({ data }) => data.startsAt)).size).toBe(7);
    expect(new Set(reserved.map(({ data }) => data.caseId)).size).toBe(7);
    expect((await app.events(agendaStream())).filter(({ type }) => type === 'SlotTaken')).toHaveLength(7);
  });

  it('two appointments are moved to the same free slot: one moves, the other is told that it is gone', async () => {
    await openDay(3);
    await confirmedCase('case-1', 'person-1');
    await confirmedCase('case-2', 'person-2');
    const [last] = await freeSlots();
    const move = (caseId: string, person: string) =>
      app
        .as('employee', person)
        .post(`${appointmentUrl(caseId)}/reschedule-appointment`, { date: DAY, slotId: last?.slotId });
    const answers = await Promise.all([move('case-1', 'person-1'), move('case-2', 'person-2')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'scheduling.slot-not-free' });
    await app.settled();
    expect(told().filter((type) => type === 'AppointmentRescheduled')).toHaveLength(1);
    expect(await freeSlots()).toHaveLength(1);
  });
});

describe('a crash between agenda and appointment', () => {
  const noted = [
    {
      type: 'RequestNoted',
      data: {
        employeeId: 'person-1',
        ownDoctorId: 'doctor-own',
        ownOrganisationId: 'ohs-own',
        submittedAt: '2026-11-25T09:00:00.000Z',
      },
    },
    { type: 'AssignmentNoted', data: { doctorId: DOCTOR, round: 1, region: '35' } },
  ];
  /** aLostTake: the agenda gave the second slot of the day to a search, and nobody heard of it. */
  async function aLostTake(takeId: string): Promise<void> {
    const [opened] = await app.events(agendaStream());
    const slot = (opened?.data as { slots: { slotId: string; startsAt: string; endsAt: string }[] }).slots[1];
    await app.given(agendaStream(), [{ type: 'SlotTaken', data: { ...taken({ ...aSlot, ...slot }, takeId) } }]);
  }
  it('a slot taken for a search that goes on: one is reserved, whichever is told first, the other one freed', async () => {
    await openDay(2);
    await app.given(appointmentStream(), [...noted, { type: 'SlotSought', data: { ...slotSought.data } }]);
    await aLostTake('search-1');
    await app.settled();
    expect(told()).toEqual(['SlotReserved']);
    expect(await freeSlots()).toHaveLength(1);
  });

  it('a slot taken for a search that is over is given back', async () => {
    await openDay(2);
    await app.given(appointmentStream(), [
      ...noted,
      { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: app.clock.now() } },
    ]);
    await aLostTake('search-0');
    await app.settled();
    expect((await app.events(agendaStream())).at(-1)?.type).toBe('SlotFreed');
    expect((await app.events(appointmentStream())).at(-1)?.type).toBe('TakenSlotNotNeeded');
    expect(told()).toEqual([]);
  });

  it('a move whose second half was lost is completed', async () => {
    await openDay(2);
    await confirmedCase();
    const [other] = await freeSlots();
    const confirmed = (await app.events(appointmentStream())).find(({ type }) => type === 'AppointmentConfirmed');
    const { takeId: from } = confirmed?.data as { takeId: string };
    const to = { ...aSlot, slotId: other?.slotId ?? '', startsAt: `${DAY}T10:30`, endsAt: `${DAY}T12:00` };
    await app.given(agendaStream(), [{ type: 'SlotTaken', data: { ...taken(to, 'move-1', 'employee'), from } }]);
    await app.settled();
    expect(lastTold('AppointmentRescheduled')).toMatchObject({ startsAt: `${DAY}T10:30`, sequence: 1, by: 'employee' });
    expect((await app.events(agendaStream())).at(-1)?.type).toBe('SlotFreed');
  });

  it('the same request again after a lost answer finds what was done', async () => {
    await openDay(2);
    await confirmedCase();
    const [other] = await freeSlots();
    const again = () =>
      app
        .as('employee', 'person-1')
        .post(
          `${appointmentUrl()}/reschedule-appointment`,
          { date: DAY, slotId: other?.slotId },
          { idempotencyKey: 'move' },
        );
    expect((await again()).body).toMatchObject({ happened: ['AppointmentRescheduled'] });
    await app.settled();
    expect(await again()).toMatchObject({ status: 200, body: { happened: ['AppointmentRescheduled'] } });
    expect(told().filter((type) => type === 'AppointmentRescheduled')).toHaveLength(1);
  });
});

describe('If-Match', () => {
  it('whoever saw an older state moves nothing and takes no slot', async () => {
    await openDay(3);
    await confirmedCase();
    const person = app.as('employee', 'person-1');
    const { headers } = await person.get(appointmentUrl());
    const [first, second] = await freeSlots();
    const move = (slotId: string | undefined) =>
      person.post(
        `${appointmentUrl()}/reschedule-appointment`,
        { date: DAY, slotId },
        { ifMatch: String(headers['etag']) },
      );
    expect((await move(first?.slotId)).status).toBe(200);
    await app.settled();
    expect((await move(second?.slotId)).status).toBe(412);
    await app.settled();
    expect(told().filter((type) => type === 'AppointmentRescheduled')).toHaveLength(1);
    expect(await freeSlots()).toHaveLength(2);
  });
});

describe('the appointment', () => {
  const doctor = () => app.as('second-opinion-doctor', DOCTOR);
  beforeEach(async () => {
    await openDay();
    await openDay(1, '2026-12-10');
    await confirmedCase();
  });

  it('BR-58 the consultation is recorded after its beginning, by the doctor', async () => {
    const url = `${appointmentUrl()}/record-consultation`;
    expect(await doctor().post(url, { durationMinutes: 75 })).toMatchObject({
      status: 409,
      body: { code: 'scheduling.appointment-not-begun' },
    });
    app.clock.advanceTo('2026-12-03T09:30:00.000Z');
    expect((await app.as('back-office').post(url, { durationMinutes: 75 })).status).toBe(403);
    expect((await doctor().post(url, { durationMinutes: 481 })).status).toBe(400);
    expect((await doctor().post(url, { durationMinutes: 110 })).status).toBe(200);
    await app.settled();
    expect(lastTold('ConsultationHeld')).toMatchObject({ durationMinutes: 110, heldAt: '2026-12-03T08:00:00.000Z' });
    expect(await see('company-doctor', 'doctor-own')).toEqual({ caseId: 'case-1', consultation: 'HELD' });
  });

  it('BR-19 and by no doctor whose registration has ended: another one may have to take over', async () => {
    app.clock.advanceTo('2026-12-03T09:30:00.000Z');
    await register('2026-12-01');
    await app.settled();
    expect(await backOfficeTasks()).toEqual(['ReassignAssignment']);
    const url = `${appointmentUrl()}/record-consultation`;
    expect(await doctor().post(url, { durationMinutes: 75 })).toMatchObject({
      status: 409,
      body: { code: 'scheduling.doctor-not-registered', on: '2026-12-03' },
    });
    expect(await doctor().post(`${appointmentUrl()}/abort-consultation`, {})).toMatchObject({ status: 409 });
    await register('2026-12-03');
    await app.settled();
    expect(await backOfficeTasks()).toEqual([]);
    expect((await doctor().post(url, { durationMinutes: 75 })).status).toBe(200);
  });

  it('BR-19 a registration that is shortened moves the appointment before its end, or gives it to another doctor', async () => {
    await openDay(1, '2026-12-01');
    await register('2026-12-01');
    await app.settled();
    expect(told().slice(-3)).toEqual(['AppointmentCancelled', 'SlotReserved', 'AppointmentConfirmed']);
    expect(lastTold('AppointmentConfirmed')).toMatchObject({ startsAt: '2026-12-01T09:00' });
    expect(await freeSlots()).toEqual([]);
    expect(await backOfficeTasks()).toEqual([]);
    const move = { date: '2026-12-10', slotId: (await freeRow('2026-12-10'))?.slotId };
    expect((await app.as('back-office').post(`${appointmentUrl()}/reschedule-appointment`, move)).body).toMatchObject({
      code: 'scheduling.doctor-not-registered',
    });
    await register();
    await app.settled();
    expect(lastTold('AppointmentCancelled')).toMatchObject({ by: 'system', startsAt: '2026-12-01T09:00' });
    expect(await backOfficeTasks()).toEqual(['OpenAgendaDay', 'ReassignAssignment']);
    await register('2027-12-31');
    await app.settled();
    expect(await backOfficeTasks()).toEqual([]);
    expect(lastTold('AppointmentConfirmed')).toMatchObject({ startsAt: '2026-12-01T09:00' });
  });

  it('N05 reminders five days and one day before', async () => {
    app.clock.advanceTo('2026-11-28T08:00:00.000Z');
    await app.settled();
    app.clock.advanceTo('2026-12-02T08:00:00.000Z');
    await app.settled();
    expect(
      app
        .told()
        .filter(({ type }) => type === 'AppointmentReminderDue')
        .map(({ data }) => (data as { daysBefore: number }).daysBefore),
    ).toEqual([5, 1]);
  });

  it('A13 N19 an appointment of which nothing is recorded is told after a working day, until it is', async () => {
    app.clock.advanceTo('2026-12-04T22:59:59.999Z');
    await app.settled();
    expect(await backOfficeTasks()).toEqual([]);
    app.clock.advanceTo('2026-12-04T23:00:00.000Z');
    await app.settled();
    expect(lastTold('ConsultationRecordOverdue')).toEqual({ caseId: 'case-1', dueAt: '2026-12-04T23:00:00.000Z' });
    expect(await backOfficeTasks()).toEqual(['RecordNoShow']);
    expect((await doctor().post(`${appointmentUrl()}/record-consultation`, { durationMinutes: 75 })).status).toBe(200);
    await app.settled();
    expect(await backOfficeTasks()).toEqual([]);
  });

  it('A13 a no-show is rebooked once by itself, the second is final', async () => {
    app.clock.advanceTo('2026-12-03T08:20:00.000Z');
    expect((await doctor().post(`${appointmentUrl()}/record-no-show`, {})).status).toBe(200);
    await app.settled();
    expect(told().slice(-3)).toEqual(['NoShowRecorded', 'SlotReserved', 'AppointmentConfirmed']);
    expect(lastTold('AppointmentConfirmed')).toMatchObject({ startsAt: '2026-12-10T09:00' });
    app.clock.advanceTo('2026-12-10T08:20:00.000Z');
    expect(
      (await app.as('back-office').post(`${appointmentUrl()}/record-no-show`, { illnessProof: true })).status,
    ).toBe(200);
    await app.settled();
    expect(lastTold('NoShowRecorded')).toMatchObject({ count: 2, final: true, illnessProof: true });
    expect(told().filter((type) => type === 'AppointmentConfirmed')).toHaveLength(2);
  });

  it('the employee cancels; the back office plans anew', async () => {
    app.clock.advanceTo('2026-12-02T09:00:00.000Z');
    expect((await app.as('employee', 'person-1').post(`${appointmentUrl()}/cancel-appointment`, {})).status).toBe(200);
    await app.settled();
    expect(lastTold('AppointmentCancelled')).toMatchObject({
      by: 'employee',
      noticeClass: 'WITHIN_24_HOURS',
      noticeHours: 23,
    });
    expect((await app.as('back-office').get('/scheduling/tasks')).body).toMatchObject({
      items: [{ task: 'RescheduleAppointment' }],
    });
    const free = (await freeSlots()).find(({ date }) => date === '2026-12-10');
    const plan = { date: '2026-12-10', slotId: free?.slotId };
    expect((await app.as('back-office').post(`${appointmentUrl()}/reschedule-appointment`, plan)).status).toBe(200);
    await app.settled();
    expect(told().filter((type) => type === 'AppointmentConfirmed')).toHaveLength(2);
  });

  it('section 3: the employee cancels and does not respond: reminded twice more, then the back office may end it', async () => {
    const cancels = await app.as('employee', 'person-1').post(`${appointmentUrl()}/cancel-appointment`, {});
    expect(cancels.status).toBe(200);
    const end = (role: 'back-office' | 'employee' | 'second-opinion-doctor', id: string) =>
      app.as(role, id).post(`${appointmentUrl()}/end-without-appointment`, {});
    const early = await end('back-office', 'office-1');
    expect([early.status, early.body.code]).toEqual([409, 'scheduling.employee-may-answer']);
    for (let days = 0; days < 10; days += 2) {
      app.clock.advanceTo(new Date(Date.parse(app.clock.now()) + 2 * 86_400_000).toISOString());
      await app.settled();
    }
    expect(told().filter((type) => type === 'RebookingReminderDue')).toHaveLength(2);
    expect((await app.as('back-office').get('/scheduling/tasks')).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ task: 'EndWithoutAppointment' })]),
    );
    expect((await end('employee', 'person-1')).status).toBe(403);
    expect((await end('back-office', 'office-1')).status).toBe(200);
    await app.settled();
    expect(lastTold('EndedWithoutAppointment')).toMatchObject({ caseId: 'case-1' });
    expect((await app.as('back-office').get('/scheduling/tasks')).body.items).toEqual([]);
  });

  it('the doctor closes the day: cancelled by him, made anew on another', async () => {
    const days = await doctor().get('/scheduling/agendas/doctor-so');
    const [day] = (days.body as { items: { slots: { slotId: string; status: string }[] }[] }).items;
    const slot = day?.slots[0];
    expect(slot).toMatchObject({ status: 'TAKEN' });
    const close = { slotId: slot?.slotId };
    expect(await doctor().post(`${agenda()}/close-agenda-slot`, close)).toMatchObject({
      status: 409,
      body: { code: 'scheduling.slot-taken' },
    });
    expect((await doctor().post(`${agenda()}/close-agenda-slot`, { ...close, evenIfTaken: true })).status).toBe(200);
    await app.settled();
    expect(lastTold('AppointmentCancelled')).toMatchObject({ by: 'second-opinion-doctor' });
    expect(lastTold('AppointmentConfirmed')).toMatchObject({ startsAt: '2026-12-10T09:00' });
  });

  it('BR-77 the back office closes it: cancelled by the back office, and made anew by itself all the same', async () => {
    const [row] = (
      (await doctor().get('/scheduling/agendas/doctor-so')).body as { items: { slots: { slotId: string }[] }[] }
    ).items;
    const close = { slotId: row?.slots[0]?.slotId, evenIfTaken: true };
    expect((await app.as('back-office').post(`${agenda()}/close-agenda-slot`, close)).status).toBe(200);
    await app.settled();
    expect(lastTold('AppointmentCancelled')).toMatchObject({ by: 'back-office' });
    expect(lastTold('AppointmentConfirmed')).toMatchObject({ startsAt: '2026-12-10T09:00' });
    expect(await backOfficeTasks()).toEqual([]);
  });
});

describe('a house closes', () => {
  const later = '2026-12-10';
  const close = (locationId: string, from: string) =>
    app.as('back-office').post(`/scheduling/locations/${locationId}/close-location`, { from });
  it('BR-29 what is planned there is planned elsewhere, new hours are refused, and the back office sees it', async () => {
    const [closing, staying] = [await aLocation(), await aLocation({ name: 'Huis Oost' })];
    await openDay(1, DAY, closing);
    await openDay(2, later, closing);
    await openDay(1, '2026-12-11', staying);
    for (const name of ['case-1', 'case-2']) await confirmedCase(name, `person-${name}`);
    expect((await close(closing, later)).body).toMatchObject({ happened: ['LocationClosed'] });
    await app.settled();
    expect(told().slice(-3)).toEqual(['AppointmentCancelled', 'SlotReserved', 'AppointmentConfirmed']);
    expect(lastTold('AppointmentCancelled')).toMatchObject({ caseId: 'case-2', by: 'back-office' });
    expect(lastTold('AppointmentConfirmed')).toMatchObject({ caseId: 'case-2', locationId: staying });
    expect(await see('employee', 'person-case-1')).toMatchObject({ status: 'CONFIRMED', startsAt: `${DAY}T09:00` });
    expect(await freeRow(later)).toBeUndefined();
    const hours = {
      locationId: closing,
      slotMinutes: 60,
      blocks: [{ from: `${later}T14:00`, until: `${later}T15:00` }],
    };
    const refused = await app.as('back-office').post(`${agenda(later)}/open-agenda-day`, hours);
    expect(refused.body).toMatchObject({ code: 'scheduling.location-closed' });
    const { items } = (await app.as('back-office').get('/scheduling/locations')).body as { items: object[] };
    expect(items).toContainEqual(expect.objectContaining({ locationId: closing, closedFrom: later }));
  });
  it('BR-29 hours that were opened while it closed go too', async () => {
    const closing = await aLocation();
    expect((await close(closing, later)).status).toBe(200);
    const { slotId, doctorId, startsAt: _from, endsAt: _until, ...place } = aSlot;
    const slots = [{ slotId, startsAt: `${later}T09:00`, endsAt: `${later}T10:30` }];
    const data = { doctorId, date: later, ...place, locationId: closing, slots };
    await app.given(agendaStream(later), [{ type: 'AgendaSlotsOpened', data }]);
    await app.settled();
    expect((await app.events(agendaStream(later))).map(({ type }) => type)).toEqual([
      'AgendaSlotsOpened',
      'SlotClosed',
    ]);
  });
  it('BR-29 also when it closes at the same instant: the hours were decided while it was open', async () => {
    const closing = await aLocation();
    const { events } = app.platform;
    const append = events.append.bind(events);
    events.append = async (stream, ...rest) => {
      if (stream === agendaStream(later)) {
        events.append = append;
        await close(closing, later);
        await app.settled();
      }
      return append(stream, ...rest);
    };
    await openDay(2, later, closing);
    await app.settled();
    expect((await app.events(agendaStream(later))).map(({ type }) => type)).toEqual([
      'AgendaSlotsOpened',
      'SlotClosed',
      'SlotClosed',
    ]);
  });
  it('of a house that stays open no agenda is read again', async () => {
    const staying = await aLocation();
    await openDay(1, later, staying);
    await app.settled();
    const reads = jest.spyOn(agendaDecider.decide, 'CloseSlotsOfLocation');
    await openDay(1, '2026-12-11', staying);
    await app.settled();
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
  });
  it('by the back office alone, and only one that there is', async () => {
    const from = { from: later };
    const url = `/scheduling/locations/${await aLocation()}/close-location`;
    expect((await app.as('second-opinion-doctor', DOCTOR).post(url, from)).status).toBe(403);
    expect((await close('unknown', later)).body).toMatchObject({ code: 'scheduling.no-such-location' });
  });
});

describe('who may', () => {
  const told = ({ status, body }: { status: number; body: Record<string, unknown> }) => ({
    status,
    body: { ...body, requestId: 'differs' },
  });
  beforeEach(async () => {
    await openDay();
    await confirmedCase();
  });
  it('strangers get the same answer whether or not there is a case (BR-40)', async () => {
    for (const role of ['employee', 'company-doctor', 'second-opinion-doctor', 'employer', 'court'] as const) {
      const seen = await app.as(role, 'stranger').get(appointmentUrl());
      const unseen = await app.as(role, 'stranger').get(appointmentUrl('case-none'));
      expect(told(seen)).toEqual(told(unseen));
      expect(seen.status).toBe(404);
      const act = await app.as(role, 'stranger').post(`${appointmentUrl()}/cancel-appointment`, {});
      const nothing = await app.as(role, 'stranger').post(`${appointmentUrl('case-none')}/cancel-appointment`, {});
      expect(told(act)).toEqual(told(nothing));
    }
  });
  it('BR-38 the own doctor changes nothing, and his ETag stays whatever happens to the appointment', async () => {
    const own = app.as('company-doctor', 'doctor-own');
    expect((await own.post(`${appointmentUrl()}/cancel-appointment`, {})).status).toBe(403);
    expect((await own.get(`${appointmentUrl()}/slots`)).status).toBe(403);
    const before = await own.get(appointmentUrl());
    await app.as('employee', 'person-1').post(`${appointmentUrl()}/cancel-appointment`, {});
    await app.publish(INTAKE_TOPIC, 'case-1', 'RequestWithdrawn', { caseId: 'case-1', withdrawnAt: app.clock.now() });
    await app.settled();
    const after = await own.get(appointmentUrl());
    expect([after.headers['etag'], after.body]).toEqual([before.headers['etag'], before.body]);
    expect((await own.get('/scheduling/appointments')).body).toEqual({ items: [before.body] });
  });
  it('houses and hours: the back office, and a doctor his own', async () => {
    const house = { name: 'x', address: 'y', region: '35', organisationId: 'o', premises: 'NEUTRAL' };
    expect((await app.as('second-opinion-doctor', DOCTOR).post('/scheduling/locations', house)).status).toBe(403);
    expect(
      (await app.as('back-office').post('/scheduling/locations', { ...house, premises: 'EMPLOYER' })).body,
    ).toMatchObject({ code: 'scheduling.location-not-neutral' });
    expect((await app.as('second-opinion-doctor', 'other').get('/scheduling/agendas/doctor-so')).status).toBe(403);
    expect((await app.as('back-office').get('/scheduling/agendas/doctor-so')).body).toMatchObject({
      items: [{ date: DAY }],
    });
    expect((await app.as('back-office').get('/scheduling/locations')).body).toMatchObject({
      items: [{ region: '35' }],
    });
    const open = { locationId: 'unknown', slotMinutes: 60, blocks: [{ from: `${DAY}T14:00`, until: `${DAY}T15:00` }] };
    expect((await app.as('back-office').post(`${agenda()}/open-agenda-day`, open)).body).toMatchObject({
      code: 'scheduling.no-such-location',
    });
    expect((await app.as('second-opinion-doctor', 'other').post(`${agenda()}/open-agenda-day`, open)).status).toBe(403);
    expect((await app.nobody.get('/scheduling/tasks')).status).toBe(401);
  });
});
