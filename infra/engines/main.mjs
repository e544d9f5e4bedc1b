/**
 * npm run engines [-- --only kafka,mongodb]: starts the engines, prints their URLs, runs until it is asked to end. With `--check` it ends as
 * soon as they were ready; exit code 3 says that the machine lacks something, and the sentence before it what.
 */
import { startEngines } from './engines.mjs';
import { tell, whenAskedToEnd } from './foreground.mjs';
import { argumentsOf, Missing, Misused } from './machine.mjs';

const LACKING = 3;
const USAGE = 'npm run engines [-- [--only kafka,mongodb] [--check]]';
const HINT = `
In another terminal, with these settings in the environment:
  npx nx test @second-opinion/message-bus     the suites of that port, on this engine too
  npm run test:engines                        everything that needs engines
Break one:  curl -X POST $ENGINES_CONTROL/kafka/kill     (kill, start, stop, freeze, thaw; eventstoredb also resign, elect)
The data is temporary. End with Ctrl-C.
`;

async function main() {
  const values = argumentsOf({ only: { type: 'string' }, check: { type: 'boolean' } }, USAGE);
  let running;
  let ending = false;
  const end = async (code) => {
    ending = true;
    process.stderr.write('Stopping the engines …\n');
    await running?.stop();
    process.exit(code);
  };
  whenAskedToEnd(end);
  process.stderr.write('Starting the engines …\n');
  const only = values.only?.split(',');
  running = await startEngines(only ? { only } : {});
  if (ending) return end(1);
  if (values.check) return end(0);
  for (const [name, value] of Object.entries(running.env)) process.stdout.write(`export ${name}='${value}'\n`);
  process.stderr.write(HINT);
  setInterval(() => undefined, 1 << 30);
}

main().catch((error) => {
  tell(error, Missing);
  process.exitCode = error instanceof Missing && !(error instanceof Misused) ? LACKING : 1;
});
