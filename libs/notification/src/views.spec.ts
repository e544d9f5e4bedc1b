import type { RecordedEvent, View } from '@second-opinion/kernel';
import { aSeal, anActor, recorded, testNow } from '@second-opinion/kernel/testing';
import type { MessageData, MessageEvent } from './message.events';
import { logFor, messageLog, messages, messagesOf, oneMessage, type MessageRow } from './messages.view';
import { notificationPublisher } from './notification.publisher';
import { outbox } from './outbox.view';
import { notificationTasks } from './tasks.view';

const data: MessageData<'NotificationPlanned'> = {
  messageId: 'message-1',
  eventId: 'event-1',
  template: 'N02-refused',
  recipientId: 'person-1',
  recipientRole: 'employee',
  caseId: 'case-1',
  portal: true,
  outside: true,
  content: { caseNumber: 'SO-1', ground: 'NOT_MEDICAL', motivation: aSeal('motivation') },
  at: testNow,
};
const planned: MessageEvent = { type: 'NotificationPlanned', data };
const allowed: MessageEvent = { type: 'DeliveryAllowed', data: { channel: 'email', language: 'en', dueAt: testNow } };
const attempted: MessageEvent = {
  type: 'DeliveryAttempted',
  data: { attempt: 1, channel: 'email', header: '<1@x>', at: testNow },
};
const about = { template: 'N02-refused', recipientId: 'person-1', caseId: 'case-1' };
const succeeded: MessageEvent = { type: 'DeliverySucceeded', data: { attempt: 1, ...about, at: testNow } };
const failed = (reason: MessageData<'DeliveryFailed'>['reason']): MessageEvent => ({
  type: 'DeliveryFailed',
  data: { attempt: 1, reason, ...about, at: testNow },
});
const asked: MessageEvent = { type: 'RedeliveryAsked', data: { dueAt: testNow } };
const unknown: MessageEvent = { type: 'DeliveryOutcomeUnknown', data: { attempt: 1, dueAt: testNow } };
const superseded: MessageEvent = { type: 'DeliverySuperseded', data: { at: testNow } };

function project<Row extends object>(view: View<Row>, ...events: MessageEvent[]): Row | undefined {
  let row: Row | null | undefined;
  for (const event of recorded('notification.message-message-1', events, { textVersion: 'templates-2026.1' })) {
    expect(view.keys(event as RecordedEvent)).toEqual(['message-1']);
    row = view.project(row ?? undefined, event as RecordedEvent, 'message-1');
  }
  return row ?? undefined;
}

describe('messages', () => {
  const row = project(messages, planned, allowed, attempted, succeeded) as MessageRow;

  it('holds codes and seals, and how it went', () =>
    expect(row).toMatchObject({
      recipientId: 'person-1',
      language: 'en',
      textVersion: 'templates-2026.1',
      delivery: 'sent',
      channel: 'email',
      attempts: 1,
      deliveredAt: testNow,
      content: { motivation: aSeal('motivation') },
    }));
  it('its recipient reads it in his language; sealed text is a place to open', () => {
    const shown = oneMessage.show(row, 'employee');
    expect(shown).toMatchObject({ messageId: 'message-1', title: 'Your request was refused', delivery: 'sent' });
    expect(JSON.stringify(shown)).toContain('it is not a medical question');
    expect(shown['lines']).toContainEqual({
      seal: aSeal('motivation'),
      place: { personId: 'person-1', caseId: 'case-1', purpose: 'intake.motivation' },
    });
  });
  it.each(['own-doctor', 'back-office', 'auditor', 'second-opinion-doctor', 'none'] as const)(
    'for %s it is metadata',
    (relation) => {
      const shown = oneMessage.show(row, relation);
      expect(shown).not.toHaveProperty('title');
      expect(JSON.stringify(shown)).not.toMatch(/seal|ground|medical/i);
    },
  );
  it('the log is metadata for everybody', () => expect(messageLog.show(row, 'employee')).not.toHaveProperty('title'));
  it('an internal message is for whoever has the role', () => {
    const internal = project(messages, {
      type: 'NotificationPlanned',
      data: {
        ...data,
        template: 'N19-no-slot',
        recipientId: 'role:back-office',
        recipientRole: 'back-office',
        outside: false,
      },
    }) as MessageRow;
    expect(oneMessage.participants(internal)).toEqual({});
    expect(oneMessage.show(internal, 'back-office')).toMatchObject({
      title: 'Geen tijd gevonden: SO-1',
      delivery: 'none',
    });
    expect(oneMessage.show(internal, 'auditor')).not.toHaveProperty('title');
  });
  it('follows what becomes of the delivery', () => {
    expect(project(messages, planned)?.delivery).toBe('waiting');
    expect(project(messages, planned, allowed, attempted, failed('PERMANENT'))?.delivery).toBe('failed');
    expect(project(messages, planned, allowed, attempted, failed('PERMANENT'), asked)?.delivery).toBe('waiting');
    expect(project(messages, planned, superseded)?.delivery).toBe('superseded');
    expect(project(messages, planned, allowed, attempted, unknown, superseded)?.delivery).toBe('superseded');
    expect(project(messages, planned, allowed, attempted, unknown, superseded, succeeded)?.delivery).toBe('sent');
    expect(project(messages, allowed)).toBeUndefined();
  });
  it('the list is narrowed to the asker, under all his ids, and to his role', () =>
    expect(messagesOf({ ...anActor('employee', 'person-1'), joined: ['person-0'] }).where).toEqual({
      recipientId: ['person-1', 'person-0', 'role:employee'],
      portal: true,
    }));
  it('the log is not asked for by others than auditor and back office', () => {
    for (const role of ['employee', 'company-doctor', 'second-opinion-doctor', 'employer', 'partner'] as const)
      expect(logFor(anActor(role))).toBeUndefined();
    expect(logFor(anActor('auditor'), 'case-1')).toMatchObject({ where: { caseId: 'case-1' } });
    expect(logFor(anActor('back-office'))).toBeDefined();
  });
});

describe('outbox', () => {
  it('holds what is to leave, until it has', () => {
    expect(project(outbox, planned)).toMatchObject({ leaves: false });
    expect(project(outbox, planned, allowed)).toEqual({ messageId: 'message-1', leaves: true, dueAt: testNow });
    expect(project(outbox, planned, allowed, attempted)).toMatchObject({ leaves: true });
    expect(project(outbox, planned, allowed, attempted, succeeded)).toBeUndefined();
    expect(project(outbox, planned, superseded, allowed)).toBeUndefined();
    expect(project(outbox, planned, allowed, attempted, unknown, superseded)).toBeUndefined();
    expect(project(outbox, planned, allowed, attempted, failed('PERMANENT'), superseded)).toBeUndefined();
  });
  it('a failed one stays, and leaves again when asked for', () => {
    expect(project(outbox, planned, allowed, attempted, failed('GIVEN_UP'))).toMatchObject({ leaves: false });
    expect(project(outbox, planned, allowed, attempted, failed('GIVEN_UP'), asked)).toMatchObject({ leaves: true });
    const later = '2026-11-25T09:05:00.000Z';
    const deferred: MessageEvent = { type: 'DeliveryDeferred', data: { attempt: 1, dueAt: later } };
    expect(project(outbox, planned, allowed, attempted, deferred)).toMatchObject({ leaves: true, dueAt: later });
  });
  it('has no place for what stays in the portal', () =>
    expect(
      project(outbox, { type: 'NotificationPlanned', data: { ...data, outside: false } }, allowed),
    ).toBeUndefined());
});

describe('tasks', () => {
  it('a failed delivery is a task of the back office until it is tried again or a newer message goes out instead', () => {
    const task = { task: 'RetryNotification', about: 'message-1', assignee: 'role:back-office', since: testNow };
    expect(project(notificationTasks, planned, allowed, attempted, failed('PERMANENT'))).toMatchObject(task);
    expect(project(notificationTasks, planned, allowed, attempted, failed('PERMANENT'), asked)).toBeUndefined();
    expect(project(notificationTasks, planned, allowed, attempted, failed('PERMANENT'), superseded)).toBeUndefined();
    expect(project(notificationTasks, planned, failed('RECIPIENT_FORGOTTEN'))).toBeUndefined();
  });
});

describe('publisher', () => {
  const told = (event: MessageEvent) => {
    const [one] = recorded('notification.message-message-1', [event]);
    return notificationPublisher.on[event.type]?.(one as never);
  };
  it('tells that a message left or failed, by case or else by recipient', () => {
    const body = { messageId: 'message-1', ...about, at: testNow };
    expect(told(succeeded)).toEqual({ type: 'NotificationDelivered', key: 'case-1', data: body });
    const gone = failed('PERMANENT');
    expect(told(gone)).toEqual({ type: 'NotificationFailed', key: 'case-1', data: body });
    expect(told({ ...gone, data: { ...gone.data, version: 2 } } as MessageEvent)?.data).toEqual({
      ...body,
      version: 2,
    });
    const { caseId: _caseId, ...noCase } = about;
    expect(told({ type: 'DeliverySucceeded', data: { attempt: 1, ...noCase, at: testNow } })?.key).toBe('person-1');
  });
  it('and nothing else', () => expect(told(planned)).toBeUndefined());
});
