import type { Content, FactType, RecipientRole } from './content.events';

/** TEMPLATES_VERSION is stored with every message (BR-77); a published version is never edited. */
export const TEMPLATES_VERSION = 'templates-2026.2';

/** Variable is what a text may name; which ones, the allow-list of its template says (domain section 7). */
export type Variable =
  | 'caseNumber'
  | 'reference'
  | 'subject'
  | 'region'
  | 'ground'
  | 'motivation'
  | 'complaintRoute'
  | 'net'
  | 'vat'
  | 'total'
  | 'date'
  | 'time'
  | 'place'
  | 'until'
  | 'documentKind'
  | 'sender'
  | 'adoption'
  | 'day'
  | 'invoiceNumber'
  | 'creditNoteNumber'
  | 'version'
  | 'moment'
  | 'link'
  | 'invitation';

/** Recipient of a template; `billing-party` is whoever pays: the own doctor, or the employee who pays himself (BR-51, BR-52). */
export type TemplateRecipient = RecipientRole | 'billing-party';

/** Outside says what leaves the portal: nothing, the neutral words that something is there, or a text of its own. */
export type Outside = 'none' | 'neutral' | 'text';

/** Template is one kind of message to one recipient. */
export interface Template {
  readonly on: FactType;
  readonly to: TemplateRecipient;
  /** only when this holds of the fact. */
  readonly when?: (content: Content) => boolean;
  readonly portal: readonly Variable[] | 'none';
  readonly outside: Outside;
  /** mail: what mail and SMS may name besides the link; only with a text of its own. */
  readonly mail?: readonly Variable[];
  readonly calendar?: 'REQUEST' | 'CANCEL';
  /** matter: a newer message on the same matter takes the place of an older one that did not leave yet. */
  readonly matter?: Matter;
  /** settles: matters whose older messages it takes the place of; its own matter unless given. */
  readonly settles?: readonly Matter[];
}

/** Matter is what several messages to one recipient are about. */
export type Matter = 'quote' | 'appointment' | 'reminder' | 'authorisation' | 'release' | 'invitation' | 'answer';

const price = ['net', 'vat', 'total', 'until'] as const satisfies readonly Variable[];
const invoice = ['invoiceNumber', 'net', 'vat', 'total', 'day'] as const satisfies readonly Variable[];
const meeting = ['date', 'time', 'place'] as const satisfies readonly Variable[];
const isFinal = ({ final }: Content) => final === true;
const notFinal = ({ final }: Content) => final !== true;
const isReassigned = ({ reassigned }: Content) => reassigned === true;
const notReassigned = ({ reassigned }: Content) => reassigned !== true;
const employeePays = ({ payer }: Content) => payer === 'EMPLOYEE';
const passed =
  (term: NonNullable<Content['term']>) =>
  (content: Content): boolean =>
    content.term === term;
const ends =
  (outcome: NonNullable<Content['outcome']>) =>
  (content: Content): boolean =>
    content.outcome === outcome;

type More = Pick<Template, 'when' | 'calendar' | 'matter' | 'settles'>;
type Make<Extra> = (on: FactType, to: TemplateRecipient, portal: Template['portal'], more?: Extra) => Template;
const inPortal: Make<More> = (on, to, portal, more) => ({ on, to, portal, outside: 'none', ...more });
const withNotice: Make<More> = (on, to, portal, more) => ({ on, to, portal, outside: 'neutral', ...more });
const withText: Make<More & Pick<Template, 'mail'>> = (on, to, portal, more) => ({
  on,
  to,
  portal,
  outside: 'text',
  ...more,
});

/** templates by code; the number is that of domain section 7. */
export const templates = {
  'N01-own-doctor': withNotice('SecondOpinionRequestSubmitted', 'own-doctor', ['caseNumber']),
  'N01-employee': withNotice('SecondOpinionRequestSubmitted', 'employee', ['caseNumber']),
  'N01-withdrawn-own-doctor': inPortal('RequestWithdrawn', 'own-doctor', ['caseNumber']),
  'N01-withdrawn-doctor': inPortal('RequestWithdrawn', 'second-opinion-doctor', ['caseNumber']),
  'N01-withdrawn-employee': inPortal('RequestWithdrawn', 'employee', ['caseNumber']),
  'N01-answer-due': withNotice('AnswerReminderDue', 'employee', ['caseNumber', 'until'], { matter: 'answer' }),
  'N01-silent': withNotice('EmployeeSilent', 'own-doctor', ['caseNumber']),
  'N01-ended-unanswered': withNotice('EndedForUnreachableEmployee', 'employee', ['caseNumber'], { matter: 'answer' }),
  'N02-due': withNotice('DecisionReminderDue', 'own-doctor', ['caseNumber', 'until']),
  'N02-refused': withNotice('RequestRefused', 'employee', ['caseNumber', 'ground', 'motivation', 'complaintRoute']),
  'N03-offered': withNotice('AssignmentOffered', 'candidate-doctor', ['caseNumber', 'region', 'subject', 'until']),
  'N03-declined': inPortal('AssignmentDeclined', 'own-doctor', ['caseNumber'], { when: notReassigned }),
  'N03-reassigned': inPortal('AssignmentDeclined', 'own-doctor', ['caseNumber'], { when: isReassigned }),
  'N03-no-doctor': withNotice('NoDoctorAvailable', 'own-doctor', ['caseNumber']),
  'N03-closed': withNotice('CaseClosed', 'employee', ['caseNumber'], { when: ends('NO_DOCTOR') }),
  'N04-issued': withText('QuoteIssued', 'own-doctor', ['caseNumber', ...price, 'version'], {
    mail: ['reference', ...price],
    matter: 'quote',
  }),
  'N04-issued-employee': withNotice('QuoteIssued', 'employee', ['caseNumber', ...price, 'version'], {
    when: employeePays,
    matter: 'quote',
  }),
  'N04-reminder': withText('QuoteReminderDue', 'own-doctor', ['caseNumber', 'until'], {
    mail: ['reference', 'until'],
    matter: 'quote',
  }),
  'N04-reminder-employee': withNotice('QuoteReminderDue', 'employee', ['caseNumber', 'until'], {
    when: employeePays,
    matter: 'quote',
  }),
  'N04-expired': withText('QuoteExpired', 'own-doctor', ['caseNumber'], { mail: ['reference'], matter: 'quote' }),
  'N04-closed': withNotice('CaseClosed', 'employee', ['caseNumber'], { when: ends('QUOTE_NOT_SIGNED') }),
  'N05-confirmed': withText('AppointmentConfirmed', 'employee', meeting, {
    mail: [...meeting],
    calendar: 'REQUEST',
    matter: 'appointment',
  }),
  'N05-moved': withText('AppointmentRescheduled', 'employee', meeting, {
    mail: [...meeting],
    calendar: 'REQUEST',
    matter: 'appointment',
    settles: ['appointment', 'reminder'],
  }),
  // Of no matter: it is the last word on its appointment. What follows is another one, with another UID, and takes nothing back.
  'N05-cancelled': withText('AppointmentCancelled', 'employee', ['date', 'time'], {
    mail: ['date', 'time'],
    calendar: 'CANCEL',
    settles: ['appointment', 'reminder'],
  }),
  'N05-reminder': withText('AppointmentReminderDue', 'employee', meeting, { mail: [...meeting], matter: 'reminder' }),
  'N06-confirmed': inPortal('AppointmentConfirmed', 'second-opinion-doctor', ['caseNumber', ...meeting]),
  'N06-moved': inPortal('AppointmentRescheduled', 'second-opinion-doctor', ['caseNumber', ...meeting]),
  'N06-cancelled': inPortal('AppointmentCancelled', 'second-opinion-doctor', ['caseNumber', 'date', 'time']),
  'N06-reminder': inPortal('AppointmentReminderDue', 'second-opinion-doctor', ['caseNumber', ...meeting]),
  'N07-asked': withNotice('TransferAuthorisationAsked', 'employee', ['caseNumber']),
  'N07-asked-own-doctor': inPortal('TransferAuthorisationAsked', 'own-doctor', ['caseNumber']),
  'N07-asked-doctor': inPortal('TransferAuthorisationAsked', 'second-opinion-doctor', ['caseNumber'], {
    matter: 'authorisation',
  }),
  'N07-granted-own-doctor': withNotice('TransferAuthorisationGranted', 'own-doctor', ['caseNumber']),
  'N07-granted-doctor': inPortal('TransferAuthorisationGranted', 'second-opinion-doctor', ['caseNumber'], {
    matter: 'authorisation',
  }),
  'N07-refused-own-doctor': inPortal('TransferAuthorisationRefused', 'own-doctor', ['caseNumber']),
  'N07-refused-doctor': inPortal('TransferAuthorisationRefused', 'second-opinion-doctor', ['caseNumber'], {
    matter: 'authorisation',
  }),
  'N07-refused-employee': inPortal('TransferAuthorisationRefused', 'employee', ['caseNumber']),
  'N07-withdrawn-own-doctor': inPortal('TransferAuthorisationWithdrawn', 'own-doctor', ['caseNumber']),
  'N07-withdrawn-doctor': inPortal('TransferAuthorisationWithdrawn', 'second-opinion-doctor', ['caseNumber'], {
    matter: 'authorisation',
  }),
  'N07-withdrawn-employee': inPortal('TransferAuthorisationWithdrawn', 'employee', ['caseNumber']),
  'N07-not-executable-own-doctor': inPortal('NotExecutableDecided', 'own-doctor', ['caseNumber']),
  'N07-not-executable-employee': withNotice('NotExecutableDecided', 'employee', ['caseNumber']),
  'N08-document': inPortal('DossierDocumentAdded', 'second-opinion-doctor', ['caseNumber', 'documentKind', 'sender']),
  'N09-no-show': withNotice('NoShowRecorded', 'employee', ['caseNumber', 'date'], { when: notFinal }),
  'N09-no-show-final': withNotice('NoShowRecorded', 'employee', ['caseNumber', 'date'], { when: isFinal }),
  'N09-not-held': withNotice('NoShowRecorded', 'own-doctor', ['caseNumber']),
  'N09-aborted': withNotice('ConsultationAborted', 'employee', ['caseNumber'], { when: notFinal }),
  'N09-aborted-final': withNotice('ConsultationAborted', 'employee', ['caseNumber'], { when: isFinal }),
  'N09-aborted-not-held': withNotice('ConsultationAborted', 'own-doctor', ['caseNumber']),
  'N09-rebook': withText('RebookingReminderDue', 'employee', ['caseNumber', 'until'], {
    mail: ['until'],
    matter: 'appointment',
  }),
  'N09-not-rebooked': withNotice('EndedWithoutAppointment', 'employee', ['caseNumber'], { matter: 'appointment' }),
  'N09-not-rebooked-not-held': withNotice('EndedWithoutAppointment', 'own-doctor', ['caseNumber']),
  'N10-ready': withText('ReportSharedWithEmployee', 'employee', ['caseNumber', 'until'], {
    mail: ['until'],
    matter: 'release',
  }),
  'N11-reminder': withText('ReleaseReminderDue', 'employee', ['caseNumber', 'until'], {
    mail: ['until'],
    matter: 'release',
  }),
  'N12-released': withNotice('ReportReleased', 'own-doctor', ['caseNumber', 'version', 'until']),
  'N12-copy': withNotice('ReportReleased', 'employee', ['caseNumber', 'version'], { matter: 'release' }),
  'N13-ended': inPortal('ReportNotReleased', 'own-doctor', ['caseNumber']),
  'N14-due': withNotice('FollowUpReminderDue', 'own-doctor', ['caseNumber', 'until']),
  'N14-recorded': withNotice('FollowUpRecorded', 'employee', ['caseNumber', 'adoption', 'motivation', 'day']),
  'N14-not-known': withNotice('FollowUpTermEnded', 'employee', ['caseNumber', 'complaintRoute']),
  'N15-invoice': withText('InvoiceIssued', 'billing-party', ['caseNumber', ...invoice], {
    mail: ['reference', ...invoice],
  }),
  'N15-credit': withText(
    'CreditNoteIssued',
    'billing-party',
    ['caseNumber', 'creditNoteNumber', 'invoiceNumber', 'total'],
    { mail: ['reference', 'creditNoteNumber', 'invoiceNumber', 'total'] },
  ),
  'N15-overdue': withText('PaymentOverdue', 'billing-party', ['caseNumber', 'invoiceNumber', 'day'], {
    mail: ['reference', 'invoiceNumber', 'day'],
  }),
  'N19-decision-overdue': inPortal('DecisionOverdue', 'back-office', ['caseNumber', 'until']),
  'N19-choice-overdue': inPortal('DoctorChoiceOverdue', 'back-office', ['caseNumber', 'moment']),
  'N19-quote-overdue': inPortal('QuoteOverdue', 'back-office', ['caseNumber', 'moment']),
  'N19-no-slot': inPortal('NoSlotWithinSla', 'back-office', ['caseNumber']),
  'N19-consultation-overdue': inPortal('ConsultationRecordOverdue', 'back-office', ['caseNumber', 'moment']),
  'N19-report-overdue': inPortal('ReportOverdue', 'back-office', ['caseNumber', 'moment']),
  'N19-case-target': inPortal('CaseOverdue', 'back-office', ['caseNumber', 'until'], { when: passed('TARGET') }),
  'N19-case-limit': inPortal('CaseOverdue', 'back-office', ['caseNumber', 'until'], { when: passed('LIMIT') }),
  'N19-delivery-failed': inPortal('ReleaseDeliveryFailed', 'back-office', ['caseNumber']),
  'N23-unreachable': withNotice('EmployeeUnreachable', 'own-doctor', ['caseNumber']),
  'N23-reminder': withText('InvitationIssued', 'invitee', 'none', {
    mail: ['invitation', 'until'],
    matter: 'invitation',
  }),
  'N23-invited': withText('InvitationIssued', 'invitee', 'none', {
    mail: ['invitation', 'until'],
    matter: 'invitation',
  }),
} satisfies Readonly<Record<string, Template>>;

export type TemplateCode = keyof typeof templates;
/** TEMPLATE_CODES in the order of the domain's table. */
export const TEMPLATE_CODES = Object.keys(templates) as TemplateCode[];

/** templateOf gives a template by its code; a message of a code that is unknown is a bug. */
export function templateOf(code: string): Template {
  if (!isTemplateCode(code)) throw new TypeError(`no template ${code}`);
  return templates[code];
}

/** isTemplateCode tells whether this version has a template of that code. */
export function isTemplateCode(code: string): code is TemplateCode {
  return Object.hasOwn(templates, code);
}
