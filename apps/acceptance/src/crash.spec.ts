import { type CasePlay, employeeNamed, header, wishOf, type User } from '@second-opinion/standalone/play';
import { ImpatientPlay, killed, seeded, WatchedWorld, type Acknowledged } from './crash-clients';
import { StoppedLog, type Stored } from './crash-log';
import { folderMails, newestTo, smtpMails, type Mails } from './crash-mails';
import { Standalone } from './process';

// CRASH_KILLS and CRASH_CASES make it longer; CRASH_SEED plays the same moments again.
const KILLS = Number(process.env['CRASH_KILLS'] ?? 8);
const CASES = Number(process.env['CRASH_CASES'] ?? 4);
const SEED = Number(process.env['CRASH_SEED'] ?? 20_261_124);

jest.setTimeout(120_000 + KILLS * 15_000);

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

  it('every acknowledged command is in the history of its case exactly once', () => {
    const events = new StoppedLog(server.dataDir).events();
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(doubled(events)).toEqual([]);
    const history = historiesIn(events);
    const noted = new Set(history.keys());
    const ofCases = events.filter((event) => ofCase(event));
    expect(ofCases.filter(({ id }) => !noted.has(id))).toEqual([]);
    expect([...history].filter(([, count]) => count !== 1)).toEqual([]);
    expect(noted.size).toBe(ofCases.length);
    expect(lost(world.witness.acknowledged, events)).toEqual([]);
  });

  it('every number series is without gap, and every case has one invoice', () => {
    const invoices = new StoppedLog(server.dataDir).events().filter(({ type }) => type === 'InvoiceIssued');
    expect(invoices.map(({ data }) => data['place'])).toEqual(invoices.map((_, index) => index + 1));
    expect(new Set(invoices.map(({ data }) => data['caseId'])).size).toBe(CASES);
    expect(invoices).toHaveLength(CASES);
  });

  it('every mail is there, with one Message-ID per event, recipient and template', () => {
    const events = new StoppedLog(server.dataDir).events();
    const planned = events.filter(({ type }) => type === 'NotificationPlanned');
    const matters = planned.map(({ data }) => [data['eventId'], data['recipientId'], data['template']].join(' '));
    expect(new Set(matters).size).toBe(planned.length);
    const headers = headersByMessage(events);
    expect([...headers.values()].filter((each) => each.size !== 1)).toEqual([]);
    const sent = events.filter(({ type }) => type === 'DeliverySucceeded').map(({ stream }) => stream);
    const expected = sent.flatMap((stream) => [...(headers.get(stream) ?? [])]);
    const arrived = mails.all(server.dataDir).map((mail) => header(mail, 'message-id'));
    expect([...new Set(arrived)].sort()).toEqual([...expected].sort());
    expect(repeated(arrived).filter((id) => !leftUnknown(events, headers, id))).toEqual([]);
  });

  it('nothing is parked, and every view equals a rebuild', async () => {
    const log = new StoppedLog(server.dataDir);
    expect(log.parked()).toBe(0);
    await server.launch();
    await settled(world);
    await server.end('SIGTERM');
    const before = log.views();
    expect([...before.values()].some((rows) => rows.length > 0)).toBe(true);
    log.forgetViews();
    await server.launch();
    await settled(world);
    await server.end('SIGTERM');
    const after = log.views();
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [name, rows] of before) expect({ name, rows: after.get(name) }).toEqual({ name, rows });
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
      const events = new StoppedLog(server.dataDir).events();
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
  return new WatchedWorld(server.url, (address) => newestTo(() => mails.all(server.dataDir), address, 'code='));
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

/** wishes records one wish after another, with what an own doctor does next, until told to stop. */
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

/** doubled: one command that appended to one stream in two places. */
function doubled(events: readonly Stored[]): readonly string[] {
  const places = new Map<string, number[]>();
  for (const { stream, revision, metadata } of events) {
    const name = `${stream} ${metadata['commandId']}`;
    places.set(name, [...(places.get(name) ?? []), revision]);
  }
  return [...places]
    .filter(([name, revisions]) => !name.startsWith('records.') && !consecutive(revisions))
    .map(([name]) => name);
}

function consecutive(revisions: readonly number[]): boolean {
  return revisions.every((revision, index) => index === 0 || revision === (revisions[index - 1] ?? 0) + 1);
}

/** ofCase: events that belong to a case, by what they say about themselves; the histories are about them, not of them. */
function ofCase({ stream, metadata, data }: Stored): boolean {
  if (stream.startsWith('records.history-')) return false;
  return Boolean(metadata['caseId'] ?? data['caseId']);
}

/** historiesIn counts, for every event that a history names, how often. */
function historiesIn(events: readonly Stored[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type, data } of events) {
    if (type !== 'HistoryEntryAdded') continue;
    const id = String(data['eventId']);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** lost: what was acknowledged and is not there as often as it was. */
function lost(acknowledged: readonly Acknowledged[], events: readonly Stored[]): readonly string[] {
  const there = new Map<string, number>();
  for (const { stream, type, metadata } of events) {
    if (metadata['actorRole'] === 'system') continue;
    const name = `${stream.slice(stream.indexOf('-') + 1)} ${type}`;
    there.set(name, (there.get(name) ?? 0) + 1);
  }
  const told = new Map<string, number>();
  for (const { id, happened, path } of acknowledged) {
    if (path.startsWith('/demo/')) continue;
    for (const type of happened) told.set(`${id} ${type}`, (told.get(`${id} ${type}`) ?? 0) + 1);
  }
  return [...told]
    .filter(([name, count]) => there.get(name) !== count)
    .map(([name, count]) => `${name}: told ${count}`);
}

function headersByMessage(events: readonly Stored[]): ReadonlyMap<string, ReadonlySet<string>> {
  const headers = new Map<string, Set<string>>();
  for (const { stream, type, data } of events) {
    if (type !== 'DeliveryAttempted') continue;
    const known = headers.get(stream) ?? new Set();
    headers.set(stream, known.add(String(data['header'])));
  }
  return headers;
}

function repeated(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}

/** leftUnknown: a repeat is only right where a crash left the outcome open, and that is written down. */
function leftUnknown(
  events: readonly Stored[],
  headers: ReadonlyMap<string, ReadonlySet<string>>,
  id: string,
): boolean {
  return events.some(({ stream, type }) => type === 'DeliveryOutcomeUnknown' && headers.get(stream)?.has(id));
}
