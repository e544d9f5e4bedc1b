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
try {
  const { folder, newKeks } = asked();
  for (const name of MOUNTED) readable(path.join(infra, name));
  const made = initDeployment(folder, { newKeks });
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

/** asked is what the command line asks for; throws `NotReady` with how it is called for what it does not know. */
function asked() {
  const options = { 'new-kek': { type: 'string', multiple: true, default: [] } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    return { folder: path.resolve(positionals[0] ?? path.join(infra, '.secrets')), newKeks: values['new-kek'] };
  } catch {
    throw new NotReady('npm run infra:init [-- FOLDER] [-- --new-kek NAME]');
  }
}
