import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fold, type Seal } from '@second-opinion/kernel';
import { interleaved } from '@second-opinion/kernel/testing';
import { does, letsGo, playInEveryOrder, tells, testContext, type TestContext } from '@second-opinion/nest/testing';
import { deliveryProviders } from './delivery-providers';
import { message } from './message.decider';
import type { MessageEvent } from './message.events';
import { NotificationModule } from './notification.module';
import { recipient } from './recipient.decider';
import type { RecipientEvent } from './recipient.events';
import { whenAddressToldNoteIt } from './when-address-told-note-it.policy';
import {
  whenBillingMovesTellIt,
  whenIntakeMovesTellIt,
  whenReportingMovesTellIt,
  whenSchedulingMovesTellIt,
} from './when-case-moves-tell-whom-it-concerns.policy';
import { whenKeyDestroyedRemoveBodies } from './when-key-destroyed-remove-bodies.policy';
import { whenMessageDueBringItOnItsWay } from './when-message-due-bring-it-on-its-way.policy';

jest.setTimeout(60_000);

const at = '2026-11-25T09:00:00.000Z';
const personOf = (caseId: string) => `person-${caseId}`;
const doctorOf = (caseId: string) => `doctor-${caseId}`;

const seals = new Map<string, Seal>();
const sealOf = (name: string): Seal => seals.get(name) ?? ('' as Seal);
/** addresses are sealed before anything is told. */
const sealed = does('sealed', async (_, caseId) => {
  const personId = personOf(caseId);
  seals.set(caseId, await context.seal('an@prive.example', personId, '', 'CONTACT', 'intake.contact'));
  seals.set(`${caseId}/new`, await context.seal('an@nieuw.example', personId, '', 'CONTACT', 'intake.contact'));
  seals.set(`${caseId}/code`, await context.seal('A2B3C4D5', personId, '', 'CONTACT', 'intake.invitationCode'));
});

const wish = tells(whenIntakeMovesTellIt, 'SecondOpinionWishRecorded', (caseId) => ({
  caseId,
  caseNumber: 'SO-0123456789',
  employeeId: personOf(caseId),
  ownDoctorId: doctorOf(caseId),
}));
const independent = tells(whenIntakeMovesTellIt, 'IndependenceConfirmed', (caseId) => ({
  doctorId: doctorOf(`so-${caseId}`),
  round: 1,
}));
const person = tells(whenAddressToldNoteIt, 'PersonRegistered', (caseId) => ({
  personId: personOf(caseId),
  contact: sealOf(caseId),
  channel: 'email' as const,
  language: 'nl' as const,
}));
const corrected = tells(whenAddressToldNoteIt, 'ContactDataCorrected', (caseId) => ({
  personId: personOf(caseId),
  contact: sealOf(`${caseId}/new`),
  channel: 'email' as const,
  language: 'nl' as const,
}));
const invited = () =>
  tells(whenAddressToldNoteIt, 'InvitationIssued', (caseId) => ({
    inviteeId: personOf(caseId),
    code: sealOf(`${caseId}/code`),
    expiresAt: '2026-12-09T09:00:00.000Z',
  }));
const slot = { startsAt: '2026-12-01T09:00', endsAt: '2026-12-01T10:30', zone: 'Europe/Amsterdam' };
const appointment = (sequence: number, appointmentId = 'appointment-1') => ({
  ...slot,
  appointmentId,
  sequence,
  doctorId: 'doctor-2',
  locationName: 'Het Gebouw',
  locationAddress: 'Kade 1, Utrecht',
});
const confirmed = tells(whenSchedulingMovesTellIt, 'AppointmentConfirmed', appointment(0));
const moved = tells(whenSchedulingMovesTellIt, 'AppointmentRescheduled', appointment(1));
const cancelled = tells(whenSchedulingMovesTellIt, 'AppointmentCancelled', appointment(1));
const another = tells(whenSchedulingMovesTellIt, 'AppointmentConfirmed', appointment(0, 'appointment-2'));
const quoted = tells(whenBillingMovesTellIt, 'QuoteIssued', {
  quoteId: 'quote-1',
  payer: 'EMPLOYEE',
  netCents: 1,
  vatCents: 0,
  totalCents: 1,
  validUntil: at,
});
const document = tells(whenReportingMovesTellIt, 'DossierDocumentAdded', { kind: 'OTHER', senderRole: 'employee' });
const shared = tells(whenReportingMovesTellIt, 'ReportSharedWithEmployee', { decisionDueAt: at });
const announced = tells(whenKeyDestroyedRemoveBodies, 'SubjectKeyDestroyed', (caseId) => ({
  keyId: 'key-1',
  personId: personOf(caseId),
  // The key of his address, of no case.
  caseId: undefined,
  category: 'CONTACT' as const,
}));
const keysGo = does('keys destroyed', (_, caseId) =>
  context.platform.vault.destroyKeys({ personId: personOf(caseId), category: 'CONTACT' }),
);

let folder: string;
let context: TestContext;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'notification-'));
  const settings = { mailDir: folder, mailFrom: 'noreply@portaal.example', portalUrl: 'https://portaal.example/' };
  const providers = deliveryProviders({ smtpUrl: undefined, ...settings });
  context = await testContext(NotificationModule, { providers, now: at, holds: [whenMessageDueBringItOnItsWay] });
});
afterEach(async () => {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Story of a message: what it is, whether it still waits, and when in the log it left. */
interface Story {
  readonly template: string;
  readonly recipientId: string;
  readonly appointmentId: string;
  readonly phase: string;
  readonly left: readonly number[];
  readonly failed: boolean;
}
/** stories of all messages, by the case or the person they are about. */
async function storiesOf(): Promise<(caseId: string) => Story[]> {
  const streams = new Map<string, { events: MessageEvent[]; left: number[] }>();
  const categories = ['notification.message'];
  let batch = await context.platform.events.readAll({ categories });
  for (
    ;
    batch.events.length > 0;
    batch = await context.platform.events.readAll({ categories, after: batch.position })
  ) {
    for (const event of batch.events) {
      const known = streams.get(event.stream) ?? { events: [], left: [] };
      known.events.push(event as unknown as MessageEvent);
      if (event.type === 'DeliverySucceeded') known.left.push(Number(event.position));
      streams.set(event.stream, known);
    }
  }
  const stories = [...streams.values()].flatMap(({ events, left }) => {
    const { planned, phase } = fold(message, events);
    if (!planned) return [];
    const { template, recipientId, caseId = '', content } = planned;
    const { appointmentId = '' } = content;
    const failed = events.some(({ type }) => type === 'DeliveryFailed');
    return [{ about: `${caseId} ${recipientId}`, template, recipientId, appointmentId, phase, left, failed }];
  });
  return (caseId) => stories.filter(({ about }) => about.includes(caseId));
}

const mails = () => readdirSync(folder).filter((name) => name.endsWith('.eml'));
const of = (stories: readonly Story[], template: string) => stories.filter((one) => one.template === template);

describe('what other contexts tell, whenever the address becomes known and the own reactions come', () => {
  it('N05: the last word on the appointment leaves once, and nothing older after it', async () => {
    const played = [
      ...(await playInEveryOrder(context, interleaved([[person], [confirmed, moved], [letsGo]]), [sealed, wish])),
      ...(await playInEveryOrder(context, interleaved([[wish], [confirmed, moved], [letsGo]]), [sealed, person])),
    ];
    const about = await storiesOf();
    for (const { order, caseId } of played) {
      const stories = about(caseId);
      const [last, ...more] = of(stories, 'N05-moved');
      expect({ order, more, left: last?.left.length, phase: last?.phase }).toEqual({
        order,
        more: [],
        left: 1,
        phase: 'sent',
      });
      const older = of(stories, 'N05-confirmed');
      expect(older.length).toBeLessThan(2);
      for (const { left, phase } of older) {
        expect({ order, phase }).toEqual({ order, phase: left.length === 1 ? 'sent' : 'superseded' });
        expect({ order, before: left.every((place) => place < (last?.left[0] ?? 0)) }).toEqual({ order, before: true });
      }
    }
  });

  it('N05: a cancellation leaves once, however soon the next appointment follows, and nothing older after it', async () => {
    const orders = interleaved([[person], [confirmed, cancelled, another], [letsGo]]);
    const played = await playInEveryOrder(context, orders, [sealed, wish]);
    const about = await storiesOf();
    for (const { order, caseId } of played) {
      const stories = about(caseId);
      const last = [...of(stories, 'N05-cancelled'), ...of(stories, 'N05-confirmed').filter(isOfAnother)];
      expect({ order, last: last.map(({ phase, left }) => `${phase} ${left.length}`) }).toEqual({
        order,
        last: ['sent 1', 'sent 1'],
      });
      const [older] = of(stories, 'N05-confirmed').filter((one) => !isOfAnother(one));
      const gone = older?.left[0] ?? 0;
      expect({ order, phase: older?.phase }).toEqual({ order, phase: gone === 0 ? 'superseded' : 'sent' });
      expect({ order, before: gone < (last[0]?.left[0] ?? 0) }).toEqual({ order, before: true });
    }
  });

  it('each context tells everybody it concerns once, whatever comes first', async () => {
    const orders = interleaved([[wish, independent], [quoted], [document, shared]]);
    const played = await playInEveryOrder(context, orders, [sealed, person]);
    const about = await storiesOf();
    for (const { order, caseId } of played) {
      const told = about(caseId).map(({ template, recipientId }) => `${template} ${recipientId}`);
      expect({ order, told: told.toSorted() }).toEqual({
        order,
        told: [
          `N04-issued ${doctorOf(caseId)}`,
          `N04-issued-employee ${personOf(caseId)}`,
          `N08-document ${doctorOf(`so-${caseId}`)}`,
          `N10-ready ${personOf(caseId)}`,
        ],
      });
    }
  });

  it('N23: the last invitation leaves once, to the address that holds; an earlier one only before it', async () => {
    const [first, second] = [invited(), invited()];
    const orders = interleaved([[person, corrected], [first, second], [letsGo]]);
    const played = await playInEveryOrder(context, orders, [sealed]);
    const about = await storiesOf();
    for (const { order, caseId } of played) {
      const stories = of(about(caseId), 'N23-invited');
      expect({ order, invitations: stories.length }).toEqual({ order, invitations: 2 });
      const [last = Infinity] = stories.find(({ phase, left }) => phase === 'sent' && left.length === 1)?.left ?? [];
      const places = stories.flatMap(({ left }) => left).toSorted((a, b) => a - b);
      expect({ order, left: places.length + of(stories, 'N23-invited').filter(isSuperseded).length }).toEqual({
        order,
        left: 2,
      });
      expect(last).not.toBe(Infinity);
      const { known } = fold(
        recipient,
        (await context.events(`notification.recipient-${personOf(caseId)}`)) as RecipientEvent[],
      );
      expect({ order, contact: known?.contact }).toEqual({ order, contact: sealOf(`${caseId}/new`) });
    }
  });

  it('a person whose key goes keeps no body anywhere, and gets no mail from then on', async () => {
    const orders = [
      ...interleaved([[person], [shared], [announced, keysGo], [letsGo]]),
      ...interleaved([
        [person, shared, letsGo, letsGo, letsGo],
        [announced, keysGo],
      ]),
    ];
    const played = await playInEveryOrder(context, orders, [sealed, wish]);
    const about = await storiesOf();
    for (const { order, caseId } of played) {
      const [story, ...more] = of(about(caseId), 'N10-ready');
      expect({ order, more, phase: story?.phase }).toEqual({
        order,
        more: [],
        phase: story?.left.length === 1 ? 'sent' : 'failed',
      });
    }
    expect(mails()).toEqual([]);
  });
});

function isSuperseded({ phase }: Story): boolean {
  return phase === 'superseded';
}

function isOfAnother({ appointmentId }: Story): boolean {
  return appointmentId === 'appointment-2';
}
