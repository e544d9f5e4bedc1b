import { Readable } from 'node:stream';
import { PARKED_VIEW } from '@second-opinion/message-bus/kafka';
import { CasePlay, employeeNamed, type World } from '@second-opinion/standalone/play';
import { doubled, historyFaults } from '../invariants';
import { openSeals } from '../seals';
import { Services } from '../services';
import { PATIENCE_MS } from '../start';
import { eventsOf, inside, parkedIn, rowsOf } from '../storage';
import { Operator } from './operator';

jest.setTimeout(PATIENCE_MS);

const SERVICE = 'reporting';

// The operators' word on real engines: the database that holds the views of a service also holds what nobody could make again.
describe('a service that is rebuilt', () => {
  let services: Services;
  let world: World;
  let play: CasePlay;
  let operator: Operator;

  beforeAll(async () => {
    services = await Services.start();
    operator = new Operator(services);
    world = services.world();
    await world.load();
    play = new CasePlay(world, employeeNamed('rebuilt', 'H. Herbouwd'));
    await play.upToAppointment();
    await play.authorise();
  });
  afterAll(() => services?.stop());

  /** kept: what the service has besides, and has nowhere else: a document, and where groups began or what is parked. */
  const kept = (document: string) =>
    inside(services, SERVICE, async ({ views, documents }) => {
      await views.declare(PARKED_VIEW);
      const rows: string[] = [];
      for await (const row of views.all(PARKED_VIEW.name)) rows.push(JSON.stringify(row));
      return { document: await documents.has(document), rows };
    });

  it('is not rebuilt while it runs, and goes on', async () => {
    const { code, stdout, stderr } = await operator.rebuild(SERVICE);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^(The service runs: stop all replicas of it first|Another process works)[^\n]*\n$/);
    expect((await world.user('back-office').read('/demo/clock')) as object).toHaveProperty('now');
  });

  it('loses its views and places alone, and has the same ones after the next start', async () => {
    await play.settle();
    await services.end('SIGTERM');
    const { id } = await inside(services, SERVICE, ({ documents }) =>
      documents.put(Readable.from([Buffer.from('sealed')]), { maxBytes: 100 }),
    );
    const [rows, log, before] = [await rowsOf(services), await eventsOf(services), await kept(id)];
    const ran = await operator.rebuild(SERVICE);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^reporting: \d+ views and the places in the log are dropped\.\n/);
    expect(await kept(id)).toEqual(before);
    expect(before.document).toBe(true);
    if (services.env['KAFKA_BROKERS'] !== undefined)
      expect(before.rows).toContainEqual(expect.stringContaining('"kind":"begin"'));
    const emptied = await rowsOf(services);
    for (const [view, left] of Object.entries(emptied))
      expect({ view, left: left.length }).toEqual({ view, left: view.startsWith(SERVICE) ? 0 : rows[view]?.length });
    await inside(services, SERVICE, async ({ views }) => {
      expect(await views.checkpoint('reporting.publisher.reporting.events.v1')).toBeUndefined();
    });
    await services.launch();
    await play.settle();
    await services.end('SIGTERM');
    expect(await rowsOf(services)).toEqual(rows);
    expect(await eventsOf(services)).toHaveLength(log.length);
  });

  it('goes on with its cases when every service is rebuilt, with every seal open and nothing parked', async () => {
    for (const { app } of services.programs) expect(await operator.rebuild(app)).toMatchObject({ code: 0 });
    await services.launch();
    await play.toEndOfAppointment();
    await play.settle();
    await services.end('SIGTERM');
    const events = await eventsOf(services);
    expect([doubled(events), historyFaults(events), await parkedIn(services)]).toEqual([[], [], []]);
    expect((await openSeals(services)).failures).toEqual([]);
  });
});
