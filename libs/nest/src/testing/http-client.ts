import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ActorRole } from '@second-opinion/kernel';
import { Documented } from './documented';

/** TestAnswer is an HTTP answer as a test looks at it. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // Tests look into bodies of every shape; each assertion says which.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** TestHeaders are headers of one request; `idempotencyKey` null leaves it out. */
export interface TestHeaders {
  readonly idempotencyKey?: string | null;
  readonly ifMatch?: string;
  readonly [name: string]: string | null | undefined;
}

/** TestClient sends requests as somebody, without a socket; throws at a problem that the API document does not list for the operation. */
export class TestClient {
  private static count = 0;

  constructor(
    private readonly app: NestFastifyApplication,
    private readonly authorization: string | undefined,
  ) {}

  get(url: string, headers: TestHeaders = {}): Promise<TestAnswer> {
    return this.send('GET', url, undefined, headers);
  }

  post(url: string, body: unknown = {}, headers: TestHeaders = {}): Promise<TestAnswer> {
    return this.send('POST', url, body, headers);
  }

  async send(
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH',
    url: string,
    body: unknown,
    headers: TestHeaders,
  ): Promise<TestAnswer> {
    const { idempotencyKey, ifMatch, ...others } = headers;
    const key = idempotencyKey === undefined && method === 'POST' ? `key-${++TestClient.count}` : idempotencyKey;
    const raw = Buffer.isBuffer(body) || typeof body === 'string';
    const all: Record<string, string> = {};
    for (const [name, value] of Object.entries(others)) if (typeof value === 'string') all[name] = value;
    const answer = await this.app.inject({
      method,
      url,
      headers: {
        ...(this.authorization ? { authorization: this.authorization } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
        ...(ifMatch ? { 'if-match': ifMatch } : {}),
        ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
        ...all,
      },
      ...(body === undefined ? {} : { payload: raw ? body : JSON.stringify(body) }),
    });
    const type = String(answer.headers['content-type']);
    const parsedBody = parsed(answer.body, type);
    if (type.startsWith('application/problem+json')) {
      const { code } = parsedBody as { code?: unknown };
      (await Documented.by(this.app)).assert(method, url, answer.statusCode, code);
    }
    return { status: answer.statusCode, headers: answer.headers, body: parsedBody };
  }
}

/** testToken is what the test verifier takes for a token: who, and in which role. */
export function testToken(role: ActorRole, id: string, organisation = 'organisation-1'): string {
  return `Bearer ${Buffer.from(JSON.stringify({ role, id, organisation })).toString('base64url')}`;
}

function parsed(body: string, type: string): unknown {
  return type.includes('json') && body !== '' ? JSON.parse(body) : body;
}
