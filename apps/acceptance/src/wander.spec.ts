import { readFileSync } from 'node:fs';
import { header, newestMailTo } from '@second-opinion/standalone/play';
import { agendaFaults } from './agenda-invariants';
import { caseFaults } from './case-invariants';
import type { Deployment } from './deployment';
import { doubled, historyFaults, openCases, seriesFaults } from './invariants';
import { filesIn } from './proofs-no-trace';
import { PATIENCE_MS, startDeployment } from './start';
import { accessesOf, dropViews, eventsOf, parkedIn, rowsOf } from './storage';
import { openedFaults, termFaults, toldFaults } from './told-invariants';
import type { WanderedCase } from './wander-case';
import { Outing } from './wander-outing';
import { openTasks } from './wander-tasks';
import { NoticingWorld } from './wander-world';

// Cases that no script knows: each is decided by its seed. WANDER_SEED is the first, WANDER_CASES how many; WANDER_FROM is when the first
// begins (a failure says it), because holidays and weekends decide too.
const SEED = Number(process.env['WANDER_SEED'] ?? 1);
const CASES = Number(process.env['WANDER_CASES'] ?? 14);
const FROM = process.env['WANDER_FROM'];
/** IN_ONE_WORLD: so many cases one after another, because business time only moves forward. */
const IN_ONE_WORLD = 20;
const DAYS_AFTER = [20, 20, 20, 20];

jest.setTimeout(PATIENCE_MS + IN_ONE_WORLD * 30_000);

const worlds = Array.from({ length: Math.ceil(CASES / IN_ONE_WORLD) }, (_, index) => SEED + index * IN_ONE_WORLD);

describe.each(worlds)('wandering cases, the first with WANDER_SEED=%i', (first) => {
  const seeds = Array.from({ length: Math.min(IN_ONE_WORLD, SEED + CASES - first) }, (_, index) => first + index);
  const cases: WanderedCase[] = [];
  let server: Deployment;
  let world: NoticingWorld;

  beforeAll(async () => {
    server = await startDeployment();
    world = new NoticingWorld(server.url, (address) => newestMailTo(server.mailDir, address, 'code='));
    await world.load();
  }, PATIENCE_MS);
  afterAll(() => server.stop());

  const holds = (faults: readonly string[]) => {
    if (faults.length > 0) throw new Error(faults.join('\n\n'));
  };
  it('each reaches its end by what the product asks for, and is refused in proper words where it goes astray', async () => {
    for (const seed of seeds) {
      const outing = new Outing(world, seed);
      await outing.played(seed === SEED ? FROM : undefined);
      cases.push(...outing.cases);
    }
    holds(cases.flatMap((one) => one.report()));
  });

  const termsRun = async () => {
    for (const days of DAYS_AFTER) {
      await cases[0]?.play.moveBy(days);
      await cases[0]?.play.settle();
    }
    return openTasks(
      world,
      cases.map(({ play: { employee } }) => employee),
    );
  };

  it('when all terms have run every case is closed, and nobody has anything to do about it but what stays', async () => {
    const open = await termsRun();
    for (const one of cases) await one.afterAll(open);
    for (const one of cases) await one.owed(open);
    holds(cases.flatMap((one) => one.report()));
  });

  it('the log of every case holds what the rules say', async () => {
    await server.end('SIGTERM');
    const events = await eventsOf(server);
    const ofCases = new Set(cases.map(({ play: { caseId } }) => caseId));
    const left = openCases(events).filter((stream) => ofCases.has(stream.slice(stream.indexOf('-') + 1)));
    const log = [
      ...doubled(events),
      ...historyFaults(events),
      ...seriesFaults(events),
      ...left,
      ...(await parkedIn(server)),
    ];
    const found = [
      ...caseFaults(events),
      ...agendaFaults(events),
      ...toldFaults(events),
      ...termFaults(events),
      ...openedFaults(events, await accessesOf(server)),
    ];
    const ofNone = found.filter((fault) => !cases.some(({ play: { caseId } }) => fault.includes(caseId)));
    const about = cases.flatMap((one) => one.report(found.filter((fault) => fault.includes(one.play.caseId))));
    holds([...log, ...ofNone, ...about]);
    const mails = filesIn(server.mailDir).map((file) => readFileSync(file, 'utf8'));
    expect(mails.length).toBeGreaterThan(cases.length);
    expect(mails.filter((mail) => header(mail, 'to').includes('werkgever.example'))).toEqual([]);
  });

  it('all views dropped and rebuilt are equal row by row', async () => {
    const before = await rowsOf(server);
    await dropViews(server);
    await server.launch();
    await cases[0]?.play.settle();
    await server.end('SIGTERM');
    const after = await rowsOf(server);
    const differ = Object.keys(before).filter((view) => JSON.stringify(before[view]) !== JSON.stringify(after[view]));
    expect(differ).toEqual([]);
  });
});
