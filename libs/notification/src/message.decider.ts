import type { Language } from '@second-opinion/contracts';
import { NotFound, Refused, type Decider, type Instant, type InstancesOf } from '@second-opinion/kernel';
import { BACK_OFFICE, type Channel } from './content.events';
import type * as commands from './message.commands';
import type { MessageData, MessageEvent } from './message.events';
import { NOTIFICATION_RULES, TERMS } from './notification.terms';
import { templateOf, TEMPLATES_VERSION } from './templates.terms';

/**
 * Phase of a delivery outside the portal: `idle` = nothing is to leave (yet), `due` = leaves at dueAt, `sending` = an attempt was begun
 * and its outcome is not written down, `superseded` = a newer message goes out instead; only an attempt begun before that can still succeed.
 */
export type Phase = 'idle' | 'due' | 'sending' | 'sent' | 'failed' | 'superseded';

export interface Message {
  readonly planned?: MessageData<'NotificationPlanned'>;
  readonly phase: Phase;
  readonly dueAt?: Instant;
  readonly language?: Language;
  readonly channel?: Channel;
  /** attempts begun, all in all; it numbers them. */
  readonly attempts: number;
  /** tries since the delivery was allowed or asked for again; the pauses grow with it. */
  readonly tries: number;
  readonly header?: string;
}

/** One message to one recipient: planned once, delivered until it is known to have left, the same Message-ID each time. */
export const message: Decider<InstancesOf<typeof commands>, Message, MessageEvent> = {
  category: 'notification.message',
  begins: ['PlanMessage'],
  rulesVersion: NOTIFICATION_RULES,
  initial: { phase: 'idle', attempts: 0, tries: 0 },
  streamId: ({ messageId }) => String(messageId),
  // A delivery belongs to the case it is about, so that the history of the case tells of it.
  caseId: (_, { planned }) => planned?.caseId,
  decide: {
    PlanMessage: (command, state, { now }) => {
      if (state.planned) return [];
      const { messageId, eventId, template, recipientId, recipientRole, caseId, content, channel, language } = command;
      const { portal, outside } = templateOf(template);
      const addressed = channel !== undefined && language !== undefined && state.language === undefined;
      const data = {
        ...about({ template, recipientId, ...(caseId === undefined ? {} : { caseId }) }),
        messageId,
        eventId,
        recipientRole,
        portal: portal !== 'none',
        outside: outside !== 'none' && recipientId !== BACK_OFFICE,
        content,
        at: now,
        ...(addressed ? { addressed } : {}),
      };
      return [
        { type: 'NotificationPlanned', data, textVersion: TEMPLATES_VERSION },
        ...(addressed ? [{ type: 'DeliveryAllowed' as const, data: { channel, language, dueAt: now } }] : []),
      ];
    },
    SupersedeMessage: (_, { planned, phase, attempts }, { now }) => {
      if (!planned?.outside || phase === 'sent' || phase === 'superseded') return [];
      const superseded: MessageEvent = { type: 'DeliverySuperseded', data: { at: now } };
      // What is leaving may still arrive, and is then written down as sent; nobody waits for its outcome, nor tries it again.
      return phase === 'sending'
        ? [{ type: 'DeliveryOutcomeUnknown', data: { attempt: attempts, dueAt: now } }, superseded]
        : [superseded];
    },
    AllowDelivery: ({ channel, language }, state, { now }) =>
      state.language === undefined ? [{ type: 'DeliveryAllowed', data: { channel, language, dueAt: now } }] : [],
    BeginDelivery: ({ attempt, channel, header }, state, { now }) => {
      if (!isNext(state, attempt, now)) return [];
      return [{ type: 'DeliveryAttempted', data: { attempt, channel, header: state.header ?? header, at: now } }];
    },
    RecordDelivery: ({ attempt }, state, { now }) =>
      state.phase === 'sent' || attempt > state.attempts
        ? []
        : [{ type: 'DeliverySucceeded', data: { attempt, ...aboutOf(state), at: now } }],
    RecordDeferral: ({ attempt, reply }, state, { now }) => {
      const beforeBegun = isNext(state, attempt, now);
      if (!beforeBegun && !isOpen(state, attempt)) return [];
      const dueAt = nextTry(beforeBegun ? { tries: state.tries + 1 } : state, now);
      if (dueAt === undefined) return [failed(state, attempt, 'GIVEN_UP', now, reply)];
      return [{ type: 'DeliveryDeferred', data: { attempt, dueAt, ...(reply === undefined ? {} : { reply }) } }];
    },
    RecordUnknownOutcome: ({ attempt }, state, { now }) => {
      if (!isOpen(state, attempt)) return [];
      // Repeated at once the first time, since it may well not have left; then with the pauses of a failure.
      const dueAt = state.tries === 1 ? now : nextTry(state, now);
      if (dueAt === undefined) return [failed(state, attempt, 'GIVEN_UP', now)];
      return [{ type: 'DeliveryOutcomeUnknown', data: { attempt, dueAt } }];
    },
    RecordFailure: ({ attempt, reason, reply }, state, { now }) => {
      const beforeBegun = state.phase === 'due' && attempt === state.attempts + 1;
      return beforeBegun || isOpen(state, attempt) ? [failed(state, attempt, reason, now, reply)] : [];
    },
    RetryNotification: (_, state, { now }) => {
      if (!state.planned) throw new NotFound();
      if (state.phase === 'superseded') throw new Refused('notification.superseded');
      if (state.phase !== 'failed') throw new Refused('notification.not-failed');
      return [{ type: 'RedeliveryAsked', data: { dueAt: now } }];
    },
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'NotificationPlanned':
        return ready({ ...state, planned: event.data });
      case 'DeliveryAllowed': {
        const { language, channel, dueAt } = event.data;
        return ready({ ...state, language, channel, dueAt });
      }
      case 'DeliveryAttempted': {
        const { attempt, header, channel } = event.data;
        return { ...state, phase: 'sending', attempts: attempt, tries: state.tries + 1, header, channel };
      }
      case 'DeliverySucceeded':
        return { ...state, phase: 'sent' };
      case 'DeliveryDeferred': {
        // What could not be begun was a try, and no attempt.
        const tries = state.phase === 'due' ? state.tries + 1 : state.tries;
        return { ...state, phase: 'due', tries, dueAt: event.data.dueAt };
      }
      case 'DeliveryOutcomeUnknown':
        return { ...state, phase: 'due', dueAt: event.data.dueAt };
      case 'DeliveryFailed':
        return { ...state, phase: 'failed' };
      case 'DeliverySuperseded':
        return { ...state, phase: 'superseded' };
      case 'RedeliveryAsked':
        return { ...state, phase: 'due', tries: 0, dueAt: event.data.dueAt };
    }
  },
};

function ready(state: Message): Message {
  const leaves = state.planned?.outside === true && state.dueAt !== undefined;
  return state.phase === 'idle' && leaves ? { ...state, phase: 'due' } : state;
}

/** isNext: this attempt is due, and nothing of it has begun. */
function isNext({ phase, attempts, dueAt }: Message, attempt: number, now: Instant): boolean {
  return phase === 'due' && attempts + 1 === attempt && dueAt !== undefined && dueAt <= now;
}

function isOpen({ phase, attempts }: Message, attempt: number): boolean {
  return phase === 'sending' && attempts === attempt;
}

/** nextTry is when it is tried again; undefined when it was tried often enough. */
function nextTry({ tries }: Pick<Message, 'tries'>, now: Instant): Instant | undefined {
  const minutes = TERMS.retryMinutes[tries - 1];
  return minutes === undefined ? undefined : new Date(Date.parse(now) + minutes * 60_000).toISOString();
}

function failed(
  state: Message,
  attempt: number,
  reason: MessageData<'DeliveryFailed'>['reason'],
  at: Instant,
  reply?: number,
): MessageEvent {
  const version = state.planned?.content.version;
  const told = { ...(reply === undefined ? {} : { reply }), ...(version === undefined ? {} : { version }) };
  return { type: 'DeliveryFailed', data: { attempt, reason, ...aboutOf(state), at, ...told } };
}

type About = Pick<MessageData<'NotificationPlanned'>, 'template' | 'recipientId' | 'caseId'>;

function about({ template, recipientId, caseId }: About): About {
  return { template, recipientId, ...(caseId === undefined ? {} : { caseId }) };
}

function aboutOf({ planned }: Message): About {
  return about(planned ?? { template: '', recipientId: '' });
}
