import { readFileSync } from 'node:fs';
import { header, newestMailTo, type CasePlay } from '@second-opinion/standalone/play';
import { caseFaults } from './case-invariants';
import { doubled, historyFaults, mailFaults, openCases, seriesFaults, textOf } from './invariants';
import { olderData, olderPlays, olderVersions, unpack } from './older-data';
import { Standalone } from './process';
import { filesIn } from './proofs-no-trace';
import { everyGet, sweep } from './proofs-sweep';
import { PATIENCE_MS } from './start';
import { dropRows, eventsOf, parkedIn, rowsOf } from './storage';
import { openSeals } from './seals';
import { Wanderer } from './wander';
import { Dice } from './wander-dice';
import { Fates } from './wander-fates';
import { Hours } from './wander-hours';
import { NoticingWorld } from './wander-world';

jest.setTimeout(PATIENCE_MS);

/** ROLES that ask for everything there is about the older cases. */
const ROLES = ['own-doctor', 'second-doctor', 'back-office', 'auditor', 'privacy-officer'] as const;

const worldOf = (server: Standalone) =>
  new NoticingWorld(server.url, (address) => newestMailTo(server.mailDir, address, 'code='));

describe.each(olderVersions())('what a version of %s stored', (version) => {
  describe('is gone on with', () => {
    let server: Standalone;
    let world: NoticingWorld;
    let plays: ReadonlyMap<string, CasePlay>;
    let left: Awaited<ReturnType<typeof eventsOf>>;

    beforeAll(async () => {
      server = await Standalone.start({}, (dataDir) => unpack(version, dataDir));
      world = worldOf(server);
      plays = olderPlays(version, world);
      await world.user('back-office').does('/demo/settle');
      await server.end('SIGTERM');
      left = await eventsOf(server);
    });
    afterAll(() => server?.stop());

    it('with keys that open every seal, nothing parked, and views like those of a rebuild', async () => {
      expect(await openSeals(server)).toMatchObject({ failures: [] });
      expect(await parkedIn(server)).toEqual([]);
      const before = await rowsOf(server);
      expect(Object.values(before).flat().length).toBeGreaterThan(100);
      await dropRows(server);
      await server.launch();
      await world.user('back-office').does('/demo/settle');
      await server.end('SIGTERM');
      const after = await rowsOf(server);
      for (const [view, rows] of Object.entries(before)) expect({ view, rows: after[view] }).toEqual({ view, rows });
      expect(await eventsOf(server)).toHaveLength(left.length);
    });

    it('shows everybody what is his, and the auditor histories that are whole', async () => {
      await server.launch();
      const caseId = [...plays.values()].map((play) => play.caseId);
      const personId = [...plays.values()].map((play) => play.personId).filter((id) => id !== '');
      for (const role of ROLES) {
        const user = world.user(role);
        await sweep(user, await everyGet(user, { caseId, personId }));
      }
      for (const { employee } of plays.values()) expect((await employee.get('/intake/cases')).status).toBe(200);
      expect(world.takeWrong()).toEqual([]);
      for (const { auditor, caseId: id } of plays.values())
        expect(await auditor.read(`/records/cases/${id}/verification`)).toMatchObject({ whole: true });
    });

    it('and every case is brought to its end by what is asked for', async () => {
      for (const play of plays.values()) if (play.personId === '') await redeemed(play, world);
      for (const [point, play] of plays) {
        const dice = new Dice(1);
        const wanderer = new Wanderer(play, dice, new Hours(world, false), new Fates(play, dice, 0));
        const ended = await wanderer.end(0);
        expect({ point, ended, faults: wanderer.faults }).toEqual({ point, ended: true, faults: [] });
      }
      expect(world.takeWrong()).toEqual([]);
      await world.user('back-office').does('/demo/settle');
      await server.end('SIGTERM');
      await holds(server);
      const events = await eventsOf(server);
      expect(openCases(events)).toEqual([]);
      expect(events.slice(0, left.length)).toEqual(left);
    });
  });

  it('is gone on with after a month in which terms passed: each is acted upon once', async () => {
    const server = await Standalone.start({}, (dataDir) => unpack(version, dataDir, 31));
    try {
      await worldOf(server).user('back-office').does('/demo/settle');
      const plays = olderPlays(version, worldOf(server));
      const blocked = plays.get('blocked');
      expect((await blocked?.backOffice.read(`/intake/cases/${blocked.caseId}`))?.outcome).toBe('NOT_RELEASED');
      await server.end('SIGTERM');
      const log = (await eventsOf(server)).length;
      const released = (await eventsOf(server)).filter(({ type }) => type === 'ReportReleased');
      expect(released.map(({ stream }) => stream)).toEqual([`reporting.file-${plays.get('consented')?.caseId}`]);
      await holds(server);
      await server.launch();
      await worldOf(server).user('back-office').does('/demo/settle');
      await server.end('SIGTERM');
      expect(await eventsOf(server)).toHaveLength(log);
    } finally {
      await server.stop();
    }
  });

  /** holds: what must hold of every log, and no mail that the older version had sent is sent again. */
  async function holds(server: Standalone): Promise<void> {
    const events = await eventsOf(server);
    expect(doubled(events)).toEqual([]);
    expect(historyFaults(events)).toEqual([]);
    expect(seriesFaults(events)).toEqual([]);
    expect(caseFaults(events)).toEqual([]);
    expect(await parkedIn(server)).toEqual([]);
    const { now } = olderData(version);
    const sent = events.filter(({ type, metadata }) => type === 'DeliverySucceeded' && metadata.recordedAt <= now);
    const before = events.filter(
      ({ type, stream }) => type === 'DeliveryAttempted' && sent.some((one) => one.stream === stream),
    );
    const mails = filesIn(server.mailDir).map((file) => header(readFileSync(file, 'utf8'), 'message-id'));
    expect(mails.length).toBeGreaterThan(0);
    expect(mailFaults(events, [...new Set(before.map((event) => textOf(event, 'header'))), ...mails])).toEqual([]);
  }
});

/** redeemed: his invitation could not be mailed by the older version, and is tried again within the hour. */
async function redeemed(play: CasePlay, world: NoticingWorld): Promise<void> {
  await play.moveBy(1 / 24);
  await play.settle();
  const code = await world.codeFor(play.who.address);
  play.personId = (await play.employee.does('/intake/persons/redeem-invitation', { code })).id as string;
  await play.settle();
}
