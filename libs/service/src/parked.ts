import './node-version';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { caseOfEnvelope, derivedId, DomainError, type EventMetadata, type NewEvent } from '@second-opinion/kernel';
import type { ParkedMessage } from '@second-opinion/message-bus';
import { lockFiles } from './files';
import { openPorts, type Ports } from './ports';
import { sentence } from './sentence';
import { settingsFrom } from './settings';
import { SettingsError } from './settings-error';

const USAGE = `npm run parked -- list   [--service NAME]
npm run parked -- replay [--service NAME] --group GROUP --key KEY [--by NAME]
npm run parked -- skip   [--service NAME] --group GROUP --key KEY --reason a-code-of-yours [--by NAME]
The settings are those of the service (its engines, DATA_DIR, NAMESPACE); without --service those of the one process on files, which must not run.`;

const NAME = /^[a-z][a-z0-9.-]{0,59}$/;
const REASON = /^[a-z0-9][a-z0-9-]{2,59}$/;
const CATEGORY = 'records.operation';

/** Asked is what an operator wants done. */
interface Asked {
  readonly what: 'list' | 'replay' | 'skip';
  readonly service: string | undefined;
  readonly group: string;
  readonly key: string;
  readonly reason: string;
  readonly by: string;
}

void main();

/** Lists the messages that wait for a person, hands those of a key out again, or drops the first of them; what was done stands in the history. */
async function main(): Promise<void> {
  try {
    const asked = askedFor(process.argv.slice(2));
    const settings = settingsFrom(process.env, process.cwd());
    const whole = asked.service === undefined;
    const name = asked.service ?? 'standalone';
    const release = whole ? lockFiles(settings, { name, whole }) : () => undefined;
    const ports = await openPorts(settings, { name, whole });
    try {
      await act(asked, ports);
    } finally {
      await ports.close();
      release();
    }
  } catch (error) {
    process.stderr.write(`${said(error)}\n`);
    process.exitCode = 1;
  }
  // Clients of engines may still hold sockets for a moment; everything is done.
  process.exit();
}

async function act({ what, group, key, reason, by }: Asked, { bus, events }: Ports): Promise<void> {
  const parked = await bus.parked(what === 'list' ? undefined : group);
  if (what === 'list') {
    for (const one of parked) process.stdout.write(`${JSON.stringify(shown(one))}\n`);
    process.stderr.write(`${parked.length} parked\n`);
    return;
  }
  const first = parked.find((one) => one.key === key);
  if (!first) throw new SettingsError('Nothing of this group and key is parked: npm run parked -- list shows what is.');
  await note(events, what, first, reason, by);
  if (what === 'replay') await bus.replay(group, key);
  else await bus.skip(group, key, reason);
  process.stderr.write(`${what === 'replay' ? 'Replayed' : 'Skipped'}: ${group} ${key}\n`);
}

/** note appends what is about to be done before it is done: in the history of its case, an auditor finds who did it and why. */
async function note(
  events: Ports['events'],
  what: 'replay' | 'skip',
  first: ParkedMessage,
  reason: string,
  by: string,
) {
  const stream = `${CATEGORY}-${derivedId(CATEGORY, first.group, first.key)}`;
  const caseId = caseOfEnvelope(first.event);
  const about = { group: first.group, key: first.key, messageId: first.event.id, messageType: first.event.type };
  const data = { ...about, ...(caseId === undefined ? {} : { caseId }), ...(what === 'skip' ? { reason } : {}) };
  const id = randomUUID();
  const metadata: EventMetadata = {
    ...(caseId === undefined ? {} : { caseId: caseId as NonNullable<EventMetadata['caseId']> }),
    ...{ correlationId: first.event.correlationid, causationId: first.event.id, commandId: id },
    ...{ actorId: by, actorRole: 'operator', actorOrganisation: 'operations', rulesVersion: 'operations-1' },
    recordedAt: new Date().toISOString() as EventMetadata['recordedAt'],
  };
  const event: NewEvent = {
    id,
    type: what === 'skip' ? 'ParkedMessageSkipped' : 'ParkedMessageReplayed',
    data,
    metadata,
  };
  const before = await events.readStream(stream);
  await events.append(stream, before.at(-1)?.revision ?? 'no-stream', [event]);
}

/** shown: what an operator needs, and nothing of what the message says. */
function shown({ group, key, topic, event, reason, attempts, parkedAt }: ParkedMessage) {
  return { group, key, topic, messageId: event.id, type: event.type, reason, attempts, parkedAt };
}

function askedFor(args: readonly string[]): Asked {
  const options = { service: { type: 'string' }, group: { type: 'string' }, key: { type: 'string' } } as const;
  const more = { reason: { type: 'string' }, by: { type: 'string' } } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: { ...options, ...more }, allowPositionals: true });
  } catch {
    throw new SettingsError(USAGE);
  }
  const { service, group = '', key = '', reason = '', by = userInfo().username } = parsed.values;
  const what = (['list', 'replay', 'skip'] as const).find((one) => one === parsed.positionals[0]);
  if (what === undefined || parsed.positionals.length !== 1) throw new SettingsError(USAGE);
  if (what !== 'list' && (group === '' || key === '')) throw new SettingsError('Say which: --group and --key.');
  if (what === 'skip' && !REASON.test(reason))
    throw new SettingsError('Say why, as a code that names nobody: --reason duplicate-of-earlier');
  if (!NAME.test(by)) throw new SettingsError('Say who you are, as an account name: --by jansen');
  return { what, service, group, key, reason, by };
}

function said(error: unknown): string {
  if (error instanceof DomainError && error.code === 'storage-in-use')
    return 'The process on this DATA_DIR runs: stop it first; what you ask for is done when it starts again.';
  return sentence(error, 'It cannot be done');
}
