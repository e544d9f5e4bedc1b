/** A certificate authority of this deployment's own, and a certificate for each engine and the gateway, made with openssl. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const YEARS = 10;
const CA_DAYS = String(365 * YEARS);
const DAYS = '825';

/** NotReady is something that the person at the keyboard can put right. */
export class NotReady extends Error {}

/** authority makes the certificate authority, whose key stays with whoever runs this step. */
export function authority(secrets) {
  if (secrets.has('ca/ca.crt')) return;
  assertOpenssl();
  inFolder((folder) => {
    newKey(folder, 'ca.key', 4096);
    // A file of our own: the one of the distribution may bring extensions that would then stand in the certificate twice.
    const lines = [
      ...['[req]', 'prompt = no', 'distinguished_name = name', 'x509_extensions = authority'],
      ...['[name]', 'O = second-opinion', 'CN = second-opinion deployment authority'],
      ...['[authority]', 'basicConstraints = critical,CA:TRUE', 'keyUsage = critical,keyCertSign,cRLSign'],
      'subjectKeyIdentifier = hash',
    ];
    fs.writeFileSync(path.join(folder, 'settings'), lines.join('\n'));
    openssl(folder, [
      ...['req', '-x509', '-new', '-config', 'settings', '-key', 'ca.key'],
      ...['-days', CA_DAYS, '-out', 'ca.crt'],
    ]);
    secrets.once('ca/ca.key', () => fs.readFileSync(path.join(folder, 'ca.key')), 0o600);
    secrets.once('ca/ca.crt', () => fs.readFileSync(path.join(folder, 'ca.crt')));
  });
}

/** certificate makes `<name>/tls.key`, `<name>/tls.crt` and both in `<name>/tls.pem`, for these host names. */
export function certificate(secrets, name, hosts) {
  if (secrets.has(`${name}/tls.pem`)) return;
  assertOpenssl();
  inFolder((folder) => {
    newKey(folder, 'tls.key', 2048);
    openssl(folder, ['req', '-new', '-key', 'tls.key', '-subj', `/O=second-opinion/CN=${hosts[0]}`, '-out', 'tls.csr']);
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
    openssl(folder, [
      'x509',
      '-req',
      '-in',
      'tls.csr',
      ...by,
      '-days',
      DAYS,
      '-extfile',
      'extensions',
      '-out',
      'tls.crt',
    ]);
    const [key, crt] = ['tls.key', 'tls.crt'].map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
    secrets.once(`${name}/tls.key`, () => key);
    secrets.once(`${name}/tls.crt`, () => crt);
    secrets.once(`${name}/tls.pem`, () => `${key}${crt}`);
  });
}

/** RSA, since not every engine takes elliptic curves from such a file; PKCS#8 for the same reason. */
function newKey(folder, file, bits) {
  openssl(folder, ['genpkey', '-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`, '-out', file]);
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
