import type { RecordedEvent } from '@second-opinion/kernel';
import { doubled, historyFaults, lost, mailFaults, openCases, seriesFaults, undelivered } from './invariants';

/** event as it stands in a log; only what the checks look at differs. */
const event = (
  stream: string,
  revision: number,
  type: string,
  over: { id?: string; commandId?: string; causationId?: string; role?: string; caseId?: string; data?: object } = {},
): RecordedEvent => {
  const { id = `${stream}/${revision}`, role = 'company-doctor', caseId = '', data = {} } = over;
  const { commandId = id, causationId = commandId } = over;
  return {
    ...{ stream, revision, type, id, data, position: '1' },
    metadata: { commandId, causationId, actorRole: role, ...(caseId === '' ? {} : { caseId }) },
  } as unknown as RecordedEvent;
};

const wish = event('intake.case-1', 0, 'SecondOpinionWishRecorded', { caseId: '1' });
const honoured = event('intake.case-1', 1, 'RequestHonoured', { caseId: '1' });
const closed = event('intake.case-1', 2, 'CaseClosed', { caseId: '1' });
const noted = (about: RecordedEvent, revision: number) =>
  event('records.history-1', revision, 'HistoryEntryAdded', { data: { eventId: about.id, caseId: '1' } });
const acknowledged = [{ path: '/intake/cases/1/honour-request', id: '1', happened: ['RequestHonoured'] }];

describe('what must hold of a log finds what does not', () => {
  it('doubled: an event twice, and one command in two places of a stream', () => {
    expect(doubled([wish, honoured])).toEqual([]);
    expect(doubled([wish, wish])).toContain(wish.id);
    const again = event('intake.case-1', 3, 'RequestHonoured', { commandId: honoured.metadata.commandId });
    expect(doubled([wish, honoured, closed, again])).toEqual([`intake.case-1 ${honoured.metadata.commandId}`]);
  });

  it('doubled: two things of a kind that one command created', () => {
    const data = { caseNumber: 'SO-2' };
    const other = event('intake.case-2', 0, 'SecondOpinionWishRecorded', { commandId: wish.metadata.commandId, data });
    expect(doubled([wish, other])).toEqual([`intake.case ${wish.metadata.commandId}`]);
    const person = event('intake.person-1', 0, 'PersonRegistered', { commandId: wish.metadata.commandId });
    expect(doubled([wish, person])).toEqual([]);
  });

  it('doubled: two persons of one wish, two persons with one case, two cases with one number', () => {
    const two = (type: string, data: object) =>
      ['a', 'b'].map((id) => ({
        ...event(`intake.person-${id}`, 0, type, { data }),
        metadata: { commandId: id, causationId: 'wish' } as never,
      }));
    expect(doubled(two('PersonRegistered', {}))).toEqual(['a person of wish']);
    expect(doubled(two('CaseOfPersonRecorded', { caseId: '1' }))).toEqual(['a person with case 1']);
    expect(doubled(two('SecondOpinionWishRecorded', { caseNumber: 'SO-1' }))).toEqual(['a case with number SO-1']);
  });

  it('doubled: two events of one decision are one command in one place', () => {
    const both = [0, 1].map((revision) => event('intake.case-2', revision, 'Happened', { commandId: 'c' }));
    expect(doubled(both)).toEqual([]);
  });

  it('lost: acknowledged and not there; there more often than acknowledged', () => {
    expect(lost(acknowledged, [wish, honoured])).toEqual([]);
    expect(lost(acknowledged, [wish])).toEqual([{ what: '1 RequestHonoured', told: 1, there: 0 }]);
    const again = event('intake.case-1', 3, 'RequestHonoured');
    expect(lost(acknowledged, [wish, honoured, again])).toEqual([{ what: '1 RequestHonoured', told: 1, there: 2 }]);
  });

  it('lost: what the system did is no answer to a user', () => {
    const bySystem = event('intake.case-1', 1, 'RequestHonoured', { role: 'system' });
    expect(lost(acknowledged, [wish, bySystem])).toEqual([{ what: '1 RequestHonoured', told: 1, there: 0 }]);
  });

  it('lost: what a command did besides, to another thing, is not its answer', () => {
    const besides = event('intake.person-1', 2, 'InvitationIssued', { causationId: wish.metadata.commandId });
    const asked = event('intake.person-1', 3, 'InvitationIssued');
    const told = [{ path: '/intake/persons/1/invite-person-again', id: '1', happened: ['InvitationIssued'] }];
    expect(lost(told, [besides, asked])).toEqual([]);
    expect(lost(told, [besides])).toEqual([{ what: '1 InvitationIssued', told: 1, there: 0 }]);
  });

  it('histories: missing, twice, and about something that is not there', () => {
    const whole = [wish, honoured, noted(wish, 0), noted(honoured, 1)];
    expect(historyFaults(whole)).toEqual([]);
    expect(historyFaults(whole.slice(0, 3))).toHaveLength(1);
    expect(historyFaults([...whole, noted(wish, 2)])).toHaveLength(1);
    expect(historyFaults([...whole, noted(closed, 2)])).toHaveLength(1);
  });

  it('series: a gap, and a number twice', () => {
    const places = (...all: number[]) =>
      all.map((place, index) => event('billing.series-F2026', index, 'InvoiceIssued', { data: { place } }));
    expect(seriesFaults(places(1, 2, 3))).toEqual([]);
    expect(seriesFaults(places(1, 3))).toHaveLength(1);
    expect(seriesFaults(places(1, 2, 2))).toHaveLength(1);
  });

  it('cases that have not reached their end', () => {
    expect(openCases([wish, honoured, closed])).toEqual([]);
    expect(openCases([wish, honoured])).toEqual(['intake.case-1']);
  });

  it('mails: planned twice, not arrived, arrived without being delivered, arrived twice without need', () => {
    const matter = { eventId: 'e', recipientId: 'r', template: 't' };
    const of = (type: string, revision: number, data: object) =>
      event('notification.message-1', revision, type, { data });
    const planned = of('NotificationPlanned', 0, matter);
    const attempted = of('DeliveryAttempted', 1, { header: '<1>' });
    const succeeded = of('DeliverySucceeded', 2, {});
    const whole = [planned, attempted, succeeded];
    expect(mailFaults(whole, ['<1>'])).toEqual([]);
    expect(
      mailFaults([...whole, event('notification.message-2', 0, 'NotificationPlanned', { data: matter })], ['<1>']),
    ).toHaveLength(1);
    expect(mailFaults(whole, [])).toHaveLength(1);
    expect(mailFaults(whole, ['<1>', '<2>'])).toHaveLength(1);
    expect(mailFaults(whole, ['<1>', '<1>'])).toHaveLength(1);
    expect(mailFaults([...whole, of('DeliveryOutcomeUnknown', 3, {})], ['<1>', '<1>'])).toEqual([]);
    const open = [planned, attempted, of('DeliveryOutcomeUnknown', 2, {})];
    expect(mailFaults(open, ['<1>'])).toHaveLength(1);
    expect(mailFaults([...open, of('DeliverySuperseded', 3, {})], ['<1>'])).toEqual([]);
    expect(mailFaults([...open, of('DeliverySuperseded', 3, {})], [])).toEqual([]);
    expect(mailFaults([planned, attempted, of('DeliverySuperseded', 2, {})], ['<1>'])).toHaveLength(1);
  });

  it('mails: may leave and does not, and passed over until a newer took its place', () => {
    const of = (message: number, type: string, data: object = {}) =>
      event(`notification.message-${message}`, 0, type, { id: `${message}/${type}`, data });
    const allowed = (message: number, second: number) => [
      of(message, 'NotificationPlanned', { outside: true }),
      of(message, 'DeliveryAllowed', { dueAt: `2026-11-30T09:00:${second}.000Z` }),
    ];
    const sent = (message: number) => [of(message, 'DeliveryAttempted'), of(message, 'DeliverySucceeded')];
    expect(undelivered([...allowed(1, 10), ...sent(1)])).toEqual([]);
    expect(undelivered(allowed(1, 10))).toEqual(['notification.message-1 may leave, and does not']);
    expect(undelivered([of(1, 'NotificationPlanned', { outside: false }), of(1, 'DeliveryAllowed')])).toEqual([]);
    const late = [...allowed(1, 10), ...allowed(2, 19), ...sent(2), of(1, 'DeliverySuperseded')];
    expect(undelivered(late)).toEqual([]);
    const passedOver = [...allowed(1, 10), ...allowed(2, 21), ...sent(2), of(1, 'DeliverySuperseded')];
    expect(undelivered(passedOver)).toEqual(['notification.message-1 was passed over']);
  });
});
