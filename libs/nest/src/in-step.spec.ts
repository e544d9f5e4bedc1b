import fastify, { type FastifyInstance } from 'fastify';
import { inStep } from './in-step';

describe('requests in step', () => {
  let server: FastifyInstance;
  let seen: string[];
  beforeEach(() => {
    seen = [];
    server = fastify();
    server.addHook('onRequest', ({ url }, _, done) => {
      seen.push(`arrived ${url}`);
      done();
    });
    inStep(server);
    server.addHook('onRequest', ({ url }, _, done) => {
      seen.push(`went on ${url}`);
      done(url === '/refused' ? new Error('refused') : undefined);
    });
    server.get('/:which', async ({ url }) => {
      await Promise.resolve();
      seen.push(`handled ${url}`);
      return url;
    });
  });
  afterEach(() => server.close());

  it('lets those of one turn go on together, in the order in which they came', async () => {
    await server.ready();
    const answers = await Promise.all(['/a', '/b', '/c'].map((url) => server.inject(url)));
    expect(answers.map(({ body }) => body)).toEqual(['/a', '/b', '/c']);
    expect(seen).toEqual(
      ['arrived', 'went on', 'handled'].flatMap((step) => ['/a', '/b', '/c'].map((url) => `${step} ${url}`)),
    );
  });

  it('lets the others go on when one is refused, and lets in who comes later', async () => {
    await server.ready();
    const statuses = async (...urls: string[]) =>
      (await Promise.all(urls.map((url) => server.inject(url)))).map(({ statusCode }) => statusCode);
    expect(await statuses('/a', '/refused', '/b')).toEqual([200, 500, 200]);
    expect(await statuses('/c')).toEqual([200]);
  });
});
