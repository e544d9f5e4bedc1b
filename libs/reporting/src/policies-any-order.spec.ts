import { Readable } from 'node:stream';
import { REPORTING_TOPIC } from '@second-opinion/contracts';
import { fold } from '@second-opinion/kernel';
import { interleaved } from '@second-opinion/kernel/testing';
import {
  does,
  letsGo,
  playInEveryOrder,
  tells,
  testContext,
  type Step,
  type TestContext,
  type TestContextOptions,
} from '@second-opinion/nest/testing';
import { medicalFile } from './file.decider';
import type { FileData, FileEvent } from './file.events';
import { ReportingModule } from './reporting.module';
import * as e from './testing/events';
import { PDF } from './testing/over-http';
import { whenAppointmentMissedNoteIt } from './when-appointment-missed-note-it.policy';
import { whenCaseMovesNoteIt } from './when-case-moves-note-it.policy';
import { whenConsultationHeldNoteIt } from './when-consultation-held-note-it.policy';
import { whenDoctorRegisteredNoteHim } from './when-doctor-registered-note-him.policy';
import { whenDocumentsDroppedDestroyThem } from './when-documents-dropped-destroy-them.policy';
import { whenQuoteMovesNoteIt } from './when-quote-moves-note-it.policy';
import { whenReleaseMessageFailedRecordIt } from './when-release-message-failed-record-it.policy';
import { whenWriterKnownCheckRegistration } from './when-writer-known-check-registration.policy';

jest.setTimeout(60_000);

const at = '2026-11-25T09:00:00.000Z';

const opened = e.opened.data as FileData<'MedicalFileOpened'>;
const { employeeId, ownDoctorId } = opened;
const submitted = tells(whenCaseMovesNoteIt, 'SecondOpinionRequestSubmitted', opened);
const offered = (doctorId: string, round: number) =>
  tells(whenCaseMovesNoteIt, 'AssignmentOffered', { doctorId, round });
const declined = (doctorId: string, round: number) =>
  tells(whenCaseMovesNoteIt, 'AssignmentDeclined', { doctorId, round });
const independent = (doctorId: string, round: number) =>
  tells(whenCaseMovesNoteIt, 'IndependenceConfirmed', { doctorId, round });
const withdrawn = tells(whenCaseMovesNoteIt, 'RequestWithdrawn', { withdrawnAt: at });
const closed = tells(whenCaseMovesNoteIt, 'CaseClosed', { closedAt: at, outcome: 'WITHDRAWN' });
const heldBy = (doctorId: string) =>
  tells(whenConsultationHeldNoteIt, 'ConsultationHeld', { doctorId, durationMinutes: 75, heldAt: at });
const held = heldBy('doctor-2');

const stream = (caseId: string) => `reporting.file-${caseId}`;
const given = (name: string, ...events: FileEvent[]): Step =>
  does(name, (context, caseId) => context.given(stream(caseId), events));
const employee = (act: string, body: object = {}): Step =>
  does(act, (context, caseId) => context.as('employee', employeeId).post(`/reporting/cases/${caseId}/${act}`, body));

let context: TestContext;
const begin = async (...holds: NonNullable<TestContextOptions['holds']>) => {
  context = await testContext(ReportingModule, { holds });
  await context.listen(REPORTING_TOPIC);
};
afterEach(() => context.close());

async function fileOf(caseId: string) {
  const events = (await context.events(stream(caseId))) as FileEvent[];
  const told = context.told().filter(({ data }) => (data as { caseId: string }).caseId === caseId);
  return { events, types: events.map(({ type }) => type), state: fold(medicalFile, events), told };
}
const ASKING = ['TransferAuthorisationAsked', 'ClockPaused', 'ClockResumed'];
const count = (types: readonly string[], type: string) => types.filter((one) => one === type).length;

it('BR-19 what the register said last of a doctor counts, whatever is told of his cases between', async () => {
  await begin();
  const entry = (registeredUntil: string) =>
    tells(whenDoctorRegisteredNoteHim, 'DoctorRegistered', (of) => ({ doctorId: `doctor-${of}`, registeredUntil }));
  const orders = interleaved([[entry('2026-12-01'), entry('2027-12-31')], [submitted, offered('doctor-2', 1)], [held]]);
  for (const { order, caseId } of await playInEveryOrder(context, orders)) {
    const events = await context.events(`reporting.doctor-doctor-${caseId}`);
    expect({ order, last: events.at(-1)?.data }).toEqual({
      order,
      last: { doctorId: `doctor-${caseId}`, registeredUntil: '2027-12-31' },
    });
  }
});

describe('what intake and scheduling tell, in every order between them', () => {
  beforeEach(() => begin());

  it('opens one file, asks once for the authorisation, and knows doctor and consultation', async () => {
    const orders = interleaved([
      [submitted, offered('doctor-1', 1), declined('doctor-1', 1), offered('doctor-2', 2), independent('doctor-2', 2)],
      [held],
    ]);
    const played = await playInEveryOrder(context, orders);
    expect(played).toHaveLength(6 * 4);
    for (const { order, caseId } of played) {
      const { state, told } = await fileOf(caseId);
      const { opened, doctorId, candidateId, round, declined: gone, authorisation, consultation, pauses } = state;
      expect({ order, opened, doctorId, candidateId, round, gone, consultation, pauses, authorisation }).toEqual({
        order,
        opened: e.opened.data,
        doctorId: 'doctor-2',
        candidateId: undefined,
        round: 2,
        gone: 1,
        consultation: expect.objectContaining({ doctorId: 'doctor-2', durationMinutes: 75, heldAt: at }) as unknown,
        pauses: ['authorisation'],
        authorisation: { status: 'ASKED', scope: [] },
      });
      expect(told.map(({ type }) => type)).toEqual(['MedicalFileOpened', 'TransferAuthorisationAsked']);
    }
  });

  it('A15, BR-22: only what was allowed after the last doctor was confirmed is in force for him', async () => {
    const grants = employee('grant-transfer-authorisation', { scope: 'FULL' });
    const takeovers = [
      [independent('doctor-2', 1), offered('doctor-3', 2), independent('doctor-3', 2)],
      [independent('doctor-2', 1), declined('doctor-2', 1), offered('doctor-3', 2), independent('doctor-3', 2)],
    ];
    const before = [given('open', e.opened, e.offered)];
    for (const told of takeovers) {
      for (const { order, caseId } of await playInEveryOrder(context, interleaved([told, [grants], [held]]), before)) {
        const { state, types } = await fileOf(caseId);
        const { doctorId, authorisation, pauses, consultation, others } = state;
        const granted = types.lastIndexOf('TransferAuthorisationGranted') > types.lastIndexOf('IndependenceNoted');
        expect([consultation, Object.keys(others)]).toEqual([undefined, ['doctor-2']]);
        expect({ order, doctorId, status: authorisation.status, pauses }).toEqual({
          order,
          doctorId: 'doctor-3',
          status: granted ? 'GRANTED' : 'ASKED',
          pauses: [],
        });
        expect(count(types, 'TransferAuthorisationAsked')).toBe(2);
      }
    }
  });

  it('A15, BR-31: whoever takes over writes from his own consultation, whenever it is told', async () => {
    const takeovers = [
      [independent('doctor-2', 1), offered('doctor-3', 2), independent('doctor-3', 2)],
      [independent('doctor-2', 1), declined('doctor-2', 1), offered('doctor-3', 2), independent('doctor-3', 2)],
    ];
    const before = [given('open', e.opened, e.offered)];
    for (const told of takeovers) {
      const orders = interleaved([told, [held], [heldBy('doctor-3')]]);
      for (const { order, caseId } of await playInEveryOrder(context, orders, before)) {
        const { state } = await fileOf(caseId);
        const { consultation, others, pauses } = state;
        expect({ order, by: consultation?.doctorId, others: Object.keys(others), pauses }).toEqual({
          order,
          by: 'doctor-3',
          others: expect.arrayContaining(['doctor-2']) as unknown,
          pauses: ['authorisation'],
        });
        await employee('grant-transfer-authorisation', { scope: 'FULL' }).run(context, caseId);
        await context.settled();
        const { body } = await context.as('second-opinion-doctor', 'doctor-3').get('/reporting/tasks?limit=200');
        const tasks = body.items as { about: string; task: string; dueAt?: string }[];
        expect({ order, tasks: tasks.filter(({ about }) => about === caseId) }).toMatchObject({
          order,
          tasks: [{ task: 'FinaliseReportForReview', dueAt: expect.any(String) as unknown }],
        });
      }
    }
  });

  it('ends once, whoever ends it first, and asks for the hours that were worked before a withdrawal', async () => {
    const early = interleaved([[submitted, offered('doctor-2', 1), withdrawn, closed], [held]]);
    for (const { order, caseId } of await playInEveryOrder(context, early)) {
      const { state, types } = await fileOf(caseId);
      expect({ order, ended: state.ended, ends: count(types, 'CaseEndNoted') }).toEqual({
        order,
        ended: 'WITHDRAWN',
        ends: 1,
      });
    }
    const late = interleaved([[employee('withdraw-request')], [held], [closed]]).filter(
      // Intake closes a case that was withdrawn here only because it was.
      (order) => order.findIndex(({ told }) => !told) < order.indexOf(closed),
    );
    const before = [given('in force', e.opened, e.offered, e.independent, e.asked)];
    for (const { order, caseId } of await playInEveryOrder(context, late, before)) {
      const { state, types } = await fileOf(caseId);
      expect({ order, ended: state.ended, told: count(types, 'RequestWithdrawn') }).toEqual({
        order,
        ended: 'WITHDRAWN',
        told: 1,
      });
      expect({ order, asked: count(types, 'WorkedHoursAsked') }).toEqual({ order, asked: 1 });
    }
  });

  it('BR-76: who withdrew is asked for nothing any more, whatever is heard of his doctor afterwards', async () => {
    const orders = interleaved([[submitted, offered('doctor-2', 1), independent('doctor-2', 1)], [withdrawn], [held]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders)) {
      const { types } = await fileOf(caseId);
      const askedFor = types.slice(types.indexOf('CaseEndNoted')).filter((type) => ASKING.includes(type));
      expect({ order, askedFor }).toEqual({ order, askedFor: [] });
    }
  });
});

describe('the clock of the whole case, whatever billing, scheduling and intake tell first', () => {
  const signs = (quoteId: string) =>
    tells(whenQuoteMovesNoteIt, 'QuoteSigned', { quoteId, doctorId: 'doctor-2', signedAt: at });
  const superseded = tells(whenQuoteMovesNoteIt, 'QuoteSuperseded', { quoteId: 'quote-1' });
  const noShow = tells(whenAppointmentMissedNoteIt, 'NoShowRecorded', {
    doctorId: 'doctor-2',
    appointmentId: 'appointment-1',
    count: 1,
    final: false,
    illnessProof: false,
    recordedAt: '2026-11-20T09:00:00.000Z',
  });
  const aborted = tells(whenAppointmentMissedNoteIt, 'ConsultationAborted', { doctorId: 'doctor-2', final: false });
  const refuses = employee('refuse-transfer-authorisation');
  const clockOf = async (caseId: string) => (await fileOf(caseId)).state.clock;

  beforeEach(() => begin());

  it('runs from the signature, and waits for the authorisation and for no rebooking once the consultation was held', async () => {
    const orders = interleaved([
      [submitted, offered('doctor-2', 1), independent('doctor-2', 1)],
      [signs('quote-1')],
      [noShow],
      [held],
    ]);
    for (const { order, caseId } of await playInEveryOrder(context, orders)) {
      const { running, waits } = await clockOf(caseId);
      const open = waits.filter(({ until }) => until === undefined).map(({ reason }) => reason);
      expect({ order, running, open, pauses: waits.length }).toEqual({
        order,
        running: { quoteId: 'quote-1', startedAt: at, due: {} },
        open: ['AUTHORISATION'],
        pauses: 2,
      });
    }
  });
  it('has the same terms once he has answered', async () => {
    const before = [given('independent', e.opened, e.offered, e.independent, e.asked, e.casePaused())];
    for (const { order, caseId } of await playInEveryOrder(
      context,
      interleaved([[refuses], [signs('quote-1')], [noShow, held]]),
      before,
    )) {
      const { running } = await clockOf(caseId);
      const due = { TARGET: '2026-12-09T23:00:00.000Z', LIMIT: '2026-12-16T23:00:00.000Z' };
      expect({ order, due: running?.due }).toEqual({ order, due });
    }
  });
  it('A15 waits for nothing of a doctor who gave the case up', async () => {
    const before = [given('independent', e.opened, e.offered, e.independent, e.asked, e.casePaused())];
    const orders = interleaved([[declined('doctor-2', 1), offered('doctor-3', 2)], [signs('quote-1')], [aborted]]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, before)) {
      const { running, waits } = await clockOf(caseId);
      expect({ order, open: waits.filter(({ until }) => until === undefined) }).toEqual({ order, open: [] });
      expect(Object.keys(running?.due ?? {})).toEqual(['TARGET', 'LIMIT']);
    }
  });
  it('starts anew with the quote that took the place of the signed one, and with nothing after the end', async () => {
    const quotes = [signs('quote-1'), superseded, signs('quote-2')];
    for (const { order, caseId } of await playInEveryOrder(context, interleaved([[submitted], quotes, [aborted]])))
      expect({ order, quoteId: (await clockOf(caseId)).running?.quoteId }).toEqual({ order, quoteId: 'quote-2' });
    for (const { order, caseId } of await playInEveryOrder(
      context,
      interleaved([[submitted, closed], quotes, [aborted]]),
    )) {
      const { types } = await fileOf(caseId);
      const afterwards = types.slice(types.indexOf('CaseEndNoted') + 1).filter((type) => type.startsWith('Clock'));
      expect({ order, afterwards }).toEqual({ order, afterwards: [] });
    }
  });
});

describe('what notification tells of the message of a release', () => {
  const failed = (template: string, failedAt: string, version?: number) =>
    tells(whenReleaseMessageFailedRecordIt, 'NotificationFailed', {
      template,
      recipientId: ownDoctorId,
      messageId: template,
      ...(version === undefined ? {} : { version }),
      at: failedAt,
    });
  const history = [e.opened, e.independent, e.consulted, e.finalised(), e.dossierClosed, e.shared(), e.released];

  beforeEach(() => begin());

  it('A18: a failure is recorded once, whatever else is told meanwhile', async () => {
    const orders = interleaved([
      [failed('N12-released', '2026-11-26T01:00:00.000Z')],
      [failed('N14-due', '2026-11-26T01:00:00.000Z')],
      [held],
      [closed],
    ]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, [given('released', ...history)])) {
      const { types, told } = await fileOf(caseId);
      expect({ order, failures: count(types, 'ReleaseDeliveryFailed') }).toEqual({ order, failures: 1 });
      expect(told.filter(({ type }) => type === 'ReleaseDeliveryFailed')).toHaveLength(1);
    }
  });

  it('A18: the failure of an earlier version that a later release has overtaken says nothing about the later one', async () => {
    const release = given('released again', e.releasedAgain);
    const orders = [undefined, 1].flatMap((version) => {
      // Without a version only the time tells; with it also what was tried again for days.
      const at = version === undefined ? '2026-11-26T01:00:00.000Z' : '2026-12-20T01:00:00.000Z';
      return interleaved([[failed('N12-released', at, version)], [release], [closed]]);
    });
    for (const { order, caseId } of await playInEveryOrder(context, orders, [given('released', ...history)])) {
      const { state } = await fileOf(caseId);
      expect({ order, version: state.released?.version, failed: state.deliveryFailed }).toEqual({
        order,
        version: 2,
        failed: false,
      });
    }
  });
});

describe('what was dropped, however late that is heard and whatever happens meanwhile', () => {
  const ofSource = { senderRole: 'third-party', sourceId: 'source-1', kind: 'MEDICAL_LETTER' } as const;
  beforeEach(() => begin(whenDocumentsDroppedDestroyThem));

  const contentOf = (caseId: string, name: string) => `${caseId}-${name}`;
  const sealed = (caseId: string, name: string) =>
    context.platform.vault.documents(documents()).seal(Readable.from([PDF, Buffer.from(contentOf(caseId, name))]), {
      personId: employeeId,
      caseId,
      category: 'MEDICAL',
      purpose: 'reporting.ownDocument',
      object: contentOf(caseId, name),
    });
  function documents() {
    const store = context.platform.documents;
    if (!store) throw new TypeError('the test context has a document store');
    return store;
  }
  const storedIds = new Map<string, string>();
  const arrives = (name: string, over: object = {}): Step =>
    does(name, async (_, caseId) => {
      const { storedId } = await sealed(caseId, name);
      storedIds.set(contentOf(caseId, name), storedId);
      await context.given(stream(caseId), [
        e.document(name, { storedId, contentId: contentOf(caseId, name), ...over }),
      ]);
    });
  const begun = (name: string): Step =>
    does(`${name} begun`, async (_, caseId) => {
      const { storedId } = await sealed(caseId, name);
      storedIds.set(contentOf(caseId, name), storedId);
      const contentId = contentOf(caseId, name);
      await context.given(stream(caseId), [
        { type: 'DocumentExpected', data: { contentId, giveUpAt: '2027-01-01T00:00:00.000Z' } },
      ]);
    });
  const givenUp = (name: string): Step =>
    does(`${name} given up`, (_, caseId) =>
      context.given(stream(caseId), [{ type: 'DocumentGivenUp', data: { contentId: contentOf(caseId, name) } }]),
    );

  it('A11, BR-26: what goes with the former doctor and with a refusal is destroyed, whichever comes first', async () => {
    const before = [
      given('authorised', e.opened, e.independent, e.asked, e.granted, e.sourceConsent),
      arrives('letter'),
      arrives('answer', ofSource),
      arrives('work', { kind: 'WORK_SITUATION' }),
    ];
    const orders = interleaved([
      [offered('doctor-3', 2), independent('doctor-3', 2), employee('refuse-transfer-authorisation')],
      [letsGo, letsGo],
    ]);
    for (const { order, caseId } of await playInEveryOrder(context, orders, before)) {
      const { state } = await fileOf(caseId);
      const statuses = Object.fromEntries(Object.entries(state.documents).map(([id, { status }]) => [id, status]));
      expect({ order, statuses }).toEqual({
        order,
        statuses: { letter: 'destroyed', answer: 'destroyed', work: 'open' },
      });
      const living = await context.platform.vault.keysWithin({ personId: employeeId, caseId, category: 'MEDICAL' });
      expect(living.flatMap(({ object }) => object ?? [])).toEqual([contentOf(caseId, 'work')]);
    }
  });

  it('BR-25: is destroyed once, key and ciphertext, and nothing else is', async () => {
    const later = arrives('later');
    const arrivesAgain = does('granted again, later', async (_, caseId) => {
      await context.given(stream(caseId), [e.granted]);
      await later.run(context, caseId);
    });
    const before = [
      given('authorised', e.opened, e.independent, e.asked, e.granted, e.sourceConsent),
      arrives('letter'),
      arrives('answer', ofSource),
      begun('lost'),
    ];
    const orders = interleaved([
      [employee('withdraw-transfer-authorisation'), arrivesAgain],
      [employee('sources/source-1/withdraw-source-consent'), givenUp('lost')],
      [letsGo, letsGo],
    ]);
    const played = await playInEveryOrder(context, orders, before);
    expect(played).toHaveLength(90);
    for (const { order, caseId } of played) {
      const { state, events } = await fileOf(caseId);
      const statuses = Object.fromEntries(Object.entries(state.documents).map(([id, { status }]) => [id, status]));
      const destroyed = events.flatMap(({ type, data }) =>
        type === 'DocumentsDestroyed' ? (data as { documents: string[] }).documents : [],
      );
      expect({ order, statuses, destroyed: destroyed.toSorted() }).toEqual({
        order,
        statuses: { letter: 'destroyed', answer: 'destroyed', later: 'open' },
        destroyed: ['answer', 'letter'],
      });
      const living = await context.platform.vault.keysWithin({ personId: employeeId, caseId, category: 'MEDICAL' });
      expect(living.flatMap(({ object }) => object ?? [])).toEqual([contentOf(caseId, 'later')]);
      const kept = ['letter', 'answer', 'later'].map((name) =>
        documents().has(storedIds.get(contentOf(caseId, name)) ?? ''),
      );
      expect(await Promise.all(kept)).toEqual([false, false, true]);
    }
  });
});

describe('what intake’s register tells of who writes, however late it is looked at', () => {
  beforeEach(() => begin(whenWriterKnownCheckRegistration));
  const registered = (registeredUntil: string) =>
    tells(whenDoctorRegisteredNoteHim, 'DoctorRegistered', (of) => ({ doctorId: `doctor-${of}`, registeredUntil }));
  const writer = (of: string) => ({ doctorId: `doctor-${of}` });
  const confirmed = tells(whenCaseMovesNoteIt, 'IndependenceConfirmed', (of) => ({ ...writer(of), round: 1 }));
  const examined = tells(whenConsultationHeldNoteIt, 'ConsultationHeld', (of) => ({
    ...writer(of),
    durationMinutes: 75,
    heldAt: at,
  }));
  const gaveUp = tells(whenCaseMovesNoteIt, 'AssignmentDeclined', (of) => ({ ...writer(of), round: 1 }));
  const tasks = async () => {
    const found: { task: string; about: string }[] = [];
    for (let cursor = ''; ;) {
      const { body } = await context.as('back-office', 'office-1').get(`/reporting/tasks?limit=200${cursor}`);
      found.push(...(body.items as typeof found));
      if (body.next === undefined) break;
      cursor = `&cursor=${encodeURIComponent(body.next as string)}`;
    }
    return (caseId: string) => found.filter(({ about }) => about === caseId).map(({ task }) => task);
  };

  it('A15 BR-19 who has examined and may not write any more: the back office has the task, as long as that is so', async () => {
    const ends = interleaved([[confirmed], [examined], [registered('2026-11-24')], [letsGo, letsGo]]);
    const played = await playInEveryOrder(context, ends, [submitted]);
    const tasksOf = await tasks();
    for (const { order, caseId } of played)
      expect({ order, tasks: tasksOf(caseId) }).toEqual({ order, tasks: ['ReassignAssignment'] });
  });
  it('BR-19 and nobody, once he is registered again or out', async () => {
    for (const told of [[[confirmed], [registered('2027-12-31')]], [[confirmed, gaveUp]]]) {
      const orders = interleaved([...told, [examined], [letsGo, letsGo]]);
      const played = await playInEveryOrder(context, orders, [submitted, registered('2026-11-24')]);
      const tasksOf = await tasks();
      for (const { order, caseId } of played) expect({ order, tasks: tasksOf(caseId) }).toEqual({ order, tasks: [] });
    }
  });
  it('BR-19 what stood in the log already is found with the register, before any policy has read so far', async () => {
    const begun = [e.opened, { ...e.consulted, data: { ...e.consulted.data, doctorId: 'doctor-old' } }] as FileEvent[];
    const known = { type: 'IndependenceNoted', data: { doctorId: 'doctor-old', round: 1 } } as FileEvent;
    await context.given(stream('case-old'), [...begun, known]);
    await context.given('reporting.doctor-doctor-old', [{ type: 'DoctorNoted', data: { doctorId: 'doctor-old' } }]);
    await context.settled();
    expect((await tasks())('case-old')).toEqual(['ReassignAssignment']);
    expect(context.holding?.waiting).not.toEqual([]);
  });
  it('BR-19 nobody tells that the last day of a registration has passed: the task is there', async () => {
    const orders = interleaved([[registered('2026-11-26')], [confirmed], [examined]]);
    const played = await playInEveryOrder(context, orders, [submitted]);
    const caseIds = played.map(({ caseId }) => caseId);
    await context.holding?.letGo(context.holding.waiting);
    await context.settled();
    expect(caseIds.flatMap(await tasks())).toEqual([]);
    context.clock.advanceTo('2026-11-27T08:00:00.000Z');
    await context.settled();
    expect(caseIds.map(await tasks())).toEqual(caseIds.map(() => ['ReassignAssignment']));
  });
});
