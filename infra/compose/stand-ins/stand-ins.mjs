/**
 * Stand-ins for the published images of docker-compose.yml and the Dockerfile, where no image registry is reached: made of packages, under
 * the pinned names, in the local engine only. Each says by its label what it is.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kafkaJars } from '../../engines/kafka.mjs';
import { answer, Missing } from '../../engines/machine.mjs';
import { mongod } from '../../engines/mongodb.mjs';
import { run } from '../../images/compose.mjs';
import { keycloakZip } from '../../oidc/keycloak.mjs';
import { mailpit } from './mailpit/mailpit.mjs';

const HERE = import.meta.dirname;
const ROOT = path.join(HERE, '..', '..', '..');
const SERVER = path.join(ROOT, 'infra', 'engines', 'eventstoredb-test-server');
const LABEL = 'second-opinion.stand-in';
/** What stand-ins are made from. */
const DEBIAN = 'second-opinion-stand-in/debian';
const MODULES = 'second-opinion-stand-in/modules';
const RELEASE = 'trixie';
const TRUSTED = '/etc/ssl/certs/ca-certificates.crt';
const PULL_MS = 60_000;

/** STAND_INS by the name of an image without its tag: the folder with its Dockerfile, what it is, and what is put beside that Dockerfile. */
const STAND_INS = {
  node: {
    ...{ folder: 'node', is: 'the pinned Node with the npm of this machine, on Debian' },
    add: (to) => {
      fs.copyFileSync(process.execPath, path.join(to, 'node'));
      fs.cpSync(npm(), path.join(to, 'npm'), { recursive: true, verbatimSymlinks: true });
      fs.copyFileSync(TRUSTED, path.join(to, 'ca-certificates.crt'));
    },
  },
  'nginxinc/nginx-unprivileged': { folder: 'nginx', is: "Debian's nginx" },
  'eventstore/eventstore': {
    ...{ folder: 'eventstoredb', is: 'the EventStoreDB test server of this repository' },
    add: async (to) => {
      await modules();
      fs.cpSync(SERVER, path.join(to, 'server'), { recursive: true });
    },
  },
  'apache/kafka': {
    ...{ folder: 'kafka', is: 'Apache Kafka from its published jars, under scripts of this repository' },
    add: async (to) => fs.cpSync(await kafkaJars(), path.join(to, 'libs'), { recursive: true, filter: isNoArchive }),
  },
  mongo: {
    ...{ folder: 'mongo', is: 'MongoDB 6.0.5, an older one, under scripts of this repository' },
    add: async (to) => {
      await modules();
      fs.copyFileSync(await mongod(), path.join(to, 'mongod'));
    },
  },
  'axllent/mailpit': {
    ...{ folder: 'mailpit', is: 'Mailpit from its published module, without its page' },
    add: async (to) => fs.copyFileSync(await mailpit(), path.join(to, 'mailpit')),
  },
  'quay.io/keycloak/keycloak': {
    ...{ folder: 'keycloak', is: "Keycloak's own distribution, on Debian's Java" },
    add: async (to) => {
      await run('unzip', ['-q', await keycloakZip(), '-d', to]);
      const [unpacked] = fs.globSync('keycloak-*', { cwd: to });
      fs.renameSync(path.join(to, unpacked), path.join(to, 'keycloak'));
    },
  },
  'prom/prometheus': { folder: 'prometheus', is: "Debian's Prometheus" },
};

/** npm, as it says to what it runs, is its program two folders below its own. */
const npm = () => path.join(process.env.npm_execpath, '..', '..');

/** Class data of a Java of this machine lie beside the jars. */
const isNoArchive = (file) => !file.endsWith('.jsa');

/** standIn makes a stand-in for each pinned image that the engine neither has nor can pull; throws {@link Missing} when this machine cannot make one. */
export async function standIn() {
  for (const image of pinnedImages()) {
    if (isThere(image) && !labelOf(image)) continue;
    if (answer('docker', ['pull', '--quiet', image], { timeout: PULL_MS }) !== undefined) continue;
    const made = STAND_INS[image.split(':')[0]];
    if (made) await build(image, made);
    else
      process.stderr.write(
        `${image} is not to be had, and nothing stands in for it: its profile is only checked as a file.\n`,
      );
  }
}

/** standInsHere gives the pinned images that are stand-ins in the local engine, each with what it is: `image: what`. */
export function standInsHere() {
  return pinnedImages()
    .filter((image) => isThere(image) && labelOf(image))
    .map((image) => `${image}: ${labelOf(image)}`);
}

/** pinnedImages of docker-compose.yml and of the Dockerfile; the Dockerfile's come first, others are made from them. */
function pinnedImages() {
  const dockerfile = fs.readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
  const compose = fs.readFileSync(path.join(ROOT, 'docker-compose.yml'), 'utf8');
  const found = [
    ...dockerfile.matchAll(/^FROM (\S+:\S+)/gm),
    ...compose.matchAll(/^ +image: (?:\$\{\w+:-)?([^\s:}]+:[^\s}]+)/gm),
  ];
  return [...new Set(found.map(([, image]) => image))];
}

const isThere = (image) => answer('docker', ['image', 'inspect', image]) !== undefined;

const labelOf = (image) =>
  answer('docker', ['image', 'inspect', '--format', `{{index .Config.Labels "${LABEL}"}}`, image])?.trim();

async function build(image, { folder, is, add }) {
  process.stderr.write(`Making a stand-in for ${image}: ${is} …\n`);
  await debian();
  const context = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-stand-in-'));
  try {
    fs.cpSync(path.join(HERE, folder), context, { recursive: true });
    await add?.(context);
    await run('docker', ['build', '--quiet', '--label', `${LABEL}=${is}`, '--tag', image, context]);
  } finally {
    fs.rmSync(context, { recursive: true, force: true });
  }
}

/** modules makes an image of what the product needs of npm, by its lock file: what stands in with a program in JavaScript is made with it. */
const modules = () => run('docker', ['build', '--quiet', '--target', 'production', '--tag', MODULES, ROOT]);

/** debian makes the image that others are made from, once, of signed packages. */
async function debian() {
  if (isThere(DEBIAN)) return;
  if (process.getuid?.() !== 0 || answer('debootstrap', ['--version']) === undefined)
    throw new Missing('Stand-ins are made from a Debian that debootstrap makes: install it, and run this as root.');
  process.stderr.write('Making Debian (the first time; two minutes) …\n');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-debian-'));
  const [root, archive] = [path.join(folder, 'root'), path.join(folder, 'root.tar')];
  try {
    await run('debootstrap', ['--variant=minbase', RELEASE, root]);
    const without = ['./proc/*', './sys/*', './dev/*', './var/cache/apt/archives/*.deb'].map(
      (one) => `--exclude=${one}`,
    );
    await run('tar', ['--one-file-system', '--numeric-owner', '-C', root, ...without, '-cf', archive, '.']);
    await run('docker', ['import', '--change', `LABEL ${LABEL}="a Debian of debootstrap"`, archive, DEBIAN]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
