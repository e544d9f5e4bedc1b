import { given } from '@second-opinion/kernel/testing';
import { message } from './message.decider';
import type { MessageData, MessageEvent } from './message.events';
import { TERMS } from './notification.terms';

const now = '2026-11-25T09:00:00.000Z';
const later = (minutes: number) => new Date(Date.parse(now) + minutes * 60_000).toISOString();
const plan = {
  messageId: 'message-1',
  eventId: 'event-1',
  template: 'N01-employee',
  recipientId: 'person-1',
  recipientRole: 'employee',
  caseId: 'case-1',
  content: { caseNumber: 'SO-1' },
} as const;
const data: MessageData<'NotificationPlanned'> = { ...plan, portal: true, outside: true, at: now };
const planned: MessageEvent = { type: 'NotificationPlanned', data };
const allowed: MessageEvent = { type: 'DeliveryAllowed', data: { channel: 'email', language: 'nl', dueAt: now } };
const attempted = (attempt: number): MessageEvent => ({
  type: 'DeliveryAttempted',
  data: { attempt, channel: 'email', header: '<1@x>', at: now },
});
const deferred = (attempt: number, minutes: number): MessageEvent => ({
  type: 'DeliveryDeferred',
  data: { attempt, reply: 451, dueAt: later(minutes) },
});
const about = { template: 'N01-employee', recipientId: 'person-1', caseId: 'case-1' };
const succeeded = (attempt: number): MessageEvent => ({
  type: 'DeliverySucceeded',
  data: { attempt, ...about, at: now },
});
const failed: MessageEvent = {
  type: 'DeliveryFailed',
  data: { attempt: 1, reason: 'PERMANENT', reply: 550, ...about, at: now },
};
const id = { messageId: 'message-1' };
const begin = { ...id, attempt: 1, channel: 'email', header: '<1@x>' } as const;
const one = { ...id, attempt: 1 };

describe('planning', () => {
  it('plans once', () => {
    given(message)
      .when('PlanMessage', plan)
      .then({ ...planned, textVersion: 'templates-2026.2' });
    given(message).events(planned).when('PlanMessage', plan).nothing();
  });
  it('allows at once what is told with the way its recipient is reached', () => {
    const reached = { channel: 'email', language: 'nl' } as const;
    const addressed: MessageEvent = { type: 'NotificationPlanned', data: { ...data, addressed: true } };
    given(message)
      .when('PlanMessage', { ...plan, ...reached })
      .then({ ...addressed, textVersion: 'templates-2026.2' }, allowed);
    expect(given(message).events(addressed, allowed).state()).toMatchObject({ phase: 'due', dueAt: now });
    given(message)
      .events(addressed, allowed)
      .when('AllowDelivery', { ...id, channel: 'sms', language: 'en' })
      .nothing();
    given(message)
      .events(allowed)
      .when('PlanMessage', { ...plan, ...reached })
      .then({ ...planned, textVersion: 'templates-2026.2' });
  });
  it('an internal message does not leave the portal', () =>
    given(message)
      .when('PlanMessage', {
        ...plan,
        template: 'N19-no-slot',
        recipientId: 'role:back-office',
        recipientRole: 'back-office',
      })
      .then({
        type: 'NotificationPlanned',
        data: {
          ...data,
          template: 'N19-no-slot',
          recipientId: 'role:back-office',
          recipientRole: 'back-office',
          outside: false,
        },
        textVersion: 'templates-2026.2',
      }));
  it('may leave once the recipient is known, once', () => {
    given(message)
      .events(planned)
      .when('AllowDelivery', { ...id, channel: 'email', language: 'nl' })
      .then(allowed);
    given(message)
      .events(planned, allowed)
      .when('AllowDelivery', { ...id, channel: 'sms', language: 'en' })
      .nothing();
  });
});

describe('attempts', () => {
  it('begins when due, and only the next one', () => {
    given(message).events(planned, allowed).when('BeginDelivery', begin).then(attempted(1));
    given(message)
      .events(planned, allowed)
      .when('BeginDelivery', { ...begin, attempt: 2 })
      .nothing();
    given(message).events(planned, allowed, attempted(1)).when('BeginDelivery', begin).nothing();
    given(message).events(planned).when('BeginDelivery', begin).nothing();
  });
  it('not before its time', () => {
    const waiting = given(message).events(planned, allowed, attempted(1), deferred(1, 1));
    waiting.when('BeginDelivery', { ...begin, attempt: 2 }).nothing();
    waiting.when('BeginDelivery', { ...begin, attempt: 2 }, { now: later(1) }).thenTypes('DeliveryAttempted');
  });
  it('keeps the first Message-ID', () => {
    const [again] = given(message)
      .events(planned, allowed, attempted(1), deferred(1, 0))
      .when('BeginDelivery', { ...begin, attempt: 2, header: '<other@x>' })
      .events();
    expect(again?.data).toMatchObject({ attempt: 2, header: '<1@x>' });
  });
  it('success is written down once, also when it comes late', () => {
    given(message).events(planned, allowed, attempted(1)).when('RecordDelivery', one).then(succeeded(1));
    given(message).events(planned, allowed, attempted(1), succeeded(1)).when('RecordDelivery', one).nothing();
    const unknown: MessageEvent = { type: 'DeliveryOutcomeUnknown', data: { attempt: 1, dueAt: now } };
    given(message).events(planned, allowed, attempted(1), unknown).when('RecordDelivery', one).then(succeeded(1));
    given(message).events(planned, allowed).when('RecordDelivery', one).nothing();
  });
  it('a temporary failure is tried again with growing pauses, eight times', () => {
    expect(TERMS.retryMinutes).toHaveLength(8);
    const history: MessageEvent[] = [planned, allowed];
    for (const [index, minutes] of TERMS.retryMinutes.entries()) {
      const attempt = index + 1;
      history.push(attempted(attempt));
      given(message)
        .events(...history)
        .when('RecordDeferral', { ...id, attempt, reply: 451 })
        .then(deferred(attempt, minutes));
      history.push(deferred(attempt, minutes));
    }
    history.push(attempted(9));
    given(message)
      .events(...history)
      .when('RecordDeferral', { ...id, attempt: 9, reply: 451 })
      .then({ type: 'DeliveryFailed', data: { attempt: 9, reason: 'GIVEN_UP', reply: 451, ...about, at: now } });
  });
  it('what could not be begun is tried again with the same pauses, as often, and is no attempt', () => {
    const history: MessageEvent[] = [planned, allowed];
    const unopened = (minutes: number): MessageEvent => ({
      type: 'DeliveryDeferred',
      data: { attempt: 1, dueAt: later(minutes) },
    });
    for (const [index, minutes] of TERMS.retryMinutes.entries()) {
      given(message)
        .events(...history)
        .when('RecordDeferral', one)
        .then(unopened(minutes));
      // Its pause is over.
      history.push({ type: 'DeliveryDeferred', data: { attempt: 1, dueAt: now } });
      if (index === 0)
        given(message)
          .events(...history)
          .when('BeginDelivery', begin)
          .then(attempted(1));
    }
    given(message)
      .events(...history)
      .when('RecordDeferral', one)
      .then({ type: 'DeliveryFailed', data: { attempt: 1, reason: 'GIVEN_UP', ...about, at: now } });
    given(message).events(planned, allowed, unopened(1)).when('RecordDeferral', one).nothing();
    given(message)
      .events(planned, allowed)
      .when('RecordDeferral', { ...id, attempt: 2 })
      .nothing();
  });
  it('a permanent failure ends it', () => {
    const sending = given(message).events(planned, allowed, attempted(1));
    sending.when('RecordFailure', { ...one, reason: 'PERMANENT', reply: 550 }).then(failed);
    sending
      .events(failed)
      .when('BeginDelivery', { ...begin, attempt: 2 })
      .nothing();
    sending
      .events(failed)
      .when('RecordFailure', { ...one, reason: 'PERMANENT', reply: 550 })
      .nothing();
  });
  it('A18 the failure of a message about a report names its version', () => {
    const n12 = { template: 'N12-released', recipientId: 'doctor-1', caseId: 'case-1' };
    const told = { ...planned, data: { ...data, ...n12, content: { caseNumber: 'SO-1', version: 2 } } };
    given(message)
      .events(told, allowed, attempted(1))
      .when('RecordFailure', { ...one, reason: 'PERMANENT', reply: 550 })
      .then({
        type: 'DeliveryFailed',
        data: { attempt: 1, reason: 'PERMANENT', reply: 550, ...n12, version: 2, at: now },
      });
  });
  it('nobody to write to: fails before an attempt begins', () =>
    given(message)
      .events(planned, allowed)
      .when('RecordFailure', { ...one, reason: 'RECIPIENT_FORGOTTEN' })
      .thenTypes('DeliveryFailed'));
  it('an outcome that a crash left unknown is repeated: at once, then with pauses, not for ever', () => {
    given(message)
      .events(planned, allowed, attempted(1))
      .when('RecordUnknownOutcome', one)
      .then({ type: 'DeliveryOutcomeUnknown', data: { attempt: 1, dueAt: now } });
    const unknown: MessageEvent = { type: 'DeliveryOutcomeUnknown', data: { attempt: 1, dueAt: now } };
    given(message)
      .events(planned, allowed, attempted(1), unknown, attempted(2))
      .when('RecordUnknownOutcome', { ...id, attempt: 2 })
      .then({ type: 'DeliveryOutcomeUnknown', data: { attempt: 2, dueAt: later(5) } });
    const nine = Array.from({ length: 8 }, (_, index) => [attempted(index + 1), unknown]).flat();
    given(message)
      .events(planned, allowed, ...nine, attempted(9))
      .when('RecordUnknownOutcome', { ...id, attempt: 9 })
      .thenTypes('DeliveryFailed');
    given(message).events(planned, allowed, attempted(1), succeeded(1)).when('RecordUnknownOutcome', one).nothing();
  });
});

describe('a newer message on the same matter', () => {
  const superseded: MessageEvent = { type: 'DeliverySuperseded', data: { at: now } };
  const unknown: MessageEvent = { type: 'DeliveryOutcomeUnknown', data: { attempt: 1, dueAt: now } };

  it('takes the place of one that has not left', () => {
    given(message).events(planned).when('SupersedeMessage', id).then(superseded);
    given(message).events(planned, allowed).when('SupersedeMessage', id).then(superseded);
  });
  it('also of one that failed: nobody has it tried again any more', () => {
    const over = given(message).events(planned, allowed, attempted(1), failed);
    over.when('SupersedeMessage', id).then(superseded);
    over.events(superseded).when('RetryNotification', id).refused('notification.superseded');
  });
  it('also of one that is leaving: that its outcome is open is written down, and it is not tried again', () => {
    const leaving = given(message).events(planned, allowed, attempted(1));
    leaving.when('SupersedeMessage', id).then(unknown, superseded);
    const over = leaving.events(unknown, superseded);
    over.when('RecordDeferral', { ...one, reply: 451 }).nothing();
    over.when('RecordUnknownOutcome', one).nothing();
    over.when('RecordFailure', { ...one, reason: 'PERMANENT', reply: 550 }).nothing();
    over.when('BeginDelivery', { ...begin, attempt: 2 }).nothing();
    over.when('RetryNotification', id).refused('notification.superseded');
  });
  it('while a success that comes after that is written down, once', () => {
    const over = given(message).events(planned, allowed, attempted(1), unknown, superseded);
    over.when('RecordDelivery', one).then(succeeded(1));
    over.events(succeeded(1)).when('RecordDelivery', one).nothing();
    over.events(succeeded(1)).when('SupersedeMessage', id).nothing();
  });
  it('not of one that has left, never does, or was superseded before', () => {
    given(message).events(planned, allowed, attempted(1), succeeded(1)).when('SupersedeMessage', id).nothing();
    given(message).events(planned, superseded).when('SupersedeMessage', id).nothing();
    given(message)
      .events({ type: 'NotificationPlanned', data: { ...data, outside: false } })
      .when('SupersedeMessage', id)
      .nothing();
    given(message).when('SupersedeMessage', id).nothing();
  });
  it('and it does not leave any more', () => {
    given(message).events(planned, superseded, allowed).when('BeginDelivery', begin).nothing();
  });
});

describe('trying again by the back office', () => {
  it('starts anew after a failure only', () => {
    given(message)
      .events(planned, allowed, attempted(1), failed)
      .when('RetryNotification', id)
      .then({ type: 'RedeliveryAsked', data: { dueAt: now } });
    given(message).events(planned, allowed).when('RetryNotification', id).refused('notification.not-failed');
    given(message).when('RetryNotification', id).refused('not-found');
  });
  it('counts its pauses from the beginning', () => {
    const asked: MessageEvent = { type: 'RedeliveryAsked', data: { dueAt: now } };
    given(message)
      .events(planned, allowed, attempted(1), failed, asked, attempted(2))
      .when('RecordDeferral', { ...id, attempt: 2, reply: 451 })
      .then(deferred(2, 1));
  });
});
