import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addKekVersion, Keks } from '@second-opinion/vault';
import { Program } from '../program';

jest.setTimeout(900_000);

const WAIT_SECONDS = 2;
/** WITHIN_MS: the wait itself, and what loading a program takes on a busy machine. */
const WITHIN_MS = 300_000;

/** closedPort gives a port of this machine on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// What keeps a program from starting is said in one sentence on stderr, with exit code 1, and nothing is changed.
describe('a program that cannot start', () => {
  let dataDir: string;
  const programs: Program[] = [];
  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'second-opinion-refusals-'));
    Keks.load({ folder: path.join(dataDir, 'keks') });
  });
  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.end('SIGKILL')));
    rmSync(dataDir, { recursive: true, force: true });
  });

  const program = (app: string, env: Readonly<Record<string, string>> = {}) => {
    const one = new Program(app, {
      ...{ DEPLOYMENT: 'test', DATA_DIR: dataDir, ENGINES_WAIT_SECONDS: String(WAIT_SECONDS) },
      ...env,
    });
    programs.push(one);
    return one;
  };
  const refused = async (app: string, sentence: RegExp, env: Readonly<Record<string, string>> = {}) => {
    const one = program(app, env);
    await expect(one.launch()).rejects.toThrow(`${app} ended with 1: `);
    expect(one.output.trimEnd().split('\n')).toHaveLength(1);
    expect(one.output).toMatch(sentence);
  };

  const fileOf = (kek: string) => path.join(dataDir, 'keks', `${kek}.kek`);
  const sentenceOf = (beginning: RegExp, kek: string) =>
    new RegExp(`${beginning.source}.*"category":"${kek.toUpperCase()}"`);

  it.each([
    ['EVENTSTOREDB_URL', (port: number) => `esdb://127.0.0.1:${port}?tls=false`, /^No EventStoreDB server answers/],
    [
      'KAFKA_BROKERS',
      (port: number) => `127.0.0.1:${port}`,
      /^Kafka at 127\.0\.0\.1:\d+ did not answer within 2 s\.$/m,
    ],
    [
      'MONGODB_URL',
      (port: number) => `mongodb://127.0.0.1:${port}/?replicaSet=rs0`,
      /^No MongoDB server answers at the hosts of MONGODB_URL/,
    ],
  ])('waits for the engine at %s, but not for ever', async (variable, url, sentence) => {
    const began = performance.now();
    await refused('intake', sentence, { [variable]: url(await closedPort()) });
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(WAIT_SECONDS * 1_000);
    expect(took).toBeLessThan(WITHIN_MS);
  });

  it('is a second replica where messages are in a file; the first one works on', async () => {
    const first = program('intake');
    await first.launch();
    await refused('intake', /^Another process works on this DATA_DIR/);
    expect((await fetch(`${first.url}/health/live`)).status).toBe(200);
    expect(await first.end('SIGTERM')).toBe(0);
  });

  it('is the one process of a whole deployment where its services run, and the other way round', async () => {
    const service = program('intake');
    await service.launch();
    await refused('standalone', /^Another process works on this DATA_DIR/);
    expect(await service.end('SIGTERM')).toBe(0);
    await program('standalone').launch();
    await refused('intake', /^Another process works on this DATA_DIR/);
  });

  it('is an older version on data of a newer one, and leaves it as it is', async () => {
    const first = program('intake');
    await first.launch();
    await first.end('SIGTERM');
    const file = path.join(dataDir, 'second-opinion.db');
    const versionOf = (work: (database: DatabaseSync) => unknown) => {
      const database = new DatabaseSync(file);
      try {
        return work(database);
      } finally {
        database.close();
      }
    };
    versionOf((database) => database.exec('pragma user_version = 999'));
    for (const app of ['intake', 'standalone']) await refused(app, /^The data was written by a newer version/);
    expect(versionOf((database) => database.prepare('pragma user_version').get())).toEqual({ user_version: 999 });
  });

  it.each([
    ['intake', 'identity'],
    ['intake', 'billing'],
    ['reporting', 'medical'],
    ['billing', 'billing'],
    ['notification', 'contact'],
    ['notification', 'medical'],
    ['scheduling', 'secrets'],
    ['records', 'secrets'],
  ])('is %s without the key-encryption key %s, which it needs', async (app, name) => {
    rmSync(fileOf(name));
    await refused(app, sentenceOf(/^A key-encryption key of this deployment is not there/, name));
  });

  it('is a service with another key-encryption key than its deployment has, whichever it is', async () => {
    const first = program('intake');
    await first.launch();
    await first.end('SIGTERM');
    const wrong = /^The key-encryption keys are not those of this deployment: put back its own/;
    for (const name of ['medical', 'contact', 'secrets']) {
      renameSync(fileOf(name), `${fileOf(name)}.kept`);
      Keks.load({ folder: path.join(dataDir, 'keks') });
      await refused('notification', sentenceOf(wrong, name));
      renameSync(`${fileOf(name)}.kept`, fileOf(name));
    }
    await refused('billing', sentenceOf(wrong, 'billing'), { VAULT_KEK_BILLING_FILE: fileOf('secrets') });
    await program('notification').launch();
  });

  it('is a service with a key file of before the last new version', async () => {
    const kept = readFileSync(fileOf('billing'));
    addKekVersion(fileOf('billing'), 'BILLING');
    const first = program('billing');
    await first.launch();
    await first.end('SIGTERM');
    writeFileSync(fileOf('billing'), kept);
    await refused('billing', sentenceOf(/^A key file is older than the deployment/, 'billing'));
  });
});
