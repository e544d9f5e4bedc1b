import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Keks } from '@second-opinion/vault';
import { Program } from '../program';

jest.setTimeout(900_000);

const HOUR_MS = 3_600_000;
/** GIVEN_UP_MS: as long as a group needs to give up a member that it does not hear, and more. */
const GIVEN_UP_MS = 15_000;

/** Ready is what a process says about itself. */
interface Ready {
  readonly status: string;
  readonly readOnly: readonly string[];
  readonly groups: readonly unknown[];
}

// The clock of a service goes back while it works, beyond what the log lets pass (ten minutes).
describe('a service whose clock goes back an hour', () => {
  let dataDir: string;
  let service: Program;
  const offset = (ms: number) => writeFileSync(path.join(dataDir, 'offset'), String(ms));
  const program = () => {
    const engines = ['EVENTSTOREDB_URL', 'KAFKA_BROKERS', 'MONGODB_URL'].map((name) => [name, process.env[name] ?? '']);
    return new Program('intake', {
      ...{ DEPLOYMENT: 'test', DATA_DIR: dataDir, NAMESPACE: `t${randomBytes(5).toString('hex')}` },
      ...(Object.fromEntries(engines) as Readonly<Record<string, string>>),
      NODE_OPTIONS: `--require=${path.join(__dirname, '../shifted-clock.cjs')}`,
      SHIFTED_CLOCK: path.join(dataDir, 'offset'),
    });
  };
  const post = (at: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${service.url}${at}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
      body: JSON.stringify(body),
    });
  const ready = async (): Promise<Ready> => (await (await fetch(`${service.url}/health/ready`)).json()) as Ready;
  const soon = async (met: (now: Ready) => boolean): Promise<Ready> => {
    for (;;) {
      const now = await ready();
      if (met(now)) return now;
      await pause(500);
    }
  };

  beforeEach(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'second-opinion-clock-'));
    Keks.load({ folder: path.join(dataDir, 'keks') });
    offset(0);
    service = program();
  });
  afterEach(async () => {
    await service.end('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('says that the log takes nothing of it, stays a member of its groups, and is ready again by itself', async () => {
    await service.launch();
    await soon(({ status }) => status === 'ok');
    const login = { subject: 'back-office', role: 'back-office', organisation: 'provider' };
    const { token } = (await (await post('/development-issuer/token', login)).json()) as { token: string };
    const command = async () => {
      const organisation = { legalName: 'Arbodienst', address: 'Kade 1, 9711 AA Groningen', kind: 'OHS' };
      const register = { chamberOfCommerceNumber: '01000001', vatId: 'NL000000001B01' };
      const body = { organisationId: `ohs-${randomBytes(3).toString('hex')}`, ...organisation, ...register };
      return (await post('/intake/organisations', body, { authorization: `Bearer ${token}` })).status;
    };
    expect(await command()).toBe(201);
    offset(-HOUR_MS);
    await pause(500);
    expect(await Promise.all([command(), command(), command()])).toEqual([503, 503, 503]);
    // Not before its own append has had as long as theirs.
    expect((await soon(({ status }) => status === 'unavailable')).readOnly).toEqual(['event-store']);
    await pause(GIVEN_UP_MS);
    expect((await soon(({ groups }) => groups.length === 0)).readOnly).toEqual(['event-store']);
    offset(0);
    await soon(({ status }) => status === 'ok');
    expect(await command()).toBe(201);
  });

  it('does not start with it, and says what to look at', async () => {
    offset(-HOUR_MS);
    await expect(service.launch()).rejects.toThrow('intake ended with 1: ');
    expect(service.output).toMatch(/^EventStoreDB answers at EVENTSTOREDB_URL and does not take .* compare the clock/m);
  });
});
