/** Docker and Compose, as a test needs them: what they print is kept, and told when they fail. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Missing } from '../engines/machine.mjs';

/** run runs a command to its end and gives what it printed on stdout; throws with all that it said when it fails. */
export async function run(command, args, { cwd, env = process.env, loud = false } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let all = '';
  child.stdout.on('data', (piece) => {
    out += piece;
    all += piece;
    if (loud) process.stderr.write(piece);
  });
  child.stderr.on('data', (piece) => {
    all += piece;
    if (loud) process.stderr.write(piece);
  });
  const [code] = await once(child, 'close').catch((error) => {
    throw new Error(`${command} cannot be run: ${error.message}`);
  });
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} ended with ${code}:\n${all.slice(-4_000)}`);
  return out;
}

/** assertDocker throws one sentence when there is no engine to build and run images with. */
export async function assertDocker() {
  const there = await run('docker', ['version', '--format', '{{.Server.Version}}']).catch(() => undefined);
  if (there === undefined)
    throw new Missing('The images are tested with a Docker engine, and none answers: install Docker and start it.');
  const compose = await run('docker', ['compose', 'version', '--short']).catch(() => undefined);
  if (compose === undefined)
    throw new Missing('The images are tested with Docker Compose, and `docker compose` is not there: install it.');
}

/** Compose is one project of Compose, from the files of a folder; `env` has the settings that these files leave open. */
export class Compose {
  constructor(folder, files, project, env = process.env) {
    this.folder = folder;
    this.env = env;
    this.options = ['compose', '-p', project, ...files.flatMap((file) => ['-f', file])];
  }

  run(...args) {
    return run('docker', [...this.options, ...args], { cwd: this.folder, env: this.env });
  }

  loud(...args) {
    return run('docker', [...this.options, ...args], { cwd: this.folder, env: this.env, loud: true });
  }

  /** containerOf a service, also when it is stopped. */
  async containerOf(service) {
    return (await this.run('ps', '-a', '-q', service)).trim();
  }

  /** inspect gives what the engine knows of the container of a service. */
  async inspect(service) {
    const [known] = JSON.parse(await run('docker', ['inspect', await this.containerOf(service)]));
    return known;
  }

  /** evaluate runs a piece of JavaScript inside the container of a service and gives what it printed. */
  evaluate(service, script) {
    return this.run('exec', '-T', service, 'node', '-e', script);
  }
}
