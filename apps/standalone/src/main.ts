import './node-version';
import { DomainError } from '@second-opinion/kernel';
import { newestMailTo, people, World, type Name } from './play';
import { startServer, type Server } from './server';
import { settingsFrom, SettingsError, type Settings } from './settings';

void main();

async function main(): Promise<void> {
  try {
    const settings = settingsFrom(process.env, process.cwd());
    const server = await startServer(settings);
    stopOnSignal(server);
    if (settings.deployment === 'demo') await seed(server, settings);
    process.stdout.write(banner(server, settings));
  } catch (error) {
    fail(sentence(error));
  }
}

/** stopOnSignal is the one owner of signals: the first one drains, a second one leaves at once. */
function stopOnSignal(server: Server): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function seed(server: Server, settings: Settings): Promise<void> {
  process.stdout.write('Loading the demo world …\n');
  try {
    await new World(server.url, (address) => newestMailTo(settings.mailDir, address, 'code=')).load();
  } catch (error) {
    if (settings.smtpUrl === undefined) throw error;
    throw new SettingsError(
      'The demo world could not be loaded: its people read their mail from MAIL_DIR. Leave out SMTP_URL, or use DEPLOYMENT=test or production.',
    );
  }
}

function banner({ url }: Server, { deployment, dataDir, smtpUrl, mailDir }: Settings): string {
  const demo = deployment === 'demo';
  const lines = [
    '',
    `Second opinion by a company doctor: all contexts in one process${demo ? ' (DEMO deployment: development tokens, movable clock)' : ` (${deployment})`}`,
    `  listens     ${url}`,
    `  API page    ${url}/docs`,
    `  document    ${url}/openapi.json`,
    `  data        ${dataDir}`,
    `  mail        ${smtpUrl === undefined ? `${mailDir} (.eml files)` : 'by SMTP'}`,
    ...(demo
      ? [
          '',
          '  A token to try:  npm run -s token -- <person>',
          `  persons: ${(Object.keys(people) as Name[]).join(', ')}`,
          '  A whole case, twice:  npm run demo',
        ]
      : []),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** sentence says in one plain sentence what is wrong, and what to do about it. */
function sentence(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EADDRINUSE') return 'The port is taken: stop what listens there, or choose another with PORT=… .';
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES') return 'HOST and PORT cannot be used here: choose others.';
  if (error instanceof Error && error.message === NOT_THIS_KEY) return WRONG_KEYS;
  if (error instanceof DomainError)
    return `${STORAGE[error.code] ?? 'It cannot start'} (${error.code} ${JSON.stringify(error.facts)}).`;
  return `It cannot start: ${error instanceof Error ? error.stack : String(error)}`;
}

/** NOT_THIS_KEY is what node:crypto says when a wrapped key is opened with another key than it was wrapped with. */
const NOT_THIS_KEY = 'Unsupported state or unable to authenticate data';
const WRONG_KEYS =
  'The key-encryption keys are not those of this DATA_DIR: put back its own (DATA_DIR/keks, or the files that VAULT_KEK_…_FILE names) from their backup. Nothing was changed in the data; new keys open nothing of it.';

const STORAGE: Readonly<Record<string, string>> = {
  'storage-unopenable': 'A file in DATA_DIR cannot be opened or written: check the folder and its owner',
  'storage-in-use': 'Another process works on this DATA_DIR: stop it first, or choose another folder',
  'storage-not-ours': 'A file in DATA_DIR is not a database of this product: choose another folder',
  'storage-too-new': 'DATA_DIR was written by a newer version: start that version',
  'kek-missing':
    'A key-encryption key of this DATA_DIR is gone (DATA_DIR/keks); a new one would open nothing: put it back from its backup',
  'kek-unreadable': 'A key file cannot be read; without it nothing can be opened: put back the file from your backup',
};

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
  // Something may still keep the process alive (a half-opened server); what failed to start has nothing to drain.
  setImmediate(() => process.exit(1));
}
