import helmet from '@fastify/helmet';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

/** PER_ANSWER headers belong to one answer; all others that helmet sets are the same for every answer. */
const PER_ANSWER: ReadonlySet<string> = new Set(['content-type', 'content-length', 'date', 'connection', 'keep-alive']);

/** securityHeaders sets the headers of helmet on every answer. They depend on nothing in the request, so they are made once. */
export async function securityHeaders(server: FastifyInstance): Promise<void> {
  const headers = await headersOfHelmet();
  server.addHook('onRequest', (_, reply, done) => {
    void reply.headers(headers);
    done();
  });
}

async function headersOfHelmet(): Promise<Readonly<Record<string, string>>> {
  const probe = new FastifyAdapter({ logger: false }).getInstance() as unknown as FastifyInstance;
  try {
    await probe.register(helmet, {
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:'],
          upgradeInsecureRequests: null,
        },
      },
    });
    probe.get('/', () => 'seen');
    const { headers } = await probe.inject('/');
    const same = Object.entries(headers).filter(([name, value]) => !PER_ANSWER.has(name) && value !== undefined);
    return Object.fromEntries(same.map(([name, value]) => [name, String(value)]));
  } finally {
    await probe.close();
  }
}
