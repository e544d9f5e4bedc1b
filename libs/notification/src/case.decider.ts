import type { Payer } from '@second-opinion/contracts';
import { derivedId, type CaseId, type Decider, type InstancesOf } from '@second-opinion/kernel';
import type * as commands from './case.commands';
import type { CaseEvent } from './case.events';
import type { Content } from './content.events';
import { NOTIFICATION_RULES } from './notification.terms';
import { recipientOf, selected, tooLate, whole } from './case.rules';
import { isTemplateCode, templateOf, TEMPLATES_VERSION, type Matter, type TemplateCode } from './templates.terms';

export type NotedFact = Extract<CaseEvent, { type: 'FactNoted' }>['data'];

/** Open is a message that still waits for its recipient, or for what it must tell. */
export interface Open {
  readonly template: TemplateCode;
  readonly fact: NotedFact;
}

/** TellingCase is what is known of a case for telling people. */
export interface TellingCase {
  readonly caseNumber?: string;
  readonly employeeId?: string;
  readonly ownDoctorId?: string;
  readonly doctorId?: string;
  readonly round: number;
  readonly noted: ReadonlySet<string>;
  readonly open: readonly Open[];
  /** appointment as last told. */
  readonly appointment?: Content;
  readonly sequences: Readonly<Record<string, number>>;
  readonly payers: Readonly<Record<string, Payer>>;
  readonly shared: boolean;
  readonly withdrawn: boolean;
  /** latest: per recipient and matter the messages that a newer one takes the place of. */
  readonly latest: Readonly<Record<string, string>>;
}

/** Who is told what: notes facts in any order, and decides as soon as it is known whom they concern. */
export const tellingCase: Decider<InstancesOf<typeof commands>, TellingCase, CaseEvent> = {
  category: 'notification.case',
  begins: ['NoteCase'],
  rulesVersion: NOTIFICATION_RULES,
  initial: {
    round: 0,
    noted: new Set(),
    open: [],
    sequences: {},
    payers: {},
    shared: false,
    withdrawn: false,
    latest: {},
  },
  streamId: ({ caseId }) => String(caseId),
  decide: {
    NoteCase: ({ caseId, caseNumber, employeeId, ownDoctorId }, state) =>
      state.employeeId === undefined
        ? withDue(caseId, state, { type: 'CaseNoted', data: { caseId, caseNumber, employeeId, ownDoctorId } })
        : [],
    NoteDoctor: ({ caseId, doctorId, round }, state) =>
      round > state.round ? withDue(caseId, state, { type: 'DoctorNoted', data: { doctorId, round } }) : [],
    NoteFact: ({ caseId, eventId, fact, at, doctorId, content }, state) => {
      const noted: NotedFact = { eventId, fact, at, ...(doctorId === undefined ? {} : { doctorId }), content };
      if (state.noted.has(eventId) || tooLate(noted, state)) return [];
      return withDue(caseId, state, { type: 'FactNoted', data: noted });
    },
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'CaseNoted': {
        const { caseNumber, employeeId, ownDoctorId } = event.data;
        return { ...state, caseNumber, employeeId, ownDoctorId };
      }
      case 'DoctorNoted':
        return { ...state, doctorId: event.data.doctorId, round: event.data.round };
      case 'FactNoted':
        return afterFact(state, event.data);
      case 'NotificationDue':
        return afterDue(state, event.data);
    }
  },
  participants: ({ employeeId, ownDoctorId, doctorId }) => ({
    ...(employeeId === undefined ? {} : { employee: employeeId }),
    ...(ownDoctorId === undefined ? {} : { 'own-doctor': ownDoctorId }),
    ...(doctorId === undefined ? {} : { 'second-opinion-doctor': doctorId }),
  }),
  caseId: (streamId) => streamId,
};

/** withDue adds to an event all messages that can be decided once it has happened. */
function withDue(caseId: CaseId, before: TellingCase, event: CaseEvent): CaseEvent[] {
  const events = [event];
  let state = tellingCase.evolve(before, event);
  for (const open of state.open) {
    const due = decided(caseId, state, open);
    if (!due) continue;
    events.push(due);
    state = tellingCase.evolve(state, due);
  }
  return events;
}

function decided(caseId: CaseId, state: TellingCase, { template, fact }: Open): CaseEvent | undefined {
  const { to, matter, settles = matter ? [matter] : [] } = templateOf(template);
  const found = recipientOf(to, fact, state);
  const content = whole(fact, state);
  if (!found || !content) return undefined;
  const { recipientId, recipientRole } = found;
  const messageId = derivedId(fact.eventId, recipientId, template);
  const replaces = settles.flatMap((one) => state.latest[matterOf(recipientId, one)] ?? []);
  return {
    type: 'NotificationDue',
    data: { messageId, eventId: fact.eventId, template, recipientId, recipientRole, caseId, content, replaces },
    textVersion: TEMPLATES_VERSION,
  };
}

function afterFact(state: TellingCase, fact: NotedFact): TellingCase {
  const { content } = fact;
  const { appointmentId, sequence, payer } = content;
  const paper = content.invoiceNumber ?? content.quoteId;
  const more = selected(fact, state);
  const overtaken = new Set(more.flatMap(({ template }) => overtakes(template)));
  return {
    ...withoutWhoGaveUp(state, fact),
    noted: new Set([...state.noted, fact.eventId]),
    open: [...state.open.filter(({ template }) => !overtaken.has(keyOf(template))), ...more],
    ...(appointmentId === undefined || sequence === undefined
      ? {}
      : { sequences: { ...state.sequences, [appointmentId]: sequence }, appointment: content }),
    payers: payer === undefined || paper === undefined ? state.payers : { ...state.payers, [paper]: payer },
    shared: state.shared || fact.fact === 'ReportSharedWithEmployee',
    withdrawn: state.withdrawn || fact.fact === 'RequestWithdrawn',
  };
}

/** withoutWhoGaveUp: a doctor who gave his assignment up is told nothing more of the case (A15); what concerns a doctor waits for the next. */
function withoutWhoGaveUp(state: TellingCase, { fact, doctorId }: NotedFact): TellingCase {
  if (fact !== 'AssignmentDeclined' || doctorId === undefined || doctorId !== state.doctorId) return state;
  const { doctorId: _out, ...rest } = state;
  return rest;
}

function afterDue(state: TellingCase, due: Extract<CaseEvent, { type: 'NotificationDue' }>['data']): TellingCase {
  const matter = isTemplateCode(due.template) ? templateOf(due.template).matter : undefined;
  const open = state.open.filter(({ template, fact }) => template !== due.template || fact.eventId !== due.eventId);
  if (!matter) return { ...state, open };
  return { ...state, open, latest: { ...state.latest, [matterOf(due.recipientId, matter)]: due.messageId } };
}

const matterOf = (recipientId: string, matter: Matter) => `${matter}/${recipientId}`;

/** keyOf and overtakes: what still waits for its recipient need not be told any more once there is something newer on the matter. */
function keyOf(code: TemplateCode): string {
  const { to, matter } = templateOf(code);
  return matter ? `${to}/${matter}` : code;
}

function overtakes(code: TemplateCode): string[] {
  const { to, matter, settles = matter ? [matter] : [] } = templateOf(code);
  return settles.map((one) => `${to}/${one}`);
}
