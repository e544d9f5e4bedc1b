import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Login } from '@second-opinion/service';

/** Body of an answer in JSON; who asks knows what a field holds. What is no JSON is text or bytes, and has none of these. */
export interface Body {
  readonly [field: string]: unknown;
}

/** Reply is an HTTP answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** RequestOptions of one request. */
export interface RequestOptions {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** raw body instead of JSON (an upload), with its content type in `headers`. */
  readonly raw?: Uint8Array<ArrayBuffer> | string;
}

/** UnexpectedAnswer tells which step failed and how. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  constructor(
    what: string,
    readonly reply: Reply,
  ) {
    super(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`);
  }
}

const RETRIED = new Set([429, 502, 503, 504]);

/**
 * User is somebody of the demo world who speaks HTTP: he repeats what was not answered, with the same Idempotency-Key, as a good client
 * does. Nothing here knows anything but the public API.
 */
export class User {
  private token: string | undefined;

  constructor(
    private readonly base: string,
    readonly login: Login,
    /** patience: how many times a request is repeated while the server is away. */
    private readonly patience = 5,
  ) {}

  /** get answers whatever the server says. */
  get(path: string): Promise<Reply> {
    return this.request('GET', path, undefined, {});
  }

  /** read gives the body of a 200; throws otherwise. */
  async read(path: string): Promise<Body> {
    const reply = await this.get(path);
    if (reply.status !== 200) throw new UnexpectedAnswer(`GET ${path}`, reply);
    return reply.body;
  }

  /** post answers whatever the server says. */
  post(path: string, body: object = {}, options: RequestOptions = {}): Promise<Reply> {
    return this.request('POST', path, body, options);
  }

  /** does gives the body of a command that must succeed; throws otherwise. */
  async does(path: string, body: object = {}, options: RequestOptions = {}): Promise<Body> {
    const reply = await this.post(path, body, options);
    if (reply.status !== 200 && reply.status !== 201) throw new UnexpectedAnswer(`POST ${path}`, reply);
    return reply.body;
  }

  /** bearer gives the token of this user. */
  async bearer(): Promise<string> {
    if (this.token === undefined) {
      const reply = await this.send(
        'POST',
        '/development-issuer/token',
        { 'content-type': 'application/json' },
        JSON.stringify(this.login),
      );
      if (reply.status !== 200 && reply.status !== 201) throw new UnexpectedAnswer('token', reply);
      this.token = (reply.body as { token: string }).token;
    }
    return this.token;
  }

  private async request(
    method: string,
    path: string,
    body: object | undefined,
    options: RequestOptions,
  ): Promise<Reply> {
    const headers: Record<string, string> = { authorization: `Bearer ${await this.bearer()}` };
    if (method === 'POST') headers['idempotency-key'] = options.key ?? randomUUID();
    if (body !== undefined && options.raw === undefined) headers['content-type'] = 'application/json';
    return this.send(
      method,
      path,
      { ...headers, ...options.headers },
      options.raw ?? (body === undefined ? undefined : JSON.stringify(body)),
    );
  }

  private async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: RequestOptions['raw'],
  ): Promise<Reply> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(`${this.base}${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
        });
        if (!RETRIED.has(response.status) || attempt > this.patience) return await replyOf(response);
        await response.arrayBuffer();
      } catch (error) {
        if (attempt > this.patience) throw error;
      }
      await pause(Math.min(50 * 2 ** attempt, 2_000));
    }
  }
}

async function replyOf(response: Response): Promise<Reply> {
  const type = response.headers.get('content-type') ?? '';
  const body: unknown = type.includes('json')
    ? await response.json()
    : type.startsWith('text/')
      ? await response.text()
      : Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body: body as Body };
}
