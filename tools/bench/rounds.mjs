import { percentile, round, say } from './figures.mjs';
import { inProcess } from './processes.mjs';
import { settle } from './world.mjs';

/** CLIENTS at once, each with one request on its way. */
export const CLIENTS = 32;
const WARM_UP_SECONDS = 3;

/** play lets the clients ask for so many seconds, in a process of its own; throws when anything was refused. */
export async function play(server, clients, { kind = 'known', seconds, perSecond }) {
  const load = await inProcess('load.mjs', { port: server.port, clients, kind, seconds, perSecond });
  const { refused, firstRefusal } = load;
  if (Object.keys(refused).length > 0)
    throw new Error(`answers that should not be: ${JSON.stringify(refused)} ${firstRefusal ?? ''}`);
  return { ...load, perSecond: load.answered / load.seconds, p99: round(percentile(load.latencies, 0.99), 1) };
}

/** warmUp plays what is not counted. */
export async function warmUp(server, clients) {
  await play(server, clients, { seconds: WARM_UP_SECONDS });
  await settle(server);
}

/** playSeen plays at half of the highest rate, and follows every answer into the view. */
export async function playSeen(server, clients, { highest, seconds }) {
  const load = await play(server, clients, { seconds, perSecond: highest / 2 });
  const p50 = round(percentile(load.visible, 0.5), 1);
  const p99 = round(percentile(load.visible, 0.99), 1);
  say(`at ${Math.round(load.perSecond)} commands/s: seen in the view after ${p50} ms (p50), ${p99} ms (p99)`);
  return { ...load, p50, p99 };
}
