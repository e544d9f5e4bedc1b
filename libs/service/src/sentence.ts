import { DomainError } from '@second-opinion/kernel';
import { certificateTrouble } from './certificate-trouble';
import { SettingsError } from './settings-error';

/** sentence says in one plain sentence what is wrong, and what to do about it; `otherwise` begins what it says of anything else. */
export function sentence(error: unknown, otherwise = 'It cannot start'): string {
  if (error instanceof SettingsError) return error.message;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EADDRINUSE')
    return 'The port is taken: stop what listens there, or choose another with PORT=… (METRICS_PORT=…).';
  if (NO_ADDRESS.includes(code ?? ''))
    return 'HOST and PORT (METRICS_HOST and METRICS_PORT) cannot be used here: choose others.';
  const trouble = certificateTrouble(error);
  const engine = trouble === undefined ? undefined : ENGINES.find(([form]) => form.test((error as Error).message))?.[1];
  if (engine !== undefined) return `${engine} cannot be trusted: ${trouble}.`;
  if (error instanceof DomainError)
    return `${STORAGE[error.code] ?? otherwise} (${error.code} ${JSON.stringify(error.facts)}).`;
  if (error instanceof Error && error.message.startsWith('Kafka ')) return error.message;
  return `${otherwise}: ${error instanceof Error ? error.stack : String(error)}`;
}

/** NO_ADDRESS: what is said of a host that is none of this machine's, or not known at all. */
const NO_ADDRESS = ['EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND', 'EAI_AGAIN'];

/** ENGINES by how what they could not do is told. */
const ENGINES = [
  [/^event-store\./, 'EventStoreDB at EVENTSTOREDB_URL'],
  [/^(Kafka |message-bus\.)/, 'Kafka at KAFKA_BROKERS'],
  [/^mongodb-/, 'MongoDB at MONGODB_URL'],
] as const;

const STORAGE: Readonly<Record<string, string>> = {
  'storage-unopenable': 'A file in DATA_DIR cannot be opened or written: check the folder and its owner',
  'storage-in-use': 'Another process works on this DATA_DIR: stop it first, or choose another folder',
  'service-runs': 'The service runs: stop all replicas of it first; nothing was changed',
  'storage-not-ours': 'A file in DATA_DIR is not a database of this product: choose another folder',
  'storage-unavailable':
    'A file in DATA_DIR, or MongoDB, stopped answering during the start: see to it and start again',
  'storage-too-new': 'The data was written by a newer version: start that version',
  'event-store.unreachable': 'No EventStoreDB server answers at EVENTSTOREDB_URL: start it, or correct the address',
  'event-store.unavailable':
    'EventStoreDB answers at EVENTSTOREDB_URL and does not take what is appended: compare the clock of this machine with that of the server (ten minutes behind is too much), and see there whether a node leads and whether its disk is full',
  'event-store.access-denied': 'EventStoreDB refuses the user or the password of EVENTSTOREDB_URL: check both',
  'event-store.not-permitted':
    'The user of EVENTSTOREDB_URL may not do what this service does: run the step that makes users and rights (prepare)',
  'event-store.bad-url':
    'EVENTSTOREDB_URL is no connection string of EventStoreDB: write esdb://user:password@host:2113',
  'event-store.file-unreadable':
    'The file of a certificate that EVENTSTOREDB_URL names (tlsCaFile) cannot be read: check its path and its owner',
  'event-store.unsupported-server': 'The EventStoreDB server is too old: this needs 23.10 or later',
  'event-store.too-new': 'The log was written by a newer version: start that version',
  'message-bus.unreachable': 'No Kafka broker answers at KAFKA_BROKERS: start it, or correct the address',
  'mongodb-url-invalid':
    'MONGODB_URL is no connection string of MongoDB: write mongodb://user:password@host:port/?replicaSet=name',
  'mongodb-file-unreadable':
    'The file of a certificate that MONGODB_URL names (tlsCAFile) cannot be read: check its path and its owner',
  'mongodb-unreachable': 'No MongoDB server answers at the hosts of MONGODB_URL: start it, or correct the address',
  'mongodb-credentials-refused': 'MongoDB refuses the user or the password of MONGODB_URL: check both, and authSource',
  'mongodb-no-replica-set':
    'The MongoDB server is no member of the expected replica set: start it with --replSet, initiate the set, and name it in MONGODB_URL',
  'storage-not-prepared': 'A MongoDB database has not been prepared: run the step that makes users and databases',
  'storage-refused':
    'The MongoDB user may not do what this service does: give the service its own user, or run the step that makes users and databases',
  'other-files':
    'The other services of this deployment have other files or other engines: give all of them the same engines (EVENTSTOREDB_URL, KAFKA_BROKERS, MONGODB_URL) and the same DATA_DIR',
  'claim-unanswered':
    'Kafka took what this service claims and did not give it back in time: see to its brokers and start again',
  'kek-missing':
    'A key-encryption key of this deployment is not there (VAULT_KEK_…_FILE, or DATA_DIR/keks); a new one would open nothing: put it back from its backup',
  'kek-wrong':
    'The key-encryption keys are not those of this deployment: put back its own (DATA_DIR/keks, or the files that VAULT_KEK_…_FILE names) from their backup; nothing was changed in the data, and other keys open nothing of it',
  'kek-version-missing':
    'A key file is older than the deployment, which has a newer version of that key-encryption key: put back the newest one from its backup',
  'kek-unreadable': 'A key file cannot be read; without it nothing can be opened: put back the file from your backup',
};
