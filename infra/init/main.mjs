/**
 * npm run infra:init [-- FOLDER] [-- --new-kek NAME]: makes secrets, certificates and keys of a deployment; a second time only what is missing. A
 * key-encryption key that a deployment has lost is not made anew, one that it never had is where it is named.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { NotReady } from './certificates.mjs';
import { endingSoon, initDeployment } from './deployment.mjs';
import { readable } from './files.mjs';

/** MOUNTED are the folders whose files docker-compose.yml gives to containers. */
const MOUNTED = ['kafka', 'keycloak', 'prometheus', 'grafana'];

const infra = path.join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { 'new-kek': { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
});
const folder = path.resolve(positionals[0] ?? path.join(infra, '.secrets'));
try {
  for (const name of MOUNTED) readable(path.join(infra, name));
  const made = initDeployment(folder, { newKeks: values['new-kek'] });
  process.stdout.write(
    made.length === 0
      ? `Everything is there already, in ${folder}.\n`
      : `Made ${made.length} files in ${folder}: certificates, key-encryption keys and passwords.\nKeep a copy of it apart from the backups of the data: without keks/ nothing sealed can be opened again.\n`,
  );
  for (const line of endingSoon(folder)) process.stdout.write(`${line}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof NotReady ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
