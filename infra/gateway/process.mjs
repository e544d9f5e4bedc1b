/** The gateway as a plain process: nginx with the configuration of the image, other addresses and paths, and the names that Compose would give. */
import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { freePort } from '../engines/machine.mjs';
import { until } from '../prepare/until.mjs';

const READY_MS = 30_000;
/** From this version on HTTP/2 is a directive of its own. */
const HTTP2_DIRECTIVE = [1, 25, 1];

/** nginxVersion as three numbers; undefined when there is no nginx here. */
export function nginxVersion() {
  const { stderr = '' } = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
  return /nginx\/(\d+)\.(\d+)\.(\d+)/
    .exec(stderr ?? '')
    ?.slice(1)
    .map(Number);
}

/** GatewayProcess speaks TLS at `url`. */
export class GatewayProcess {
  #child;
  #names;

  /**
   * open it in a folder of its own: `hosts` gives each service's address by its name, all of them at `port`; `secrets` is the folder of the
   * deployment's secrets, `document` the API document that it serves, `provider` the port of the identity provider at the host `keycloak`.
   */
  static async open(options) {
    const gateway = new GatewayProcess();
    try {
      await gateway.#start(options);
    } catch (error) {
      await gateway.close();
      throw error;
    }
    return gateway;
  }

  async #start({ folder, secrets, hosts, port, provider, document }) {
    this.#names = await Names.open(hosts);
    const own = await freePort();
    fs.mkdirSync(path.join(folder, 'html'), { recursive: true });
    fs.copyFileSync(document, path.join(folder, 'html', 'openapi.json'));
    const file = path.join(folder, 'nginx.conf');
    fs.writeFileSync(file, settings({ folder, secrets, port, provider, own, names: this.#names.port }));
    const options = ['-p', folder, '-c', file, '-g', 'daemon off; master_process off;'];
    this.#child = spawn('nginx', options, { stdio: ['ignore', 'ignore', 'inherit'] });
    this.ca = fs.readFileSync(path.join(secrets, 'ca/ca.crt'));
    this.url = `https://127.0.0.1:${own}`;
    const lives = () => this.ask('/health/live').then(({ status }) => status === 200);
    await until(() => lives().catch(() => false), {
      ...{ what: 'the first answer of nginx', withinMs: READY_MS },
      alive: () => {
        if (this.#child.exitCode !== null) throw new Error(`nginx ended with ${this.#child.exitCode}`);
      },
    });
  }

  /** ask it, as somebody who trusts the authority of this deployment. */
  async ask(at, { method = 'GET', headers = {}, body } = {}) {
    const request = https.request(`${this.url}${at}`, { ca: this.ca, method, headers, agent: false });
    request.end(body);
    const [reply] = await once(request, 'response');
    return { status: reply.statusCode, headers: reply.headers, body: Buffer.concat(await reply.toArray()) };
  }

  async close() {
    if (this.#child?.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    this.#names?.close();
  }
}

/** settings of the image, with what is elsewhere outside of a container. */
function settings({ folder, secrets, port, provider, own, names }) {
  const version = nginxVersion();
  const older = HTTP2_DIRECTIVE.some(
    (part, index) => version[index] < part && version.slice(0, index).every((one, at) => one === HTTP2_DIRECTIVE[at]),
  );
  return fs
    .readFileSync(path.join(import.meta.dirname, 'nginx.conf'), 'utf8')
    .replaceAll('/tmp/', `${folder}/`)
    .replaceAll(/\/dev\/std(err|out)/g, `${folder}/std$1`)
    .replace('resolver 127.0.0.11 ', `resolver 127.0.0.1:${names} `)
    .replace('listen 8443 ssl;', `listen 127.0.0.1:${own} ssl${older ? ' http2' : ''};`)
    .replace(older ? 'http2 on;' : '', '')
    .replaceAll(':3000', `:${port}`)
    .replace('keycloak:8443', `keycloak:${provider}`)
    .replace('/run/secrets/gateway-certificate', path.join(secrets, 'gateway/tls.crt'))
    .replace('/run/secrets/gateway-key', path.join(secrets, 'gateway/tls.key'))
    .replace('/run/secrets/ca.crt', path.join(secrets, 'ca/ca.crt'))
    .replace('/usr/share/nginx/html', path.join(folder, 'html'));
}

/** Names answers as the resolver of Compose does: the address of each service by its name, and nothing else (RFC 1035). */
class Names {
  static async open(hosts) {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (query, { port, address }) => socket.send(answerTo(query, hosts), port, address));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Names(socket);
  }

  constructor(socket) {
    this.socket = socket;
    this.port = socket.address().port;
  }

  close() {
    this.socket.close();
  }
}

const HEADER = 12;
const NO_SUCH_NAME = 3;

function answerTo(query, hosts) {
  const labels = [];
  let at = HEADER;
  for (let length = query[at]; length; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const address = hosts[labels.join('.')];
  const question = query.subarray(HEADER, at + 5);
  const header = Buffer.from(query.subarray(0, HEADER));
  header.writeUInt16BE(0x8180 | (address ? 0 : NO_SUCH_NAME), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(address ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  if (!address) return Buffer.concat([header, question]);
  // A pointer to the name in the question, type A, class IN, five seconds, four bytes.
  const record = Buffer.from([0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([header, question, record]);
}
