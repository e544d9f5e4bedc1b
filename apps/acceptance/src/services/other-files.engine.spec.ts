import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Keks } from '@second-opinion/vault';
import { Program } from '../program';
import { PATIENCE_MS } from '../start';

jest.setTimeout(PATIENCE_MS);

const ENGINES = ['EVENTSTOREDB_URL', 'KAFKA_BROKERS', 'MONGODB_URL'] as const;

// Services that share one engine and have the rest in files must have the same files: each would miss half of what the others write.
describe.each(ENGINES)('services that share only the engine at %s', (variable) => {
  const folders: string[] = [];
  const programs: Program[] = [];
  let shared: Readonly<Record<string, string>>;
  beforeEach(() => {
    const url = process.env[variable];
    if (url === undefined) throw new Error(`${variable} is not there: npm run engines prints what belongs here`);
    shared = { DEPLOYMENT: 'test', NAMESPACE: `t${randomBytes(5).toString('hex')}`, [variable]: url };
  });
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
  const service = (name: string, dataDir: string) => {
    const program = new Program(name, { ...shared, DATA_DIR: dataDir });
    programs.push(program);
    return program;
  };

  it('start on the same files, and are refused on others with what to do about it', async () => {
    const first = files();
    await service('intake', first).launch();
    await service('scheduling', first).launch();
    const refused = service('reporting', files());
    await expect(refused.launch()).rejects.toThrow('reporting ended with 1: ');
    expect(refused.output).toMatch(
      /^The other services of this deployment have other files or other engines: give all of them the same engines [^\n]* and the same DATA_DIR \(other-files \{\}\)\.\n$/,
    );
  });
});
