import { deliveryProviders } from '@second-opinion/notification';
import { SettingsError, type Server, type Settings } from '@second-opinion/service';
import { CONTEXTS } from './contexts';
import { newestMailTo, people, World, type Name } from './play';

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

/** banner says where everything is. */
export function banner({ url }: Server, { deployment, dataDir, smtpUrl, mailDir, engines }: Settings): string {
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
          '  A token to try:  npm run -s token -- <person>',
          `  persons: ${(Object.keys(people) as Name[]).join(', ')}`,
          '  A whole case, twice:  npm run demo',
        ]
      : []),
    '',
  ];
  return `${lines.join('\n')}\n`;
}
