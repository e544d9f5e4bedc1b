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
    app = await createHttp([], { ...context.platform, tokens: new TwoTokens() }, { requestsPerMinute: 3 });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterEach(async () => {
    await app.close();
    await context.close();
  });

  const ask = async (authorization?: string, url = '/health/live') =>
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
