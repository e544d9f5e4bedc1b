import { CasePlay, employeeNamed, header, mailsTo, REPORT, type World } from '@second-opinion/standalone/play';
import type { Deployment } from './deployment';
import { everyGet, found, sweep } from './proofs-sweep';
import { PATIENCE_MS, startWorld } from './start';

jest.setTimeout(PATIENCE_MS);

const ENDINGS = ['blocked', 'lapsed', 'withdrawn after sharing'] as const;
const DAYS = 21;
const DAY_MS = 86_400_000;
const INSTANT = /(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?Z/g;

// Three cases of three own doctors are played in lockstep, so that whatever differs between their answers comes from how the term ended.
describe('what the own doctor can tell apart', () => {
  let server: Deployment;
  let world: World;

  beforeAll(async () => {
    ({ server, world } = await startWorld());
  }, PATIENCE_MS);
  afterAll(() => server.stop());

  const shared = async (number: number): Promise<CasePlay> => {
    const subject = `lockstep-doctor-${number}`;
    const login = await world.anotherOwnDoctor(subject, `1901234570${number}`);
    const who = employeeNamed(`lockstep-${number}`, `Gelijkx${number} Opgaandex`);
    return new CasePlay(world, who, undefined, login);
  };
  const inTurn = async (plays: readonly CasePlay[], step: (one: CasePlay) => Promise<unknown>) => {
    for (const one of plays) await step(one);
  };

  it(
    'BR-38 nothing: every answer and every mail is the same for a blocked, a lapsed and a withdrawn case, on every day',
    async () => {
      const plays = [await shared(1), await shared(2), await shared(3)];
      const [blocked, , withdrawn] = plays as [CasePlay, CasePlay, CasePlay];
      // Early in the morning the first day with free hours has them all: the three are seen on one day.
      await blocked.moveTo(
        `${new Date(Date.parse(await blocked.now()) + DAY_MS).toISOString().slice(0, 10)}T04:00:00.000Z`,
      );
      await inTurn(plays, (one) => one.upToAppointment());
      await inTurn(plays, (one) => one.toEndOfAppointment());
      await inTurn(plays, (one) =>
        one.does('scheduling', world.user('second-doctor'), 'record-consultation', { durationMinutes: 75 }),
      );
      await blocked.settle();
      await inTurn(plays, (one) => one.report());
      const days: string[][] = [];
      for (let day = 0; day <= DAYS; day++) {
        if (day === 2) await blocked.does('reporting', blocked.employee, 'block-report');
        if (day === 5) await withdrawn.does('reporting', withdrawn.employee, 'withdraw-request');
        await blocked.settle();
        const seen = [];
        for (const one of plays) seen.push(await everythingOf(one));
        expect({ day, of: ENDINGS[0], sees: seen[0] }).toEqual({ day, of: ENDINGS[0], sees: seen[1] });
        expect({ day, of: ENDINGS[2], sees: seen[2] }).toEqual({ day, of: ENDINGS[2], sees: seen[1] });
        days.push(seen[1] ?? []);
        await blocked.moveBy(1);
      }
      expect(days[0]?.join()).not.toContain('NOT_RELEASED');
      expect(days[DAYS]?.join()).toContain('NOT_RELEASED');
      const last = days[DAYS]?.filter((one) => !one.startsWith('GET /intake/texts'));
      expect(last?.join()).not.toMatch(/BLOCKED|LAPSED|WITHDRAWN/);
      await endsAsTheEmployeeKnows(plays);
    },
    PATIENCE_MS,
  );

  /** Employee and second opinion doctor still know how it ended: the comparison was of different endings. */
  const endsAsTheEmployeeKnows = async (plays: readonly CasePlay[]) => {
    const outcomes = [];
    for (const one of plays) outcomes.push((await one.seenBy(one.employee)).body.outcome);
    expect(outcomes).toEqual(['BLOCKED', 'RELEASE_DECISION_LAPSED', 'WITHDRAWN']);
  };

  /** An ETag is opaque, but whether it is another than yesterday can be seen. */
  const etags = new Map<string, string | null>();
  const moves = ({ caseId }: CasePlay, path: string, etag: string | null): string => {
    const place = `${caseId} ${path}`;
    const before = etags.get(place);
    etags.set(place, etag);
    return etag === null ? 'no ETag' : etag === before ? 'the same ETag' : 'another ETag';
  };

  /** All that this own doctor can read, try and find in his mailbox. */
  const everythingOf = async (one: CasePlay): Promise<string[]> => {
    const { ownDoctor, caseId, personId, who } = one;
    const doctorId = world.idOf(ownDoctor.login.subject);
    const messageId = [...new Set(found(await ownDoctor.read('/notification/messages'), 'messageId'))];
    const number = [...new Set(found(await ownDoctor.read('/billing/invoices'), 'number'))];
    const ids = {
      ...{ caseId: [caseId], personId: [personId, doctorId], doctorId: [doctorId], messageId, number },
      ...{ documentId: ['unknown'], version: ['1', '2'], series: ['SO2026', 'SO2027'], tariffId: ['unknown'] },
    };
    const read = await sweep(ownDoctor, await everyGet(ownDoctor, ids));
    const tried = [
      await one.on('reporting', ownDoctor, 'record-follow-up', { adoption: 'FULL', motivation: 'x'.repeat(40) }),
      await one.upload(ownDoctor, 'MEDICAL_LETTER', 'Te laat'),
      await one.on('reporting', ownDoctor, 'share-report', {}),
      await one.on('intake', ownDoctor, 'describe-request', { doubt: 'x', questions: 'x' }),
      await one.on('billing', ownDoctor, 'sign-quote'),
      await one.on('billing', ownDoctor, 'decline-quote'),
    ];
    const mails = mailsTo(server.mailDir, world.addressOf(ownDoctor.login.subject));
    const moved = read.map(({ path, reply }) => [path, moves(one, path, reply.headers.get('etag'))].join(' '));
    const mask = masker([caseId, personId, who.name, who.address, doctorId, ...messageId, ...number, REPORT.findings]);
    return [
      ...read.map(({ path, reply: { status, body } }) => mask(`GET ${path} ${status} ${JSON.stringify(body)}`)),
      ...moved.map(mask),
      ...tried.map(({ status, body }) => mask(`POST ${status} ${JSON.stringify(body)}`)),
      ...mails.map((mail) => mask(`MAIL ${header(mail, 'date').slice(0, 16)} ${header(mail, 'subject')}`)).sort(),
    ];
  };
});

/** masker puts names of their own for what must differ between two cases: ids, and the time of day. */
function masker(known: readonly string[]): (text: string) => string {
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  return (text) => {
    const masked = known.reduce((sofar, one, index) => sofar.replaceAll(one, `<${index}>`), text);
    return masked
      .replace(uuid, '<id>')
      .replace(/\b(SO|B)-[0-9A-F]{10}/g, '<case number>')
      .replace(/SO\d{4}-\d{6}/g, '<invoice>')
      .replace(/lockstep(-doctor)?-\d/g, '<login>')
      .replace(/1901234570\d/g, '<registration>')
      .replace(INSTANT, '$1');
  };
}
