/** Everything secret that a deployment with docker-compose.yml needs, made once into one folder that git ignores. */
import { randomBytes } from 'node:crypto';
import { CONTEXTS, KEKS, RIGHTS } from '../rights.mjs';
import { authority, certificate, ending, NotReady } from './certificates.mjs';
import { kek, password, Secrets } from './files.mjs';

/** HOSTS: each party with a certificate, and the names by which the others reach it. */
const HOSTS = {
  eventstoredb: ['eventstoredb', 'localhost', '127.0.0.1'],
  kafka: ['kafka', 'localhost', '127.0.0.1'],
  mongodb: ['mongodb', 'localhost', '127.0.0.1'],
  keycloak: ['keycloak', 'localhost', '127.0.0.1'],
  gateway: ['localhost', 'gateway', '127.0.0.1'],
};

/**
 * initDeployment makes what is missing and gives the names of the files that were made; what is there stays as it is. A key-encryption key
 * that is missing where others are is made only when it is one of `newKeks`. Throws `NotReady`, and has made nothing then.
 */
export function initDeployment(folder, options) {
  const others = initSecrets(folder, options);
  const secrets = new Secrets(folder);
  authority(secrets);
  for (const [name, hosts] of Object.entries(HOSTS)) certificate(secrets, name, hosts);
  return [...secrets.made, ...others];
}

/** SOON: certificates that end within so many days are told. */
const SOON = 60;

/** endingSoon gives a line for each certificate that ends soon or has ended, with how to renew it. */
export function endingSoon(folder, now = Date.now()) {
  return ending(new Secrets(folder), Object.keys(HOSTS), { days: SOON, now }).map(({ name, end }) => {
    const [whose, what, using] =
      name === 'ca' ? ['the authority', 'ca/ and tls.* everywhere', ''] : [name, `${name}/tls.*`, ` ${name}`];
    const when = `${end < now ? 'has ended' : 'ends'} on ${new Date(end).toISOString().slice(0, 10)}`;
    return `The certificate of ${whose} ${when}: remove ${what} in ${folder}, run this again, then docker compose up -d --force-recreate${using}.`;
  });
}

/** initSecrets makes everything but the certificates, which need openssl. */
export function initSecrets(folder, { newKeks = [] } = {}) {
  const secrets = new Secrets(folder);
  keyEncryptionKeys(secrets, newKeks);
  eventStoreDb(secrets);
  kafka(secrets);
  mongoDb(secrets);
  people(secrets);
  return secrets.made;
}

/** DEPLOYED is made after the key-encryption keys and never again: where it is, keys that are not were lost. */
const DEPLOYED = 'mongodb/replica-set.key';

/** All at once, the first time. A new one in the place of one that was lost would open nothing: whoever wants one has to name it. */
function keyEncryptionKeys(secrets, newKeks) {
  const unknown = newKeks.find((name) => !KEKS.includes(name));
  if (unknown !== undefined)
    throw new NotReady(`${unknown} is no key-encryption key: it must be one of ${KEKS.join(', ')}.`);
  const fileOf = (name) => `keks/${name}.kek`;
  const missing = KEKS.filter((name) => !secrets.has(fileOf(name)));
  if (missing.length === KEKS.length && !secrets.has(DEPLOYED)) {
    const [foreign] = secrets.names('keks');
    if (foreign !== undefined)
      throw new NotReady(
        `${secrets.at('keks')} holds ${foreign}, which is no key-encryption key: take it out of there and run this again. Nothing was made.`,
      );
    return secrets.together(
      'keks',
      KEKS.map((name) => `${name}.kek`),
      kek,
    );
  }
  const lost = missing.filter((name) => !newKeks.includes(name)).map(fileOf);
  if (lost.length > 0)
    throw new NotReady(
      `Of the key-encryption keys in ${secrets.folder} ${lost.join(', ')} is not there: put it back from its backup, since nothing that was sealed with it can be opened with a new one. Nothing was made. (One that this deployment never had: npm run infra:init -- --new-kek <name>)`,
    );
  for (const name of newKeks) secrets.once(fileOf(name), kek);
}

/** One user for all services: it reads and appends, and may not delete (infra/prepare sees to it). */
function eventStoreDb(secrets) {
  const admin = secrets.once('eventstoredb/admin.password', password);
  const ops = secrets.once('eventstoredb/ops.password', password);
  const services = secrets.once('eventstoredb/services.password', password);
  const lines = [`EVENTSTORE_DEFAULT_ADMIN_PASSWORD=${admin}`, `EVENTSTORE_DEFAULT_OPS_PASSWORD=${ops}`];
  secrets.derived('eventstoredb/passwords.env', `${lines.join('\n')}\n`);
  const at = 'eventstoredb:2113?tls=true&tlsCaFile=/run/secrets/ca.crt';
  secrets.derived('eventstoredb/services.url', `esdb://services:${services}@${at}\n`);
}

/** A user for each service, and one that makes topics and rights. */
function kafka(secrets) {
  for (const name of ['admin', ...CONTEXTS]) secrets.once(`kafka/${name}.password`, password);
  const users = ['admin', ...CONTEXTS].map((name) => `${name} ${secrets.read(`kafka/${name}.password`)}`);
  secrets.derived('kafka/users', `${users.join('\n')}\n`);
  secrets.once('kafka/cluster-id', () => Buffer.concat([Buffer.from([0]), randomBytes(15)]).toString('base64url'));
}

/** A user for each service, and one that makes users. */
function mongoDb(secrets) {
  secrets.once('mongodb/replica-set.key', () => randomBytes(756).toString('base64'));
  secrets.once('mongodb/root.password', password);
  const at = 'mongodb:27017/?replicaSet=rs0&authSource=admin&tls=true&tlsCAFile=/run/secrets/ca.crt';
  for (const name of CONTEXTS) {
    const own = secrets.once(`mongodb/${name}.password`, password);
    secrets.derived(`mongodb/${name}.url`, `mongodb://${name}:${own}@${at}\n`);
  }
}

/** The administrator of the identity provider, the one password of all people of the demo world, and that of the dashboards. */
function people(secrets) {
  const admin = secrets.once('keycloak/admin.password', password);
  const demo = secrets.once('keycloak/demo.password', password);
  const lines = ['KC_BOOTSTRAP_ADMIN_USERNAME=admin', `KC_BOOTSTRAP_ADMIN_PASSWORD=${admin}`, `DEMO_PASSWORD=${demo}`];
  secrets.derived('keycloak/passwords.env', `${lines.join('\n')}\n`);
  secrets.once('grafana/admin.password', password);
}

/** keksOf a service, by the setting that names its file. */
export function keksOf(context) {
  return RIGHTS[context].keks.map((name) => ({
    variable: `VAULT_KEK_${name.toUpperCase()}_FILE`,
    file: `keks/${name}.kek`,
  }));
}
