/** A certificate authority of this deployment's own, and a certificate for each engine and the gateway, made with openssl. */
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const YEARS = 10;
const CA_DAYS = String(365 * YEARS);
const DAYS = '825';
const DAY_MS = 86_400_000;

/** NotReady is something that the person at the keyboard can put right. */
export class NotReady extends Error {}

/** authority makes the certificate authority, whose key stays with whoever runs this step. */
export function authority(secrets) {
  if (secrets.has('ca/ca.crt')) return;
  assertOpenssl();
  inFolder((folder) => {
    // Of the key that is there already, when this step was cut off after it.
    secrets.once('ca/ca.key', () => newKey(folder, 4096), 0o600);
    // A file of our own: the one of the distribution may bring extensions that would then stand in the certificate twice.
    const lines = [
      ...['[req]', 'prompt = no', 'distinguished_name = name', 'x509_extensions = authority'],
      ...['[name]', 'O = second-opinion', 'CN = second-opinion deployment authority'],
      ...['[authority]', 'basicConstraints = critical,CA:TRUE', 'keyUsage = critical,keyCertSign,cRLSign'],
      'subjectKeyIdentifier = hash',
    ];
    fs.writeFileSync(path.join(folder, 'settings'), lines.join('\n'));
    openssl(folder, [
      ...['req', '-x509', '-new', '-config', 'settings', '-key', secrets.at('ca/ca.key')],
      ...['-days', CA_DAYS, '-out', 'ca.crt'],
    ]);
    secrets.once('ca/ca.crt', () => fs.readFileSync(path.join(folder, 'ca.crt')));
  });
}

/**
 * certificate makes `<name>/tls.key`, `<name>/tls.crt` for these host names, and both in `<name>/tls.pem`: each of those before it, so that a
 * step that was cut off goes on where it was, and again where key and certificate are no pair. A pair of somebody else's stays as it is.
 */
export function certificate(secrets, name, hosts) {
  const [key, crt, pem] = ['key', 'crt', 'pem'].map((kind) => `${name}/tls.${kind}`);
  if (isPair(secrets, key, crt) && secrets.has(pem)) return;
  assertOpenssl();
  inFolder((folder) => {
    secrets.once(key, () => newKey(folder, 2048));
    if (!isPair(secrets, key, crt)) secrets.again(crt, signed(secrets, folder, key, hosts));
    secrets.again(pem, `${secrets.read(key)}\n${secrets.read(crt)}\n`);
  });
}

/** ending lists whose certificate (`ca`: the authority's) ends within so many days from `now`, or has ended, and when. */
export function ending(secrets, names, { days, now }) {
  const endOf = (name) => {
    const files = [`${name}/ca.crt`, `${name}/tls.crt`, `${name}/tls.pem`].filter((file) => secrets.has(file));
    return Math.min(...files.map((file) => Date.parse(new X509Certificate(secrets.read(file)).validTo)));
  };
  const ends = ['ca', ...names].map((name) => ({ name, end: endOf(name) }));
  return ends.filter(({ end }) => end - now < days * DAY_MS);
}

function isPair(secrets, key, crt) {
  if (!secrets.has(key) || !secrets.has(crt)) return false;
  return new X509Certificate(secrets.read(crt)).checkPrivateKey(createPrivateKey(secrets.read(key)));
}

/** signed by the authority of this deployment: a certificate for the key in this file. */
function signed(secrets, folder, key, hosts) {
  if (!secrets.has('ca/ca.key'))
    throw new NotReady(`Put ca.key back into ${secrets.at('ca')}: without it no certificate can be made.`);
  const subject = `/O=second-opinion/CN=${hosts[0]}`;
  openssl(folder, ['req', '-new', '-key', secrets.at(key), '-subj', subject, '-out', 'tls.csr']);
  const names = hosts.map((host) => (/^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`)).join(',');
  const extensions = [
    'basicConstraints=CA:FALSE',
    'keyUsage=critical,digitalSignature,keyEncipherment',
    'extendedKeyUsage=serverAuth,clientAuth',
    `subjectAltName=${names}`,
  ];
  fs.writeFileSync(path.join(folder, 'extensions'), extensions.join('\n'));
  const by = [
    '-CA',
    secrets.at('ca/ca.crt'),
    '-CAkey',
    secrets.at('ca/ca.key'),
    '-CAcreateserial',
    '-CAserial',
    'serial',
  ];
  const what = ['x509', '-req', '-in', 'tls.csr', ...by, '-days', DAYS, '-extfile', 'extensions', '-out', 'tls.crt'];
  openssl(folder, what);
  return fs.readFileSync(path.join(folder, 'tls.crt'), 'utf8');
}

/** RSA, since not every engine takes elliptic curves from such a file; PKCS#8 for the same reason. */
function newKey(folder, bits) {
  openssl(folder, ['genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`, '-out', 'new.key']);
  return fs.readFileSync(path.join(folder, 'new.key'), 'utf8');
}

function assertOpenssl() {
  if (spawnSync('openssl', ['version']).status !== 0)
    throw new NotReady('The certificates are made with openssl, and none was found: install it and try again.');
}

function inFolder(work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-certificates-'));
  try {
    work(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function openssl(cwd, args) {
  const { status, stderr } = spawnSync('openssl', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr}`);
}
