import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Settled is what a process answers when asked to settle. */
interface Settled {
  readonly now: string;
  readonly end?: string;
  readonly leading: Readonly<Record<string, boolean>>;
}

interface Document {
  readonly paths: Record<string, unknown>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const ROUNDS = 400;
const ASK_MS = 90_000;
const PAUSE_MS = 50;
const QUIET_ROUNDS = 2;

/**
 * Gateway serves the paths of standalone before services, as any gateway does: `/<context>/…` goes to a replica of that context. For
 * tests it also settles all of them, and puts their API documents together.
 */
export class Gateway {
  private turn = 0;

  private constructor(
    private readonly server: Server,
    /** replicas of each context: their addresses now. */
    private readonly replicas: () => ReadonlyMap<string, readonly string[]>,
  ) {}

  /** open a gateway on a free port of this machine. */
  static async open(replicas: () => ReadonlyMap<string, readonly string[]>): Promise<Gateway> {
    const server = createServer((incoming, answer) => void gateway.serve(incoming, answer));
    const gateway = new Gateway(server, replicas);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** cut every connection to it. */
  cut(): void {
    this.server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const path = incoming.url ?? '/';
    try {
      if (path === '/openapi.json') return json(answer, await this.document());
      if (path === '/demo/settle') return json(answer, await this.settle());
      if (path !== '/demo/clock' || incoming.method !== 'POST') return this.forward(incoming, answer);
      const moved = await fetch(`${this.one('intake')}/demo/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: await textOf(incoming),
      });
      const body = (await moved.json()) as Settled;
      return json(answer, moved.ok ? await this.settle(body.now) : body, moved.status);
    } catch {
      away(answer);
    }
  }

  private forward(incoming: IncomingMessage, answer: ServerResponse): void {
    const first = /^\/([a-z]+)(?:[/?]|$)/.exec(incoming.url ?? '')?.[1] ?? '';
    const target = this.one(this.replicas().has(first) ? first : 'intake');
    if (target === undefined) return away(answer);
    const onward = request(`${target}${incoming.url}`, { method: incoming.method, headers: incoming.headers });
    onward.on('response', (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
      reply.on('error', () => answer.destroy());
    });
    onward.on('error', () => (answer.headersSent ? answer.destroy() : away(answer)));
    incoming.pipe(onward);
  }

  /** one replica of a context, each in turn. */
  private one(context: string): string | undefined {
    const all = this.replicas().get(context) ?? [];
    return all[this.turn++ % Math.max(all.length, 1)];
  }

  /** settle asks every process until nothing goes on anywhere and everything is run by somebody, at this business time or later. */
  private async settle(notBefore = ''): Promise<{ now: string }> {
    let end: string | undefined = 'none yet';
    for (let quiet = 0, round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all([...this.replicas().values()].flat().map(settled));
      const leading = new Map<string, boolean>();
      for (const one of answers)
        for (const [name, here] of Object.entries(one.leading)) leading.set(name, here || leading.get(name) === true);
      const ends = new Set(answers.map((one) => one.end));
      const still = ends.size === 1 && ends.has(end) && [...leading.values()].every(Boolean);
      quiet = still && answers.every(({ now }) => now >= notBefore) ? quiet + 1 : 0;
      end = answers.at(-1)?.end;
      if (quiet === QUIET_ROUNDS) return { now: answers.at(-1)?.now ?? '' };
      if (quiet === 0 && round > 2) await pause(PAUSE_MS);
    }
    throw new Error('it still goes on');
  }

  private async document(): Promise<Document> {
    const documents: Document[] = [];
    for (const context of this.replicas().keys())
      documents.push((await (await fetch(`${this.one(context)}/openapi.json`)).json()) as Document);
    const [first = { paths: {} }] = documents;
    const components: Record<string, Record<string, unknown>> = {};
    for (const [part, named] of documents.flatMap((one) => Object.entries(one.components ?? {})))
      Object.assign((components[part] ??= {}), named);
    return {
      ...first,
      paths: Object.assign({}, ...documents.map(({ paths }) => paths)) as Document['paths'],
      components,
    };
  }
}

/** settled asks one process, again while it is away or not done within the time. */
async function settled(url: string): Promise<Settled> {
  for (let attempt = 1; ; attempt++) {
    try {
      const signal = AbortSignal.timeout(ASK_MS);
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(`${url}/demo/settle`, { method: 'POST', headers, body: '{}', signal });
      if (reply.ok) return (await reply.json()) as Settled;
      if (attempt > 5) throw new Error(`${url} does not settle: ${reply.status} ${await reply.text()}`);
    } catch (error) {
      if (attempt > 5) throw error;
    }
    await pause(200 * attempt);
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function json(answer: ServerResponse, body: unknown, status = 200): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** away: no replica of that context answers. */
function away(answer: ServerResponse): void {
  if (answer.headersSent) return void answer.destroy();
  answer
    .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' })
    .end(JSON.stringify({ type: 'about:blank', title: 'Service Unavailable', status: 503, code: 'service-away' }));
}
