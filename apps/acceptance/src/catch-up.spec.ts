import { CONTEXTS } from '@second-opinion/contracts';
import { CasePlay, employeeNamed, type World } from '@second-opinion/standalone/play';
import { Standalone } from './process';
import { PATIENCE_MS } from './start';
import { dropViews, eventsOf, rowsOf, type Rows } from './storage';

jest.setTimeout(PATIENCE_MS);

/** BESIDE: what the program says when views lie so far behind that processes of their own catch them up; here, one event. */
const BESIDE = 'views are caught up beside the program';

describe('views that lie far behind', () => {
  let server: Standalone;
  let world: World;
  let before: Rows;
  let log: number;

  beforeAll(async () => {
    server = await Standalone.start({ CATCH_UP_PROCESSES_FROM: '1', LOG_LEVEL: 'info' });
    world = server.world();
    await world.load();
    await world.openAgendas(30);
    for (const name of ['one', 'two']) await new CasePlay(world, employeeNamed(name, `Naam ${name}`)).upToAppointment();
    await settled();
    await server.end('SIGTERM');
    before = await rowsOf(server);
    log = (await eventsOf(server)).length;
  });
  afterAll(() => server.stop());

  const settled = () => world.user('back-office').does('/demo/settle');
  const expectSame = async () => {
    await settled();
    expect(await server.end('SIGTERM')).toBe(0);
    const after = await rowsOf(server);
    for (const [view, rows] of Object.entries(before)) expect({ view, rows: after[view] }).toEqual({ view, rows });
    expect(await eventsOf(server)).toHaveLength(log);
  };

  it('are caught up beside the program, equal row by row, and it goes on with them', async () => {
    expect(server.output).not.toContain(BESIDE);
    await dropViews(server);
    await server.launch();
    await expectSame();
    const said = server.output.split('\n').filter((line) => line.includes(BESIDE));
    const contexts = said.flatMap((line) => (JSON.parse(line) as { contexts: string[] }).contexts);
    expect(contexts.sort()).toEqual([...CONTEXTS].sort());
  });

  it('are the same when the program is killed meanwhile, and when it is stopped', async () => {
    await dropViews(server);
    await server.launch();
    await server.end('SIGKILL');
    await server.launch();
    expect(await server.end('SIGTERM')).toBe(0);
    await server.launch();
    await expectSame();
  });

  it.each([
    ['they lie less far behind', '1000000'],
    ['it is told so', '0'],
  ])('are caught up by the program itself when %s', async (_, from) => {
    await dropViews(server);
    const said = server.output.length;
    await server.launch({ CATCH_UP_PROCESSES_FROM: from });
    await expectSame();
    expect(server.output.slice(said)).not.toContain(BESIDE);
  });

  it('keep nobody from his commands, which they then show too', async () => {
    await dropViews(server);
    await server.launch();
    await new CasePlay(world, employeeNamed('three', 'Naam three')).wish();
    await settled();
    await server.end('SIGTERM');
    const known = Object.values(before).flat().length;
    [before, log] = [await rowsOf(server), (await eventsOf(server)).length];
    expect(Object.values(before).flat().length).toBeGreaterThan(known);
    await dropViews(server);
    await server.launch({ CATCH_UP_PROCESSES_FROM: '0' });
    await expectSame();
  });
});
