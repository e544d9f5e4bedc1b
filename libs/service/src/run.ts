import { DomainError } from '@second-opinion/kernel';
import { certificateTrouble } from './certificate-trouble';
import { bugOf, endOnBugs, giveUp, leave } from './leaving';
import { STDERR } from './log-lines';
import { openFiles } from './open-files';
import type { Server, ServiceDefinition, ServiceIdentity } from './server';
import { makeDataDir, settingsFrom, SettingsError, type Settings } from './settings';

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
  // Nobody needs what it says there to do its work.
  process.stdout.on('error', () => undefined);
  try {
    const word = wordOf(process.argv.slice(2));
    const settings = settingsFrom(process.env, process.cwd());
    makeDataDir(settings.dataDir);
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
  process.stdout.write(await rebuild(settings, identity), () => process.exit(0));
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

/** sentence says in one plain sentence what is wrong, and what to do about it. */
function sentence(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EADDRINUSE')
    return 'The port is taken: stop what listens there, or choose another with PORT=… (METRICS_PORT=…).';
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES')
    return 'HOST and PORT (METRICS_HOST and METRICS_PORT) cannot be used here: choose others.';
  if (error instanceof Error && error.message === NOT_THIS_KEY) return WRONG_KEYS;
  const trouble = certificateTrouble(error);
  const engine = trouble === undefined ? undefined : ENGINES.find(([form]) => form.test((error as Error).message))?.[1];
  if (engine !== undefined) return `${engine} cannot be trusted: ${trouble}.`;
  if (error instanceof DomainError)
    return `${STORAGE[error.code] ?? 'It cannot start'} (${error.code} ${JSON.stringify(error.facts)}).`;
  if (error instanceof Error && error.message.startsWith('Kafka ')) return error.message;
  return `It cannot start: ${error instanceof Error ? error.stack : String(error)}`;
}

/** ENGINES by how what they could not do is told. */
const ENGINES = [
  [/^event-store\./, 'EventStoreDB at EVENTSTOREDB_URL'],
  [/^(Kafka |message-bus\.)/, 'Kafka at KAFKA_BROKERS'],
  [/^mongodb-/, 'MongoDB at MONGODB_URL'],
] as const;

/** NOT_THIS_KEY is what node:crypto says when a wrapped key is opened with another key than it was wrapped with. */
const NOT_THIS_KEY = 'Unsupported state or unable to authenticate data';
const WRONG_KEYS =
  'The key-encryption keys are not those of this deployment: put back its own (DATA_DIR/keks, or the files that VAULT_KEK_…_FILE names) from their backup. Nothing was changed in the data; new keys open nothing of it.';

const STORAGE: Readonly<Record<string, string>> = {
  'storage-unopenable': 'A file in DATA_DIR cannot be opened or written: check the folder and its owner',
  'storage-in-use': 'Another process works on this DATA_DIR: stop it first, or choose another folder',
  'service-runs': 'The service runs: stop all replicas of it first; nothing was changed',
  'storage-not-ours': 'A file in DATA_DIR is not a database of this product: choose another folder',
  'storage-unavailable':
    'A file in DATA_DIR, or MongoDB, stopped answering during the start: see to it and start again',
  'storage-too-new': 'The data was written by a newer version: start that version',
  'event-store.unreachable': 'No EventStoreDB server answers at EVENTSTOREDB_URL: start it, or correct the address',
  'event-store.access-denied': 'EventStoreDB refuses the user or the password of EVENTSTOREDB_URL: check both',
  'event-store.not-permitted':
    'The user of EVENTSTOREDB_URL may not do what this service does: run the step that makes users and rights (prepare)',
  'event-store.bad-url':
    'EVENTSTOREDB_URL is no connection string of EventStoreDB: write esdb://user:password@host:2113',
  'event-store.unsupported-server': 'The EventStoreDB server is too old: this needs 23.10 or later',
  'event-store.too-new': 'The log was written by a newer version: start that version',
  'message-bus.unreachable': 'No Kafka broker answers at KAFKA_BROKERS: start it, or correct the address',
  'mongodb-url-invalid':
    'MONGODB_URL is no connection string of MongoDB: write mongodb://user:password@host:port/?replicaSet=name',
  'mongodb-unreachable': 'No MongoDB server answers at the hosts of MONGODB_URL: start it, or correct the address',
  'mongodb-credentials-refused': 'MongoDB refuses the user or the password of MONGODB_URL: check both, and authSource',
  'mongodb-no-replica-set':
    'The MongoDB server is no member of the expected replica set: start it with --replSet, initiate the set, and name it in MONGODB_URL',
  'storage-not-prepared': 'A MongoDB database has not been prepared: run the step that makes users and databases',
  'storage-refused': 'The MongoDB user may not do what this service does: run the step that makes users and databases',
  'other-files':
    'The other services of this deployment have other files or other engines: give all of them the same engines (EVENTSTOREDB_URL, KAFKA_BROKERS, MONGODB_URL) and the same DATA_DIR',
  'claim-unanswered':
    'Kafka took what this service claims and did not give it back in time: see to its brokers and start again',
  'kek-missing':
    'A key-encryption key of this deployment is not there (VAULT_KEK_…_FILE, or DATA_DIR/keks); a new one would open nothing: put it back from its backup',
  'kek-unreadable': 'A key file cannot be read; without it nothing can be opened: put back the file from your backup',
};

function fail(message: string): void {
  STDERR.write(`${message}\n`);
  // Something may still keep the process alive (a half-opened server); what failed to start has nothing to drain.
  void leave(1);
}
