import { randomUUID } from 'node:crypto';
import { CONTEXTS, INTAKE_TOPIC, type ContextName } from '@second-opinion/contracts';
import { CasePlay, employeeNamed, type World } from '@second-opinion/standalone/play';
import { Services } from '../services';
import { PATIENCE_MS } from '../start';
import { inside } from '../storage';
import { Operator, type Listed } from './operator';

jest.setTimeout(PATIENCE_MS);

const POISON = 'AssignmentOffered';
const GROUP = 'scheduling.when-case-moves-note-it';

// A message that no policy can handle: of a known type, but without what its type promises, as a faulty version of another service would
// tell it. It comes before the real offer of the same case.
describe('a poison message', () => {
  let services: Services;
  let world: World;
  let operator: Operator;
  let struck: CasePlay;
  let other: CasePlay;

  beforeAll(async () => {
    services = await Services.start();
    operator = new Operator(services);
    world = services.world();
    await world.load();
    struck = await untilChosen('poison-struck', 'G. Etroffen');
    other = await untilChosen('poison-other', 'A. Nder');
    await publishPoison(struck.caseId);
    // Returns when the message was tried as often as it is, and parked.
    await struck.settle();
  });
  afterAll(() => services?.stop());

  const untilChosen = async (subject: string, name: string) => {
    const play = new CasePlay(world, employeeNamed(subject, name));
    await play.wish();
    await play.prepare();
    await play.choose();
    return play;
  };
  const publishPoison = (caseId: string) =>
    inside(services, 'intake', ({ bus }) => {
      const id = randomUUID();
      const event = {
        ...{ specversion: '1.0' as const, id, source: '/second-opinion/intake', type: POISON, subject: caseId },
        ...{ time: new Date().toISOString(), datacontenttype: 'application/json' as const },
        ...{ correlationid: id, causationid: id, data: { caseId, round: 1 } },
      };
      return bus.publish([{ topic: INTAKE_TOPIC, key: caseId, event }]);
    });
  const parkedNow = async () => {
    const all: { service: ContextName; parked: readonly Listed[] }[] = [];
    for (const service of CONTEXTS) all.push({ service, parked: await operator.list(service) });
    return all;
  };
  const told = async (play: CasePlay) =>
    (await play.history()).filter(({ type }) => type.startsWith('ParkedMessage')).map(({ type }) => type);

  it('parks its own case and nothing else', async () => {
    const parked = (await parkedNow()).flatMap((each) => each.parked);
    expect(parked.map(({ group }) => group)).toContain(GROUP);
    expect(new Set(parked.map(({ key }) => key))).toEqual(new Set([struck.caseId]));
    for (const one of parked) expect(one).toMatchObject({ type: POISON, topic: INTAKE_TOPIC, attempts: 6 });
  });

  it('lets every other case go on, in the same groups', async () => {
    await other.submit();
    await other.accept();
    await other.sign();
    expect(await other.appointment()).toMatchObject({ status: 'CONFIRMED' });
  });

  it('makes what comes later in its case wait behind it, in order', async () => {
    await struck.submit();
    const mine = (await operator.list('scheduling')).filter(({ group }) => group === GROUP);
    expect(mine[0]).toMatchObject({ type: POISON, reason: 'internal' });
    const behind = mine.slice(1);
    expect(behind.map(({ type }) => type)).toEqual(expect.arrayContaining(['SecondOpinionRequestSubmitted', POISON]));
    for (const one of behind) expect(one).toMatchObject({ key: struck.caseId, reason: 'behind' });
  });

  it('is parked again when it is replayed, and an auditor finds who replayed it', async () => {
    await operator.replay('scheduling', GROUP, struck.caseId);
    await struck.settle();
    const [first] = (await operator.list('scheduling')).filter(({ group }) => group === GROUP);
    expect(first).toMatchObject({ type: POISON, key: struck.caseId });
    expect(await told(struck)).toEqual(['ParkedMessageReplayed']);
    const entry = (await struck.history()).find(({ type }) => type === 'ParkedMessageReplayed');
    expect(entry).toMatchObject({ actorRole: 'operator' });
  });

  it('is skipped only with a reason', async () => {
    const which = ['skip', '--service', 'scheduling', '--group', GROUP, '--key', struck.caseId];
    const refused = await operator.run(which);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^Say why[^\n]*\n$/);
    expect(await told(struck)).toEqual(['ParkedMessageReplayed']);
  });

  it('is skipped with a reason: what waited goes on, the case comes to its appointment, and it stands in its history', async () => {
    let skipped = 0;
    for (const { service, parked } of await parkedNow())
      for (const group of new Set(parked.map((one) => one.group))) {
        await operator.skip(service, group, struck.caseId, 'broken-by-release');
        skipped++;
      }
    expect(skipped).toBeGreaterThan(0);
    await struck.settle();
    expect((await parkedNow()).flatMap((each) => each.parked)).toEqual([]);
    await struck.accept();
    await struck.sign();
    expect(await struck.appointment()).toMatchObject({ status: 'CONFIRMED' });
    expect(await told(struck)).toEqual([
      'ParkedMessageReplayed',
      ...Array.from({ length: skipped }, () => 'ParkedMessageSkipped'),
    ]);
    const verification = await struck.auditor.read(`/records/cases/${struck.caseId}/verification`);
    expect(verification).toMatchObject({ whole: true });
    expect(await told(other)).toEqual([]);
  });
});
