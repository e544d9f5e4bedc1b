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
    newKey(folder, 'ca.key');
    const subject = '/O=second-opinion/CN=second-opinion deployment authority';
    const constraints = [
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    ];
    openssl(folder, [
      'req',
      '-x509',
      '-new',
      '-key',
      'ca.key',
      '-days',
      CA_DAYS,
      '-subj',
      subject,
      ...constraints,
      '-out',
      'ca.crt',
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
    newKey(folder, 'tls.key');
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
function newKey(folder, file) {
  openssl(folder, ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072', '-out', file]);
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
