import type { FastifyInstance } from 'fastify';

/**
 * inStep lets the requests that arrived in one turn of the event loop go on together, in the order in which they came, instead of each as far
 * as it gets before the next is looked at: so one step of many requests follows another, and its code and data are still in the processor's
 * caches (docs/performance.md). Nobody waits for longer than that turn. Call it before other hooks are added.
 */
export function inStep(server: FastifyInstance): void {
  let arrived: (() => void)[] = [];
  const goOn = () => {
    const together = arrived;
    arrived = [];
    for (const go of together) go();
  };
  server.addHook('onRequest', (_request, _reply, done) => {
    if (arrived.push(done) === 1) setImmediate(goOn);
  });
}
