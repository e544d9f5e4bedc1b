/** A real Keycloak as a plain process, with the demo realm of this repository imported. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { answer, cacheFolder, freePort, kept, Missing } from '../engines/machine.mjs';
import { until } from '../prepare/until.mjs';
import { password } from '../init/files.mjs';

const VERSION = '26.7.2';
const LIST = path.join(import.meta.dirname, 'keycloak.sha256');
const REALM = path.join(import.meta.dirname, '..', 'keycloak', 'realm.json');
/** PORTAL is where the imported realm lets browsers be sent back to. */
export const PORTAL = 'https://portal.example:9443';
const READY_MS = 600_000;
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
const OPENS = ['util', 'util.concurrent', 'security', 'lang'].map(
  (name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`,
);

/** Keycloak is the launcher: `issuer` is what OIDC_ISSUER wants. It can be killed and started again, with the same data. */
export class Keycloak {
  #process;
  adminPassword = password();
  demoPassword = password();

  constructor(process) {
    this.#process = process;
  }

  /** prepare copies a built server into the folder of the process. */
  async prepare() {
    fs.cpSync(built(await keycloakZip()), this.#home, {
      recursive: true,
      verbatimSymlinks: true,
      mode: fs.constants.COPYFILE_FICLONE,
    });
    fs.mkdirSync(path.join(this.#home, 'data', 'import'), { recursive: true });
    fs.copyFileSync(REALM, path.join(this.#home, 'data', 'import', 'realm.json'));
    this.port = await freePort();
    this.management = await freePort();
    this.url = `http://127.0.0.1:${this.port}`;
    this.issuer = `${this.url}/realms/second-opinion`;
  }

  /** start resolves when it says that it is ready. */
  async start() {
    const at = [`--hostname=${this.url}`, `--http-port=${this.port}`, `--http-management-port=${this.management}`];
    const bound = ['--http-enabled=true', '--http-host=127.0.0.1', '--http-management-scheme=http'];
    const env = {
      ...process.env,
      ...{ KC_BOOTSTRAP_ADMIN_USERNAME: 'admin', KC_BOOTSTRAP_ADMIN_PASSWORD: this.adminPassword },
      ...{ DEMO_PASSWORD: this.demoPassword, PORTAL_URL: PORTAL },
    };
    // Java itself, not the script around it: the process that is killed must be the server.
    await this.#process.start(
      'java',
      ['-Xmx512m', ...serverOf(this.#home), 'start', '--optimized', '--import-realm', ...bound, ...at],
      { env },
    );
    await until(() => this.#isReady(), {
      what: 'Keycloak',
      withinMs: READY_MS,
      pollMs: 500,
      alive: () => this.#process.alive(),
    });
  }

  stopped() {}

  get #home() {
    return path.join(this.#process.folder, 'keycloak');
  }

  async #isReady() {
    const known = await fetch(`${this.issuer}/.well-known/openid-configuration`).catch(() => undefined);
    return known?.ok === true;
  }

  /** token for a person of the demo realm; `client` is the portal unless told otherwise. */
  async token(username, { client = 'portal', realm = 'second-opinion' } = {}) {
    const secret = realm === 'master' ? this.adminPassword : this.demoPassword;
    const form = new URLSearchParams({ grant_type: 'password', client_id: client, username, password: secret });
    const reply = await fetch(`${this.url}/realms/${realm}/protocol/openid-connect/token`, {
      method: 'POST',
      body: form,
    });
    if (!reply.ok) throw new Error(`${username}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()).access_token;
  }

  /** admin asks the administration of the demo realm. */
  async admin(method, at, body) {
    const token = await this.token('admin', { client: 'admin-cli', realm: 'master' });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const options = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const reply = await fetch(`${this.url}/admin/realms/second-opinion${at}`, options);
    if (!reply.ok) throw new Error(`${method} ${at}: ${reply.status} ${await reply.text()}`);
    return reply.status === 200 ? reply.json() : undefined;
  }
}

const serverOf = (home) => [
  ...OPENS,
  `-Dkc.home.dir=${home}`,
  `-Djboss.server.config.dir=${path.join(home, 'conf')}`,
  '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
  '-Dpicocli.disable.closures=true',
  '-Dquarkus-log-max-startup-records=10000',
  ...['-cp', path.join(home, 'lib', 'quarkus-run.jar'), 'io.quarkus.bootstrap.runner.QuarkusEntryPoint'],
];

/** keycloakZip gives the verified distribution, fetched the first time. */
export const keycloakZip = async () =>
  path.join(await kept(`keycloak-${VERSION}`, LIST, download), `keycloak-quarkus-dist-${VERSION}.zip`);

/** built gives the folder of the server, unpacked and made ready for its start once. */
function built(zip) {
  const folder = path.join(cacheFolder(), `keycloak-${VERSION}-built`);
  if (fs.existsSync(folder)) return folder;
  if (answer('java', ['-version']) === undefined)
    throw new Missing('Keycloak needs Java 17 or newer, and none was found: install a Java runtime.');
  if (answer('unzip', ['-v']) === undefined)
    throw new Missing('Keycloak is unpacked with unzip, and none was found: install it.');
  process.stderr.write('Making Keycloak ready (the first time; a minute or more) …\n');
  const beside = fs.mkdtempSync(`${folder}.`);
  const home = path.join(beside, `keycloak-${VERSION}`);
  try {
    must('unzip', ['-q', zip, '-d', beside]);
    must(path.join(home, 'bin', 'kc.sh'), ['build', '--db=dev-file', '--health-enabled=true']);
    if (!fs.existsSync(folder)) fs.renameSync(home, folder);
  } finally {
    fs.rmSync(beside, { recursive: true, force: true });
  }
  return folder;
}

function download(folder) {
  if (answer('mvn', ['--version']) === undefined)
    throw new Missing('Keycloak is fetched with Maven the first time, and none was found: install Maven (mvn).');
  process.stderr.write(`Fetching Keycloak ${VERSION} (the first time; about 177 MB) …\n`);
  const artifact = `-Dartifact=org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`;
  must('mvn', ['-q', '-B', PLUGIN, artifact, `-DoutputDirectory=${folder}`]);
}

function must(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${path.basename(command)} ${args[0]} failed:\n${stdout}${stderr}`.slice(0, 4_000));
}
