/** A journey through services that run anywhere: the demo, which plays two whole cases over HTTP and fails at the first wrong answer. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './compose.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
const built = (file) => import(pathToFileURL(path.join(ROOT, file)).href);

/** openGateway puts the paths of standalone in front of services, by their addresses. */
export async function openGateway(urls) {
  const { Gateway } = await built('apps/acceptance/dist/gateway.js');
  return Gateway.open(() => new Map(Object.entries(urls).map(([context, url]) => [context, [url]])));
}

/** demoWorld behind an address, whose mails come into a folder. */
export async function demoWorld(url, mailDir) {
  const { newestMailTo, World } = (await built('apps/standalone/dist/play/index.js')).default;
  return new World(url, (address) => newestMailTo(mailDir, address, 'code='));
}

/** playJourney plays them; throws with what was said when one does not end as it should. */
export async function playJourney(url, mailDir) {
  const { hostname, port } = new URL(url);
  const env = { ...process.env, HOST: hostname, PORT: port, MAIL_DIR: mailDir, DEPLOYMENT: 'test' };
  return run(process.execPath, [path.join(ROOT, 'apps/standalone/dist/demo.js')], { env });
}
