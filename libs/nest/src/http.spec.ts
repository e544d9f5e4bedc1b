import { connect, type AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttp } from './http';
import { TokenVerifier, type VerifiedToken } from './ports';
import { testContext, type TestContext } from './testing';

/** Two logins, by the names of their tokens. */
class TwoTokens extends TokenVerifier {
  verify(token: string): Promise<VerifiedToken | undefined> {
    const login = { issuer: 'urn:test', role: 'employee' as const, organisation: 'none' };
    const [, subject] = /^good-([ab])[0-9]*$/.exec(token) ?? [];
    return Promise.resolve(subject === undefined ? undefined : { ...login, subject });
  }
}

describe('what stands before every route', () => {
  let context: TestContext;
  let app: NestFastifyApplication;

  beforeEach(async () => {
    context = await testContext([]);
    const options = { requestsPerMinute: 3, trustedProxies: ['10.0.0.1', '192.168.7.0/24'] };
    app = await createHttp([], { ...context.platform, tokens: new TwoTokens() }, options);
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterEach(async () => {
    await app.close();
    await context.close();
  });

  const ask = async (authorization?: string, url = '/openapi.json') =>
    app.inject({ method: 'GET', url, headers: authorization === undefined ? {} : { authorization } });
  const statuses = async (...headers: (string | undefined)[]) => {
    const seen: number[] = [];
    for (const header of headers) seen.push((await ask(header)).statusCode);
    return seen;
  };

  it('counts by login, whatever is added to the header and however many tokens he has', async () => {
    expect(await statuses('Bearer good-a1', 'Bearer good-a2', 'bearer good-a3', 'Bearer good-a4')).toEqual([
      200, 200, 200, 429,
    ]);
    expect(await statuses('Bearer good-b1')).toEqual([200]);
  });

  it('counts by address who has no token that verifies, so that made up tokens win nothing', async () => {
    expect(await statuses(undefined, 'Bearer made-up-1', 'Bearer good-a1 made-up-2', 'Bearer made-up-3')).toEqual([
      200, 200, 200, 429,
    ]);
    const refused = await ask('Bearer made-up-4');
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({ status: 429, code: 'too-many-requests' });
  });

  it('never counts who asks how it is', async () => {
    for (let asked = 0; asked < 5; asked++)
      for (const url of ['/health/live', '/health/live?x=1'])
        expect([url, (await ask(undefined, url)).statusCode]).toEqual([url, 200]);
    expect(await statuses(undefined, undefined, undefined, undefined)).toEqual([200, 200, 200, 429]);
  });

  it('counts behind a gateway by the address that it tells, and takes nobody else’s word for one', async () => {
    const from = async (remoteAddress: string, forwarded: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      return (await app.inject({ method: 'GET', url: '/openapi.json', remoteAddress, headers })).statusCode;
    };
    for (const gateway of ['10.0.0.1', '192.168.7.9', '10.0.0.1'])
      expect(await from(gateway, '198.51.100.1')).toBe(200);
    // What a client wrote before it counts as little as what one sends past the gateway.
    expect(await from('10.0.0.1', '198.51.100.9, 198.51.100.1')).toBe(429);
    expect(await from('10.0.0.1', '198.51.100.2')).toBe(200);
    for (const made of ['1', '2', '3']) expect(await from('198.51.100.7', `198.51.100.${made}0`)).toBe(200);
    expect(await from('198.51.100.7', '198.51.100.40')).toBe(429);
  });

  it('gives each request an id of its own, whatever a gateway or a client calls it', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.1', 'x-request-id': '0123456789abcdef0123456789abcdef' };
    const ask = async () => (await app.inject({ url: '/nothing', remoteAddress: '10.0.0.1', headers })).json();
    const ids = [await ask(), await ask()].map(({ requestId }) => String(requestId));
    expect(new Set([...ids, headers['x-request-id']]).size).toBe(3);
  });

  it('answers a path that no router reads with a problem that repeats nothing of it', async () => {
    for (const [url, status] of [
      [`/health/${'secret'.repeat(50)}%E0%A4%A`, 400],
      ['/health/secret%E0%A4%A', 400],
    ] as const) {
      const answer = await ask(undefined, url);
      expect(answer.statusCode).toBe(status);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.body).not.toContain('secret');
    }
  });

  it('answers what is no HTTP, or too much of it, with a problem', async () => {
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const say = async (text: string) => {
      const socket = connect(port, '127.0.0.1');
      socket.end(text);
      let answer = '';
      for await (const chunk of socket) answer += String(chunk);
      return [answer.slice(9, 12), answer.includes('application/problem+json'), answer.includes('secret')];
    };
    expect(await say('FOO /health/secret HTTP/1.1\r\nHost: a\r\n\r\n')).toEqual(['400', true, false]);
    expect(await say(`GET /health/live HTTP/1.1\r\nHost: a\r\nX: ${'secret'.repeat(5_000)}\r\n\r\n`)).toEqual([
      '431',
      true,
      false,
    ]);
    const expecting = 'GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: secret\r\n\r\n';
    expect(await say(expecting)).toEqual(['417', true, false]);
  });

  it('waits for a slow sender with an end', () => {
    const { requestTimeout, headersTimeout } = app.getHttpServer() as {
      requestTimeout: number;
      headersTimeout: number;
    };
    expect(requestTimeout).toBeGreaterThan(0);
    expect(requestTimeout).toBeLessThanOrEqual(600_000);
    expect(headersTimeout).toBeGreaterThan(0);
  });
});
