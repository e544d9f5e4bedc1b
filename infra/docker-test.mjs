/**
 * npm run test:images, test:compose: a file of checks that need a real Docker engine. It never skips; the last line is the sum. With
 * `--stand-ins` published images that cannot be had are replaced in the local engine first, and the sum is said to be of those.
 */
import path from 'node:path';
import { checked, lastLine } from './checked.mjs';
import { standIn, standInsHere } from './compose/stand-ins/stand-ins.mjs';
import { tell } from './engines/foreground.mjs';
import { Missing } from './engines/machine.mjs';
import { assertDocker } from './images/compose.mjs';

const [checks = '', option] = process.argv.slice(2);

try {
  await assertDocker();
  if (option === '--stand-ins') await standIn();
  const standIns = standInsHere();
  const said = `These images are stand-ins, not what their names say:\n  ${standIns.join('\n  ')}`;
  if (standIns.length > 0 && option !== '--stand-ins')
    throw new Missing(`${said}\nRemove them (infra/README.md), or say --stand-ins.`);
  const sum = await checked(path.join(import.meta.dirname, checks), { withinMs: 3_600_000 });
  if (standIns.length > 0) process.stderr.write(`\n${said}\n`);
  lastLine(sum);
} catch (error) {
  tell(error, Missing);
  lastLine({ passed: 0, failed: 1 });
}
