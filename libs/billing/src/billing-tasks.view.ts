import { NO_TERM, type RecordedEvent, type TaskRow, type View } from '@second-opinion/kernel';
import type { OrganisationEvent } from './organisation.events';
import type { QuoteEvent } from './quote.events';
import { idOf } from './streams.rules';
import type { TariffEvent } from './tariff.events';

const BACK_OFFICE = 'role:back-office';
type Given = Pick<TaskRow, 'assignee' | 'dueAt'>;
type Changes = Readonly<Record<string, Given | null>>;

const signed: Changes = { 'SignQuote/own-doctor': null, 'SignQuote/employee': null };
const quoteCame: Changes = { IssueQuote: null };

/** changes: which tasks an event gives and which it takes away; a task that is one of several says which after a slash. */
function changes(event: QuoteEvent | TariffEvent | OrganisationEvent): Changes {
  switch (event.type) {
    case 'QuoteIssued': {
      const { ownDoctorId, employeeId, payer, validUntil: dueAt } = event.data;
      const his: Changes = payer === 'EMPLOYEE' ? { 'SignQuote/employee': { assignee: employeeId, dueAt } } : {};
      return { ...quoteCame, 'SignQuote/own-doctor': { assignee: ownDoctorId, dueAt }, ...his };
    }
    case 'QuoteSignatureGiven':
      return { [`SignQuote/${event.data.by}`]: null };
    case 'QuoteSigned':
    case 'QuoteDeclined':
    case 'QuoteExpired':
    case 'QuoteSuperseded':
      return signed;
    case 'QuoteOverdue':
      return { IssueQuote: { assignee: BACK_OFFICE, dueAt: event.data.dueAt } };
    case 'QuoteCarriedOver':
    case 'EndingNoted':
    case 'OfferDeclineNoted':
      return quoteCame;
    case 'InvoiceLate':
      return { [`IssueInvoice/${event.data.charge}`]: { assignee: BACK_OFFICE, dueAt: event.data.issueBy } };
    case 'InvoiceNumbered':
      return { [`IssueInvoice/${event.data.charge}`]: null };
    case 'PaymentOverdue':
      return { [`RecordPayment/${event.data.invoiceNumber}`]: { assignee: BACK_OFFICE, dueAt: NO_TERM } };
    case 'CreditNoteDue':
    case 'PaymentRecorded':
      return event.data.openCents > 0 ? {} : { [`RecordPayment/${event.data.invoiceNumber}`]: null };
    case 'QuoteAwaitsTariff':
      return { PublishTariff: { assignee: BACK_OFFICE, dueAt: NO_TERM } };
    case 'AwaitingQuotesReleased':
      return { PublishTariff: null };
    case 'InvoiceAwaitsDebtor':
      return { RegisterOrganisation: { assignee: BACK_OFFICE, dueAt: NO_TERM } };
    case 'OrganisationNoted':
      return { RegisterOrganisation: null };
    default:
      return {};
  }
}

const changesOf = (recorded: RecordedEvent) =>
  changes(recorded as unknown as QuoteEvent | TariffEvent | OrganisationEvent);

/** What somebody must do about money. */
export const billingTasks: View<TaskRow> = {
  name: 'billing.tasks',
  version: 1,
  categories: ['billing.quote', 'billing.tariff', 'billing.organisation'],
  indexes: [['assignee', 'dueAt']],
  keys: (recorded) => Object.keys(changesOf(recorded)).map((task) => `${recorded.stream}|${task}`),
  project: (row, recorded, key) => {
    const name = key.slice(recorded.stream.length + 1);
    const given = changesOf(recorded)[name];
    if (!given) return null;
    const [task = name] = name.split('/');
    return { task, about: idOf(recorded.stream), since: row?.since ?? recorded.metadata.recordedAt, ...given };
  },
};
