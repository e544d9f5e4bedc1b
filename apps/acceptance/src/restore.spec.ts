import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { CONTEXTS } from '@second-opinion/contracts';
import { CasePlay, employeeNamed, wishOf, type World } from '@second-opinion/standalone/play';
import { doubled, historyFaults } from './invariants';
import { Standalone } from './process';
import { openSeals } from './seals';
import { Operator } from './services/operator';
import { PATIENCE_MS } from './start';
import { eventsOf, rowsOf } from './storage';

jest.setTimeout(PATIENCE_MS);

const [LOG, ACCESS_LOG, KEYS] = ['second-opinion.db', 'access-log.db', 'keys.db'] as const;

// The order of infra/README.md, on stores that can be copied one by one while commands come: what points comes before what it points at.
describe('stores that are copied one after another while the program works', () => {
  let server: Standalone;
  let world: World;
  let play: CasePlay;
  let acknowledged = 0;

  beforeAll(async () => {
    server = await Standalone.start();
    world = server.world();
    await world.load();
    await world.openAgendas(30);
    play = new CasePlay(world, employeeNamed('restored', 'R. Teruggezet'));
    await play.upToAppointment();
    let over = false;
    const load = wishes(() => over);
    await copied('right', [LOG, ACCESS_LOG, KEYS]);
    await copied('wrong', [KEYS, ACCESS_LOG, LOG]);
    over = true;
    await load;
    await server.end('SIGTERM');
  });
  afterAll(() => server?.stop());

  const wishes = async (over: () => boolean) => {
    const doctor = world.user('own-doctor');
    for (let number = 1; !over(); number++) {
      await doctor.does('/intake/cases', wishOf(employeeNamed(`load-${number}`, `Naam ${number}`)));
      acknowledged++;
    }
  };
  const copied = async (folder: string, files: readonly string[]) => {
    mkdirSync(path.join(server.dataDir, folder));
    for (const file of files) {
      const source = new DatabaseSync(path.join(server.dataDir, file), { readOnly: true });
      await backup(source, path.join(server.dataDir, folder, file));
      source.close();
      const enough = acknowledged + 5;
      while (acknowledged < enough) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const restored = (folder: string) => {
    for (const file of readdirSync(server.dataDir))
      if (/\.db(-\w+)?$/.test(file)) rmSync(path.join(server.dataDir, file));
    for (const file of [LOG, ACCESS_LOG, KEYS])
      copyFileSync(path.join(server.dataDir, folder, file), path.join(server.dataDir, file));
  };
  const settled = () => world.user('back-office').does('/demo/settle');

  it('lack keys for good when these were copied first', async () => {
    restored('wrong');
    const { failures } = await openSeals(server);
    expect(failures.length).toBeGreaterThan(0);
    expect(new Set(failures)).toEqual(new Set(['key-missing']));
  });

  it('open every seal when the keys were copied last; views are made again, and the case goes on', async () => {
    restored('right');
    const { opened, failures } = await openSeals(server);
    expect(failures).toEqual([]);
    expect(opened).toBeGreaterThan(10);
    const log = await eventsOf(server);
    expect(await new Operator(server).rebuild('standalone')).toMatchObject({ code: 0, stderr: '' });
    await server.launch();
    await settled();
    expect(await play.auditor.read(`/records/cases/${play.caseId}/verification`)).toMatchObject({ whole: true });
    await play.authorise();
    await play.toEndOfAppointment();
    await settled();
    await server.end('SIGTERM');
    const events = await eventsOf(server);
    expect(events.length).toBeGreaterThan(log.length);
    expect(doubled(events)).toEqual([]);
    expect(historyFaults(events)).toEqual([]);
  });
});

describe('npm run rebuild, on files', () => {
  let server: Standalone;
  let world: World;

  beforeAll(async () => {
    server = await Standalone.start();
    world = server.world();
    await world.load();
    await world.openAgendas(30);
    await new CasePlay(world, employeeNamed('rebuilt', 'H. Herbouwd')).upToAppointment();
    await world.user('back-office').does('/demo/settle');
  });
  afterAll(() => server?.stop());

  it('refuses while the program runs', async () => {
    const { code, stdout, stderr } = await new Operator(server).rebuild('standalone');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Another process works on this DATA_DIR[^\n]*\n$/);
  });

  it('drops the views of every context, says so, and the next start makes them again, the same', async () => {
    await server.end('SIGTERM');
    const [before, log] = [await rowsOf(server), await eventsOf(server)];
    const { code, stdout, stderr } = await new Operator(server).rebuild('standalone');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const context of CONTEXTS)
      expect(stdout).toMatch(new RegExp(`^${context}: \\d+ views and the places in the log are dropped\\.$`, 'm'));
    expect(Object.values(await rowsOf(server)).flat()).toEqual([]);
    await server.launch();
    await world.user('back-office').does('/demo/settle');
    await server.end('SIGTERM');
    expect(await rowsOf(server)).toEqual(before);
    expect(await eventsOf(server)).toHaveLength(log.length);
  });
});
