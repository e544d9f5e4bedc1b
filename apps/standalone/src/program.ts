import { deliveryProviders } from '@second-opinion/notification';
import { SettingsError, type Login, type Server, type Settings } from '@second-opinion/service';
import { CONTEXTS } from './contexts';
import { newestMailTo, people, User, World } from './play';

export { CONTEXTS as contexts, deliveryProviders as providers };

/** started loads the demo world, where one is wanted. */
export async function started(server: Server, settings: Settings): Promise<void> {
  if (settings.deployment !== 'demo') return;
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

/** banner says where everything is; of a demo also who is in it, with a token for each role. */
export async function banner(
  { url }: Server,
  { deployment, dataDir, smtpUrl, mailDir, engines }: Settings,
): Promise<string> {
  const demo = deployment === 'demo';
  const beside = [
    ...(engines.eventStoreDb === undefined ? [] : ['EventStoreDB']),
    ...(engines.kafka === undefined ? [] : ['Kafka']),
    ...(engines.mongoDb === undefined ? [] : ['MongoDB']),
  ];
  const lines = [
    '',
    `Second opinion by a company doctor: all contexts in one process${demo ? ' (DEMO deployment: development tokens, movable clock)' : ` (${deployment})`}`,
    `  listens     ${url}`,
    `  API page    ${url}/docs`,
    `  document    ${url}/openapi.json`,
    `  data        ${dataDir}${beside.length === 0 ? '' : `, ${beside.join(', ')}`}`,
    `  mail        ${smtpUrl === undefined ? `${mailDir} (.eml files)` : 'by SMTP'}`,
    ...(demo
      ? [
          '',
          '  A token for each role, to try (Authorization: Bearer …):',
          ...(await tokens(url)),
          '',
          '  Just the token:  npm run -s token -- <person>',
          `  persons: ${Object.keys(people).join(', ')}`,
          '  A whole case, twice:  npm run demo',
        ]
      : []),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** tokens to try, one for each role. */
async function tokens(url: string): Promise<readonly string[]> {
  const byRole = new Map<string, Login>();
  for (const login of Object.values(people)) if (!byRole.has(login.role)) byRole.set(login.role, login);
  const one = async ([role, login]: [string, Login]) =>
    `  ${role.padEnd(22)} ${await new User(url, login, 0).bearer()}`;
  return Promise.all([...byRole].map(one));
}
