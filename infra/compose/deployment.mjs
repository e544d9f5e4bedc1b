/** docker-compose.yml of a clone as a project of its own: other ports and image names than a deployment that runs beside it. */
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { freePort } from '../engines/machine.mjs';
import { Compose, run } from '../images/compose.mjs';
import { CONTEXTS } from '../rights.mjs';

const BUILT = [...CONTEXTS, 'prepare', 'gateway'];
const MAIL_MS = 60_000;
const PAUSE_MS = 500;

/** Deployment is reached as a person's browser would: through the gateway, over TLS, trusting the authority that `infra:init` made. */
export class Deployment {
  /** of a clone in which nothing was done yet; makes its secrets with `npm run infra:init`. */
  static async of(clone, project) {
    const [gateway, mail] = [await freePort(), await freePort()];
    await run('npm', ['run', '--silent', 'infra:init'], { cwd: clone });
    const names = path.join(clone, '..', 'names.yml');
    const lines = BUILT.map((name) => `  ${name}: { image: second-opinion-test/${name} }`);
    fs.writeFileSync(names, `services:\n${lines.join('\n')}\n`);
    const provider = `https://localhost:${gateway}/auth`;
    const env = {
      ...process.env,
      ...{ GATEWAY_ADDRESS: `127.0.0.1:${gateway}`, MAIL_ADDRESS: `127.0.0.1:${mail}`, KEYCLOAK_URL: provider },
      ...{ OIDC_ISSUER: `${provider}/realms/second-opinion`, PORTAL_URL: `https://localhost:${gateway}` },
    };
    const compose = new Compose(clone, [path.join(clone, 'docker-compose.yml'), names], project, env);
    return new Deployment(clone, compose, { gateway, mail, issuer: env.OIDC_ISSUER });
  }

  #tokens = new Map();

  constructor(clone, compose, { gateway, mail, issuer }) {
    this.compose = compose;
    this.issuer = issuer;
    this.mail = `http://127.0.0.1:${mail}`;
    this.port = gateway;
    this.secret = (file) => fs.readFileSync(path.join(clone, 'infra/.secrets', file), 'utf8').trim();
  }

  /** ask the gateway. */
  async ask(at, { method = 'GET', headers = {}, body } = {}) {
    const to = { host: '127.0.0.1', servername: 'localhost', port: this.port, path: at, ca: this.secret('ca/ca.crt') };
    const request = https.request({ ...to, method, headers: { host: `localhost:${this.port}`, ...headers } });
    request.end(body);
    const [reply] = await once(request, 'response');
    return { status: reply.statusCode, headers: reply.headers, body: Buffer.concat(await reply.toArray()) };
  }

  /** token of a person of the demo realm, from Keycloak through the gateway. */
  async token(username) {
    if (!this.#tokens.has(username)) this.#tokens.set(username, await this.#login(username));
    return this.#tokens.get(username);
  }

  async #login(username) {
    const who = { username, password: this.secret('keycloak/demo.password') };
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'portal', ...who }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const at = new URL(`${this.issuer}/protocol/openid-connect/token`).pathname;
    const reply = await this.ask(at, { method: 'POST', headers, body });
    if (reply.status !== 200) throw new Error(`${username}: ${reply.status} ${reply.body}`);
    return JSON.parse(reply.body).access_token;
  }

  /** mailTo waits for a mail to this address that holds this text, and gives it as it was sent. */
  async mailTo(address, holding) {
    for (const end = Date.now() + MAIL_MS; Date.now() < end;) {
      const found = await (await fetch(`${this.mail}/api/v1/messages?limit=500`)).json();
      const own = found.messages.filter(({ To }) => To.some((one) => one.Address === address));
      for (const { ID } of own) {
        const mail = await (await fetch(`${this.mail}/api/v1/message/${ID}/raw`)).text();
        if (mail.includes(holding)) return mail;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`no mail with ${holding} has come to ${address}`);
  }
}
