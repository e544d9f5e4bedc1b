import { setTimeout as pause } from 'node:timers/promises';
import { type CasePlay, employeeNamed, header, wishOf, type User } from '@second-opinion/standalone/play';
import { ImpatientPlay, killed, seeded, WatchedWorld } from './crash-clients';
import { folderMails, newestTo, smtpMails, type Mails } from './crash-mails';
import { doubled, historyFaults, lost, mailFaults, seriesFaults, textOf, undelivered } from './invariants';
import { Standalone } from './process';
import { dropViews, eventsOf, parkedIn, rowsOf } from './storage';

// CRASH_KILLS and CRASH_CASES make it longer; CRASH_SEED plays the same moments again.
const KILLS = Number(process.env['CRASH_KILLS'] ?? 8);
const CASES = Number(process.env['CRASH_CASES'] ?? 4);
const SEED = Number(process.env['CRASH_SEED'] ?? 20_261_124);
/** MAIL_WITHIN_MS somebody who plays a case waits for his invitation before he is invited again. */
const MAIL_WITHIN_MS = 40_000;

jest.setTimeout(180_000 + KILLS * 15_000);

describe.each([
  ['the folder of mails', () => Promise.resolve(folderMails())],
  ['a mail server', smtpMails],
])(`killed at random moments (seed ${SEED}), with %s`, (_, startMails: () => Promise<Mails>) => {
  let mails: Mails;
  let server: Standalone;
  let world: WatchedWorld;

  beforeAll(async () => {
    mails = await startMails();
    server = await Standalone.start(mails.env);
    world = watched(server, mails);
    await world.load();
    await world.openAgendas(30);
    await underKills(world, server);
    await anHourLater(world);
    await server.end('SIGTERM');
  });
  afterAll(async () => {
    await server.stop();
    await mails.stop();
  });

  it('was really killed over clients that were at work, and never answered with an error of its own', () => {
    expect(world.witness.unanswered).toBeGreaterThan(0);
    expect(world.witness.failures).toEqual([]);
  });

  it('every acknowledged command is in the history of its case exactly once', async () => {
    const events = await eventsOf(server);
    expect(doubled(events)).toEqual([]);
    expect(historyFaults(events)).toEqual([]);
    expect(lost(world.witness.acknowledged, events)).toEqual([]);
  });

  it('every number series is without gap, and every case has one invoice', async () => {
    const events = await eventsOf(server);
    expect(seriesFaults(events)).toEqual([]);
    const invoices = events.filter(({ type }) => type === 'InvoiceIssued');
    expect(new Set(invoices.map((invoice) => textOf(invoice, 'caseId'))).size).toBe(CASES);
    expect(invoices).toHaveLength(CASES);
  });

  it('every mail is there, with one Message-ID per event, recipient and template', async () => {
    const arrived = mails.all(server.dataDir).map((mail) => header(mail, 'message-id'));
    expect(arrived.length).toBeGreaterThan(CASES);
    const events = await eventsOf(server);
    expect(mailFaults(events, arrived)).toEqual([]);
    expect(undelivered(events)).toEqual([]);
  });

  it('nothing is parked, every view equals a rebuild, and what is told again changes nothing', async () => {
    expect(await parkedIn(server)).toEqual([]);
    await server.launch();
    await settled(world);
    await server.end('SIGTERM');
    const [before, log] = [await rowsOf(server), await eventsOf(server)];
    expect(Object.values(before).some((rows) => rows.length > 0)).toBe(true);
    await dropViews(server);
    await server.launch();
    await settled(world);
    await server.end('SIGTERM');
    const after = await rowsOf(server);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [name, rows] of Object.entries(before)) expect({ name, rows: after[name] }).toEqual({ name, rows });
    expect((await eventsOf(server)).slice(log.length).map(({ type }) => type)).toEqual([]);
  });
});

describe('killed after it had created something', () => {
  it('gives the same again under the same key, of somebody new and of somebody known, and another under another', async () => {
    const server = await Standalone.start();
    const world = server.world();
    try {
      await world.load();
      const doctor = world.user('own-doctor');
      const create = (body: object, key: string) => doctor.does('/intake/cases', body, { key });
      const ofNew = wishOf(employeeNamed('created', 'Naam'));
      const first = await create(ofNew, 'new');
      const wished = (await eventsOf(server)).find(({ stream }) => stream === `intake.case-${first.id as string}`);
      const { employee: _, ...rest } = ofNew as { employee: object };
      const ofKnown = { ...rest, personId: wished && textOf(wished, 'employeeId') };
      const second = await create(ofKnown, 'known');
      await server.end('SIGKILL');
      await server.launch();
      expect(await create(ofKnown, 'known')).toEqual(second);
      expect(await create(ofNew, 'new')).toEqual(first);
      const third = await create(ofKnown, 'later');
      const ids = [first, second, third].map(({ id }) => id as string);
      expect(ids.toSorted()).toEqual(ids);
      await server.end('SIGTERM');
      const events = await eventsOf(server);
      expect(doubled(events)).toEqual([]);
      const since = events.filter(({ position }) => Number(position) >= Number(wished?.position));
      const wishes = since.filter(({ type }) => type === 'SecondOpinionWishRecorded');
      expect(wishes.map(({ stream }) => stream)).toEqual(ids.map((id) => `intake.case-${id}`));
    } finally {
      await server.stop();
    }
  });
});

describe('stopped with SIGTERM under load', () => {
  it('answers nothing with 5xx, ends with 0, and loses nothing', async () => {
    const mails = folderMails();
    const server = await Standalone.start(mails.env);
    const world = watched(server, mails);
    try {
      await world.load();
      for (let round = 1; round <= 2; round++) {
        let stopping = false;
        const clients = Array.from({ length: 6 }, (_, index) =>
          wishes(world, `term-${round}-${index}`, () => stopping),
        );
        await atWork(world, 20 * round);
        const exit = await server.end('SIGTERM');
        stopping = true;
        expect(exit).toBe(0);
        await server.launch();
        await Promise.all(clients);
      }
      await settled(world);
      await server.end('SIGTERM');
      const events = await eventsOf(server);
      expect(world.witness.failures).toEqual([]);
      expect(world.witness.putOff).toEqual([]);
      expect(doubled(events)).toEqual([]);
      expect(lost(world.witness.acknowledged, events)).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});

function watched(server: Standalone, mails: Mails): WatchedWorld {
  return new WatchedWorld(server.url, (address) =>
    newestTo(() => mails.all(server.dataDir), address, 'code=', MAIL_WITHIN_MS),
  );
}

/** underKills plays whole cases up to the invoice while the program is killed again and again. */
async function underKills(world: WatchedWorld, server: Standalone): Promise<void> {
  const random = seeded(SEED);
  const half = Math.ceil(KILLS / 2);
  const plays = Array.from({ length: CASES }, (_, index) => played(world, index));
  const begin = (play: CasePlay) => play.upToAppointment().then(() => play.authorise());
  await amidWishes(world, 'before', [...plays.map(begin), killed(server, random, half)]);
  for (const play of plays) await play.toEndOfAppointment();
  await amidWishes(world, 'after', [...plays.map(reported), killed(server, random, KILLS - half)]);
}

/** amidWishes: other clients are at work too, until this is done; moving the clock waits for silence, so they stop then. */
async function amidWishes(world: WatchedWorld, name: string, work: readonly Promise<void>[]): Promise<void> {
  let over = false;
  const beside = Array.from({ length: 3 }, (_, index) => wishes(world, `${name}-${index}`, () => over));
  await Promise.all([Promise.all(work).finally(() => (over = true)), ...beside]);
}

function played(world: WatchedWorld, index: number): CasePlay {
  return new ImpatientPlay(world, employeeNamed(`crash-${index}`, `Naam ${index}`));
}

async function reported(play: CasePlay): Promise<void> {
  await play.does('scheduling', play.world.user('second-doctor'), 'record-consultation', { durationMinutes: 75 });
  await play.settle();
  await play.report();
}

/** wishes records one wish after another, with what an own doctor does next, until told to stop; with a pause, since mails leave more slowly than machines ask. */
async function wishes(world: WatchedWorld, name: string, over: () => boolean): Promise<void> {
  const doctor = world.user('own-doctor');
  for (let number = 1; !over(); number++) {
    const who = employeeNamed(`${name}-${number}`, `Naam ${name} ${number}`);
    const { id } = (await doctor.does('/intake/cases', wishOf(who))) as { id: string };
    await acts(doctor, id, 'explain-non-suspension', {});
    await acts(doctor, id, 'describe-request', {
      subject: 'AbsenceGuidance',
      firstAdviceOn: '2026-10-01',
      doubt: 'Ik twijfel of het opbouwschema past.',
      questions: 'Is een rustiger opbouw beter?',
    });
    await pause(100);
  }
}

async function acts(user: User, caseId: string, command: string, body: object): Promise<void> {
  await user.does(`/intake/cases/${caseId}/${command}`, body);
}

/** atWork resolves when so many commands were acknowledged. */
async function atWork(world: WatchedWorld, commands: number): Promise<void> {
  const enough = world.witness.acknowledged.length + commands;
  while (world.witness.acknowledged.length < enough) await new Promise((resolve) => setImmediate(resolve));
}

/** anHourLater: what a crash left open was repeated by then. */
async function anHourLater(world: WatchedWorld): Promise<void> {
  const office = world.user('back-office');
  await settled(world);
  const { now } = (await office.read('/demo/clock')) as { now: string };
  await office.does('/demo/clock', { to: new Date(Date.parse(now) + 3_600_000).toISOString() });
}

async function settled(world: WatchedWorld): Promise<void> {
  await world.user('back-office').does('/demo/settle');
}
