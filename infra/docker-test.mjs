/** npm run test:images, test:compose: a file of checks that need a real Docker engine. It never skips; the last line is the sum. */
import path from 'node:path';
import { checked, lastLine } from './checked.mjs';
import { tell } from './engines/foreground.mjs';
import { Missing } from './engines/machine.mjs';
import { assertDocker } from './images/compose.mjs';

const [checks = ''] = process.argv.slice(2);

try {
  await assertDocker();
  lastLine(await checked(path.join(import.meta.dirname, checks), { withinMs: 3_600_000 }));
} catch (error) {
  tell(error, Missing);
  lastLine({ passed: 0, failed: 1 });
}
