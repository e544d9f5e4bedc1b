import { people, User, type Name } from './play';
import { settingsFrom } from '@second-opinion/service';

void main();

/** Prints just a token of a person of the demo world; everything else goes to stderr. */
async function main(): Promise<void> {
  const { host, port } = settingsFrom(process.env, process.cwd());
  const base = `http://${host}:${port}`;
  const [name] = process.argv.slice(2);
  const login = name !== undefined && Object.hasOwn(people, name) ? people[name as Name] : undefined;
  if (!login) return fail(`Say whose: npm run -s token -- <person>, one of ${Object.keys(people).join(', ')}.`);
  try {
    process.stdout.write(`${await new User(base, login, 0).bearer()}\n`);
  } catch {
    fail(`No demo server answers at ${base}: start it with npm start (HOST and PORT say where).`);
  }
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
