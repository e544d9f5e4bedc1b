/** Mailpit from its published module: its own list of sums vouches for what it needs, and module.sum for itself. */
import fs from 'node:fs';
import path from 'node:path';
import { answer, cacheFolder, Missing } from '../../../engines/machine.mjs';
import { run } from '../../../images/compose.mjs';

const [MODULE, VERSION, SUM] = fs
  .readFileSync(path.join(import.meta.dirname, 'module.sum'), 'utf8')
  .trim()
  .split(' ');

/** mailpit gives the path of the program, built the first time. */
export async function mailpit() {
  const folder = path.join(cacheFolder(), `mailpit-${VERSION}-built`);
  const program = path.join(folder, 'mailpit');
  if (fs.existsSync(program)) return program;
  if (answer('go', ['version']) === undefined)
    throw new Missing('Mailpit is built with Go the first time, and none was found: install it.');
  const { Sum } = JSON.parse(await run('go', ['mod', 'download', '-json', `${MODULE}@${VERSION}`]));
  if (Sum !== SUM) throw new Missing('What was downloaded for Mailpit is not what module.sum of the repository names.');
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0' };
  await run('go', ['install', `${MODULE}@${VERSION}`], { env });
  return program;
}
