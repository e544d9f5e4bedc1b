import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPorts, settingsFrom } from '@second-opinion/service';
import { Keks } from '@second-opinion/vault';
import { Program } from '../program';
import { PATIENCE_MS } from '../start';

jest.setTimeout(PATIENCE_MS);

const ENGINES = ['EVENTSTOREDB_URL', 'KAFKA_BROKERS', 'MONGODB_URL'] as const;
type Variable = (typeof ENGINES)[number];

// Services that share an engine must have the same engines, and the same files besides: each would miss half of what the others write.
describe('services that share an engine', () => {
  const folders: string[] = [];
  const programs: Program[] = [];
  let namespace: string;
  beforeEach(() => (namespace = `t${randomBytes(5).toString('hex')}`));
  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.end('SIGTERM')));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  const files = () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'second-opinion-other-files-'));
    Keks.load({ folder: path.join(folder, 'keks') });
    folders.push(folder);
    return folder;
  };
  const envOf = (dataDir: string, engines: readonly Variable[]) => ({
    ...{ DEPLOYMENT: 'test', NAMESPACE: namespace, DATA_DIR: dataDir },
    ...Object.fromEntries(
      engines.map((variable) => {
        const url = process.env[variable];
        if (url === undefined) throw new Error(`${variable} is not there: npm run engines prints what belongs here`);
        return [variable, url];
      }),
    ),
  });
  const service = (name: string, dataDir: string, ...engines: readonly Variable[]) => {
    const program = new Program(name, envOf(dataDir, engines));
    programs.push(program);
    return program;
  };
  const expectRefused = async (program: Program) => {
    await expect(program.launch()).rejects.toThrow(`${program.app} ended with 1: `);
    expect(program.output).toMatch(
      /^The other services of this deployment have other files or other engines: give all of them the same engines [^\n]* and the same DATA_DIR \(other-files \{\}\)\.\n$/,
    );
  };

  it.each(ENGINES)(
    'at %s start on the same files, and are refused on others with what to do about it',
    async (engine) => {
      const first = files();
      await service('intake', first, engine).launch();
      await service('scheduling', first, engine).launch();
      await expectRefused(service('reporting', files(), engine));
    },
  );

  const [EVENTS, BUS, VIEWS] = ENGINES;
  it.each([
    [[BUS], [BUS, VIEWS]],
    [[BUS, VIEWS], [BUS]],
    [[BUS, EVENTS], [BUS]],
    [
      [BUS, EVENTS],
      [BUS, VIEWS],
    ],
    [ENGINES, [BUS]],
    [[BUS], ENGINES],
  ] as const)('at KAFKA_BROKERS alone, the first with %p, are refused with %p', async (first, second) => {
    const dataDir = files();
    await service('intake', dataDir, ...first).launch();
    await expectRefused(service('scheduling', files(), ...second));
    await service('reporting', dataDir, ...first).launch();
  });

  it('at KAFKA_BROKERS alone and start at once with others are not both let in', async () => {
    const both = [service('intake', files(), BUS, VIEWS), service('scheduling', files(), BUS, EVENTS)];
    const outcomes = await Promise.allSettled(both.map((program) => program.launch()));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.map(({ output }) => output).join('')).toContain('(other-files {})');
  });

  it('at KAFKA_BROKERS claim there at their next start where an earlier version has done so in MongoDB only', async () => {
    const dataDir = files();
    const id = randomUUID();
    await writeFile(path.join(dataDir, 'deployment-id'), id);
    const env = envOf(dataDir, [VIEWS]);
    const earlier = await openPorts(settingsFrom(env, dataDir), { name: 'intake', whole: false });
    const [inMongo] = earlier.claims;
    await inMongo?.make(`${id} beside kafka, mongoDb`);
    await earlier.close();
    await service('intake', dataDir, BUS, VIEWS).launch();
    await service('scheduling', dataDir, BUS, VIEWS).launch();
    await expectRefused(service('reporting', dataDir, BUS));
  });
});
