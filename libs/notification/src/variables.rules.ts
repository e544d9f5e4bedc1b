import { COMPLAINT_ROUTE, COMPLAINT_ROUTES, type Language } from '@second-opinion/contracts';
import { localDateOf, ZONE, type Cents, type Instant, type LocalDate } from '@second-opinion/kernel';
import type { Content } from './content.events';
import type { Variable } from './templates.terms';
import { words } from './words.terms';

/** Values of the variables of a text; what the content does not tell has none. */
export type Values = Readonly<Partial<Record<Variable, string>>>;

/** valuesOf turns codes, times and amounts into words; sealed text has no value here, the door opens it in its place. */
export function valuesOf(content: Content, language: Language): Values {
  const { startsAt, until, day, ground, subject, documentKind, senderRole, adoption, version, textVersion } = content;
  const say = words[language];
  const found: Partial<Record<Variable, string | undefined>> = {
    caseNumber: content.caseNumber,
    // BR-55: what the paper itself bears; older messages were not told it.
    reference: content.reference ?? content.caseNumber,
    region: content.region,
    invoiceNumber: content.invoiceNumber,
    creditNoteNumber: content.creditNoteNumber,
    net: amount(content.netCents, language),
    vat: amount(content.vatCents, language),
    total: amount(content.totalCents, language),
    ground: ground && say.grounds[ground],
    subject: subject && say.subjects[subject],
    documentKind: documentKind && say.documentKinds[documentKind],
    sender: senderRole && say.senders[senderRole],
    adoption: adoption && say.adoptions[adoption],
    date: startsAt && dateInWords(startsAt.slice(0, 10), language),
    time: startsAt?.slice(11),
    place: placeOf(content),
    day: day && dateInWords(day, language),
    until: until && dateInWords(lastDayOf(until), language),
    moment: until && momentOf(until, language),
    version: version === undefined ? textVersion : String(version),
    complaintRoute: complaintRoute(textVersion, language),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** lastDayOf gives the last day of a term: one that ends at 24:00 ends with the day before. */
export function lastDayOf(until: Instant): LocalDate {
  return localDateOf(new Date(Date.parse(until) - 1).toISOString());
}

/** dateInWords, for example `maandag 4 januari 2027`. */
export function dateInWords(date: LocalDate, language: Language): string {
  const { dayOfWeek, day, month, year } = Temporal.PlainDate.from(date);
  const { weekdays, months } = words[language];
  return `${weekdays[dayOfWeek - 1]} ${day} ${months[month - 1]} ${year}`;
}

/** amount, for example `€ 1.250,00` or `€1,250.00`; minus first. */
export function amount(cents: Cents | undefined, language: Language): string | undefined {
  if (cents === undefined) return undefined;
  const [thousands, decimal, space] = language === 'nl' ? ['.', ',', ' '] : [',', '.', ''];
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, thousands);
  return `${cents < 0 ? '-' : ''}€${space}${whole}${decimal}${digits.slice(-2)}`;
}

function momentOf(at: Instant, language: Language): string {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(ZONE);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return `${dateInWords(local.toPlainDate().toString(), language)} ${time}`;
}

function placeOf({ locationName, locationAddress, room }: Content): string | undefined {
  if (locationName === undefined) return undefined;
  return [locationName, locationAddress, room].filter((part) => part !== undefined).join(', ');
}

/** complaintRoute in the words of the version that was told; in the newest ones when none was, or one that is not known here yet. */
function complaintRoute(version: string | undefined, language: Language): string {
  const known = version !== undefined && Object.hasOwn(COMPLAINT_ROUTES, version) ? version : COMPLAINT_ROUTE;
  return COMPLAINT_ROUTES[known as typeof COMPLAINT_ROUTE][language];
}
