/** npm run infra:init [-- FOLDER]: makes secrets, certificates and keys of a deployment; a second time only what is missing. */
import path from 'node:path';
import { NotReady } from './certificates.mjs';
import { endingSoon, initDeployment } from './deployment.mjs';
import { readable } from './files.mjs';

/** MOUNTED are the folders whose files docker-compose.yml gives to containers. */
const MOUNTED = ['kafka', 'keycloak', 'prometheus', 'grafana'];

const infra = path.join(import.meta.dirname, '..');
const folder = path.resolve(process.argv[2] ?? path.join(infra, '.secrets'));
try {
  for (const name of MOUNTED) readable(path.join(infra, name));
  const made = initDeployment(folder);
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
