import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import '@second-opinion/records';
import type { Envelope, RecordedEvent } from '@second-opinion/kernel';
import { contextsHere } from '@second-opinion/nest';
import { openPorts, settingsFrom, type Ports } from '@second-opinion/service';
import Schema from 'typebox/value';
import { Operator } from './operator';

jest.setTimeout(900_000);

const TOPIC = 'intake.events.v1';
const GROUP = 'scheduling.when-case-moves-note-it';
const WHICH = ['--group', GROUP, '--key', 'case-1'];

const message = (id: string, data: object | null = { caseId: 'case-1' }): Envelope =>
  ({
    ...{ specversion: '1.0', id, source: '/second-opinion/intake', type: 'AssignmentOffered', subject: 'case-1' },
    ...{ time: '2026-11-25T09:00:00.000Z', datacontenttype: 'application/json' },
    ...{ correlationid: 'correlation-1', causationid: 'cause-1', data },
  }) as Envelope;

// The operators' program on the files of the one process, which does not run meanwhile.
describe('npm run parked', () => {
  let env: Readonly<Record<string, string>>;
  let operator: Operator;
  beforeEach(() => {
    env = { DEPLOYMENT: 'test', DATA_DIR: mkdtempSync(path.join(tmpdir(), 'second-opinion-parked-')) };
    operator = new Operator({ env });
  });
  afterEach(() => rmSync(env['DATA_DIR'] as string, { recursive: true }));

  const onFiles = async <T>(work: (ports: Ports) => Promise<T>): Promise<T> => {
    const ports = await openPorts(settingsFrom(env, process.cwd()), { name: 'standalone', whole: true });
    try {
      return await work(ports);
    } finally {
      await ports.close();
    }
  };
  /** consumed: what the group was handed, after it failed on these. */
  const consumed = (failing: readonly string[]) =>
    onFiles(async ({ bus }) => {
      const handled: string[] = [];
      const stop = new AbortController();
      const consumption = await bus.consume({
        ...{ group: GROUP, topics: [TOPIC], startsAt: 'beginning', retries: 0, signal: stop.signal },
        handle: ({ event: { id } }) => {
          handled.push(id);
          return failing.includes(id) ? Promise.reject(new Error('a policy that fails')) : Promise.resolve();
        },
      });
      await consumption.idle();
      stop.abort();
      await consumption.done;
      return handled;
    });
  const published = (...events: readonly Envelope[]) =>
    onFiles(({ bus }) => bus.publish(events.map((event) => ({ topic: TOPIC, key: 'case-1', event }))));
  const audited = () =>
    onFiles(async ({ events }) => (await events.readAll({ categories: ['records.operation'] })).events);
  const expectDeclared = ({ type, data }: RecordedEvent) => {
    const declared = contextsHere().find(({ name }) => name === 'records')?.events['records.operation']?.[type];
    expect(declared).toBeDefined();
    expect([...Schema.Errors(declared as never, data)]).toEqual([]);
  };

  it('lists what waits, with nothing of what it says', async () => {
    await published(message('poison', { caseId: 'case-1', words: 'Geheimx' }), message('later'));
    await consumed(['poison']);
    const { code, stdout, stderr } = await operator.run(['list']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '2 parked\n' });
    expect(stdout).not.toContain('Geheimx');
    const about = { group: GROUP, key: 'case-1', topic: TOPIC, type: 'AssignmentOffered' };
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      expect.objectContaining({ ...about, messageId: 'poison', reason: 'internal' }),
      expect.objectContaining({ ...about, messageId: 'later', reason: 'behind' }),
    ]);
  });

  it('replays a key, noted before in a declared event of its case', async () => {
    await published(message('poison'), message('later'));
    await consumed(['poison']);
    expect(await operator.run(['replay', ...WHICH, '--by', 'operator-1'])).toMatchObject({ code: 0, stdout: '' });
    const [noted, ...others] = await audited();
    expect(others).toEqual([]);
    expect(noted).toMatchObject({
      type: 'ParkedMessageReplayed',
      data: { group: GROUP, key: 'case-1', messageId: 'poison', messageType: 'AssignmentOffered', caseId: 'case-1' },
      metadata: { caseId: 'case-1', actorId: 'operator-1', actorRole: 'operator', causationId: 'poison' },
    });
    expectDeclared(noted as RecordedEvent);
    expect(await consumed([])).toEqual(['poison', 'later']);
    expect((await operator.run(['list'])).stderr).toBe('0 parked\n');
  });

  it('skips the first of a key for a reason, and hands out those behind it', async () => {
    await published(message('poison'), message('later'));
    await consumed(['poison']);
    const skipped = await operator.run(['skip', ...WHICH, '--reason', 'broken-by-release', '--by', 'operator-1']);
    expect(skipped).toMatchObject({ code: 0, stdout: '' });
    const [noted] = await audited();
    expect(noted).toMatchObject({ type: 'ParkedMessageSkipped', data: { reason: 'broken-by-release' } });
    expectDeclared(noted as RecordedEvent);
    expect(await consumed([])).toEqual(['later']);
  });

  it('skips also what has no data at all', async () => {
    await published(message('empty', null));
    await consumed(['empty']);
    expect(await operator.run(['skip', ...WHICH, '--reason', 'no-data'])).toMatchObject({ code: 0 });
    const [noted] = await audited();
    expect(noted?.data).not.toHaveProperty('caseId');
    expectDeclared(noted as RecordedEvent);
  });

  it.each([
    ['nothing', [], /^npm run parked -- list/],
    ['an unknown word', ['drop'], /^npm run parked -- list/],
    ['an unknown option', ['list', '--all'], /^npm run parked -- list/],
    ['a replay of nothing in particular', ['replay'], /^Say which: --group and --key\.\n$/],
    ['a skip without a reason', ['skip', ...WHICH], /^Say why, as a code that names nobody[^\n]*\n$/],
    ['a reason in words', ['skip', ...WHICH, '--reason', 'Jan heeft gebeld'], /^Say why, as a code[^\n]*\n$/],
    ['a key of which nothing is parked', ['replay', ...WHICH], /^Nothing of this group and key is parked[^\n]*\n$/],
  ])('says in a sentence what is wrong with %s, and does nothing', async (_, args, sentence) => {
    const { code, stdout, stderr } = await operator.run(args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(await audited()).toEqual([]);
  });
});
