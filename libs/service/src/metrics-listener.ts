import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.controller';

/** urlOf a place where something listens. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * MetricsListener gives the numbers of this process without a token, on a port of its own, and nothing else: whoever can reach it can count
 * decisions, so only what collects them may.
 */
export class MetricsListener {
  private constructor(
    private readonly server: Server,
    private readonly host: string,
  ) {}

  /** open listens; throws when the port is taken (`EADDRINUSE`). */
  static async open(metrics: Pick<Metrics, 'text' | 'registry'>, { host, port }: { host: string; port: number }) {
    const server = createServer((request, reply) => void answer(metrics, request, reply));
    server.listen({ host, port });
    await once(server, 'listening');
    return new MetricsListener(server, host);
  }

  /** url where it listens. */
  get url(): string {
    return urlOf(this.host, (this.server.address() as AddressInfo).port);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function answer(
  metrics: Pick<Metrics, 'text' | 'registry'>,
  { method, url }: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  reply.setHeader('Cache-Control', 'no-store');
  if (url?.split('?')[0] !== '/metrics') return void reply.writeHead(404).end();
  if (method !== 'GET') return void reply.writeHead(405, { Allow: 'GET' }).end();
  try {
    const text = await metrics.text();
    reply.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(text);
  } catch {
    reply.writeHead(500).end();
  }
}
