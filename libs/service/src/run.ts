import { compileSooner } from './compiler';
import { makeFolders } from './folders';
import { bugOf, endOnBugs, giveUp, leave } from './leaving';
import { STDERR } from './log-lines';
import { openFiles } from './open-files';
import { sentence } from './sentence';
import type { Server, ServiceDefinition, ServiceIdentity } from './server';
import { settingsFrom, type Settings } from './settings';
import { SettingsError } from './settings-error';

/** Program is what a service is made of, and what it says and does once it listens. */
export interface Program extends Omit<ServiceDefinition, keyof ServiceIdentity> {
  /** started runs when it listens, before anything is said. */
  readonly started?: (server: Server, settings: Settings) => Promise<void>;
  /** banner is written to stdout when it is ready. */
  readonly banner?: (server: Server, settings: Settings) => Promise<string>;
}

/**
 * runService is the main of every program: reads the settings, starts, says where it listens, and stops on SIGTERM or SIGINT within
 * DRAIN_SECONDS. What keeps it from starting is said in one sentence, with exit code 1. The program is loaded, which takes longest,
 * after its files are open and what can be done beside it has begun. With the argument `rebuild` it starts nothing: it drops what it has
 * from the log, says what, and ends.
 */
export async function runService(identity: ServiceIdentity, load: () => Program | Promise<Program>): Promise<void> {
  endOnBugs();
  compileSooner();
  // Nobody needs what it says there to do its work.
  process.stdout.on('error', () => undefined);
  try {
    const word = wordOf(process.argv.slice(2));
    const settings = settingsFrom(process.env, process.cwd());
    makeFolders(settings);
    if (word === REBUILD) return await rebuilt(settings, identity, load);
    const files = await openFiles(settings, identity);
    const program = await load();
    const { startServer } = await import('./server.js');
    const server = await startServer(settings, { ...identity, ...program }, files);
    stopOnSignal(server, settings);
    await program.started?.(server, settings);
    const said = await program.banner?.(server, settings);
    process.stdout.write(said ?? `${identity.name} listens ${server.url}\n`);
  } catch (error) {
    fail(sentence(error));
  }
}

/** REBUILD is the word after which a program drops what it has from the log, and ends. */
const REBUILD = 'rebuild';

/** wordOf the arguments: `rebuild`, or none; throws `SettingsError` for anything else, which would be started as if it had not been said. */
function wordOf([word, ...more]: readonly string[]): typeof REBUILD | undefined {
  const unknown = word === REBUILD ? more[0] : word;
  if (unknown !== undefined)
    throw new SettingsError(
      `${unknown} is not known here: give no argument to start, or ${REBUILD} alone. Nothing was done.`,
    );
  return word === undefined ? undefined : REBUILD;
}

/** rebuilt says what was dropped; clients of engines may still hold sockets for a moment, so it leaves. */
async function rebuilt(settings: Settings, identity: ServiceIdentity, load: () => unknown): Promise<void> {
  await load();
  const { rebuild } = await import('./rebuild.js');
  process.stdout.write(await rebuild(settings, identity), () => void leave(0));
}

/** stopOnSignal is the one owner of signals: the first one drains, a second one or the end of the time leaves at once and says what was not done. */
function stopOnSignal(server: Server, { drainMs }: Settings): void {
  let stopping = false;
  const tooLate = (why: string) => giveUp({ unfinished: server.unfinished() }, why);
  const stop = () => {
    if (stopping) return tooLate('a second signal ends the stop');
    stopping = true;
    setTimeout(() => tooLate('the time for the stop is over (DRAIN_SECONDS)'), drainMs).unref();
    server.stop().then(
      () => leave(0),
      (error: unknown) => giveUp({ unfinished: server.unfinished(), ...bugOf(error) }, 'the stop failed'),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(message: string): void {
  STDERR.write(`${message}\n`);
  // Something may still keep the process alive (a half-opened server); what failed to start has nothing to drain.
  void leave(1);
}
