import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Module } from '@nestjs/common';
import type { ActorRole } from '@second-opinion/kernel';
import { contextModule } from '@second-opinion/nest';
import { DevIssuer } from './dev-issuer';
import { openFiles } from './open-files';
import { startServer, type Server } from './server';
import { settingsFrom } from './settings';

const NOTHING = {
  views: [],
  deadlines: [],
  controllers: [],
  problems: {},
  events: {},
  handlers: [],
  policies: [],
  publishers: [],
};

@Module(contextModule({ name: 'quiet', ...NOTHING }))
class QuietModule {}

const ROLES = ['employer', 'company-doctor', 'employee', 'back-office', 'auditor', 'privacy-officer'] as const;
const WHOLE = { name: 'standalone', contexts: [QuietModule], whole: true };

describe('the numbers of a process', () => {
  let folder: string;
  let server: Server;

  const freePort = async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    return port;
  };
  const start = async (env: Record<string, string>) => {
    const settings = settingsFrom(
      { DEPLOYMENT: 'test', DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent', ...env },
      folder,
    );
    server = await startServer(settings, WHOLE, await openFiles(settings, WHOLE));
  };
  const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;
  const tokenOf = async (role: ActorRole) => {
    const issuer = await DevIssuer.open(folder, 'second-opinion');
    return {
      headers: { authorization: `Bearer ${await issuer.token({ subject: role, role, organisation: 'none' })}` },
    };
  };

  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'metrics-'))));
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('BR-38, BR-40: are an operator’s alone where everybody can ask, since they count what was decided', async () => {
    await start({});
    const url = `${server.url}/metrics`;
    expect(await statusOf(url)).toBe(401);
    for (const role of ROLES) expect([role, await statusOf(url, await tokenOf(role))]).toEqual([role, 403]);
    const answer = await fetch(url, await tokenOf('operator'));
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await answer.text()).toContain('second_opinion_http_request_seconds_count');
    expect(server.metricsUrl).toBeUndefined();
  });

  it('have a listener of their own without a token, which serves nothing else', async () => {
    await start({ METRICS_PORT: String(await freePort()) });
    const url = server.metricsUrl ?? '';
    expect(await statusOf(`${server.url}/health/live`)).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('route="/health/live"');
    for (const other of ['/', '/health/live', '/openapi.json', '/metrics/', '/intake/cases'])
      expect([other, await statusOf(url + other)]).toEqual([other, 404]);
    expect(await statusOf(`${url}/metrics`, { method: 'POST' })).toBe(405);
    expect(await statusOf(`${server.url}/metrics`)).toBe(401);
  });

  it('end a start whose METRICS_PORT is taken', async () => {
    await start({});
    const taken = { METRICS_PORT: new URL(server.url).port, PORT: '0', DATA_DIR: path.join(folder, 'other') };
    const settings = settingsFrom({ DEPLOYMENT: 'test', LOG_LEVEL: 'silent', ...taken }, folder);
    const files = await openFiles(settings, WHOLE);
    await expect(startServer(settings, WHOLE, files)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
