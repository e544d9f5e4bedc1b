/**
 * The control endpoint of the engines, for tests that break them: POST /<engine>/<kill|start|stop|freeze|thaw>, answered when it is done
 * (start: when the engine is ready again, on the same port with the same data), and for engines that lead, POST /<engine>/<resign|elect>.
 * On the loopback interface only.
 */
import http from 'node:http';

/** control listens on a free port and gives its URL. */
export async function control(engines) {
  const queues = new Map();
  /** inTurn lets one thing at a time be done to an engine. */
  const inTurn = (name, work) => {
    const done = (queues.get(name) ?? Promise.resolve()).then(work);
    queues.set(
      name,
      done.catch(() => undefined),
    );
    return done;
  };
  const server = http.createServer((request, response) => {
    const end = (status, sentence) => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(`${sentence}\n`);
    };
    const [, name, verb] = new URL(request.url, 'http://127.0.0.1').pathname.split('/');
    if (request.method !== 'POST') return end(405, 'Only POST.');
    if (!VERBS[verb]) return end(404, `Known are: ${Object.keys(VERBS).join(', ')}.`);
    const engine = engines[name];
    if (!engine) return end(404, `${name} was not started here, so it cannot be controlled.`);
    if (ELECTIONS.includes(verb) && !engine.leads) return end(404, `${name} holds no elections here.`);
    inTurn(name, () => VERBS[verb](engine)).then(
      () => end(200, `${name}: ${verb} done`),
      (error) => end(500, error.message),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const VERBS = {
  kill: (engine) => engine.kill(),
  stop: (engine) => engine.stop(),
  start: (engine) => engine.start(),
  freeze: (engine) => engine.freeze(),
  thaw: (engine) => engine.thaw(),
  resign: (engine) => engine.elect('resign'),
  elect: (engine) => engine.elect('lead'),
};

/** ELECTIONS are the verbs of engines that lead, and can stop to. */
const ELECTIONS = ['resign', 'elect'];
