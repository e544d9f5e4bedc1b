import type { NotedFact, Open, TellingCase } from './case.decider';
import { BACK_OFFICE, type Content, type RecipientRole } from './content.events';
import { TEMPLATE_CODES, templateOf, type TemplateRecipient } from './templates.terms';

/** selected gives the templates that a fact calls for. */
export function selected(fact: NotedFact, state: TellingCase): Open[] {
  if (fact.fact === 'RequestWithdrawn' && (state.withdrawn || state.shared)) return [];
  return TEMPLATE_CODES.flatMap((template) => {
    const { on, when } = templateOf(template);
    return on === fact.fact && (when === undefined || when(payerAdded(fact.content, state)))
      ? [{ template, fact }]
      : [];
  });
}

/** tooLate: an appointment that was changed since, or a reminder of one that is no longer so. */
export function tooLate({ fact, content }: NotedFact, { sequences, appointment }: TellingCase): boolean {
  const { appointmentId, sequence, startsAt } = content;
  if (appointmentId === undefined) return false;
  const known = sequences[appointmentId];
  if (sequence !== undefined) return known !== undefined && known >= sequence;
  if (fact !== 'AppointmentReminderDue' || known === undefined) return false;
  return appointment?.appointmentId !== appointmentId || appointment.startsAt !== startsAt;
}

/** recipientOf finds who it is; undefined while that is not known. */
export function recipientOf(
  to: TemplateRecipient,
  fact: NotedFact,
  state: TellingCase,
): { recipientId: string; recipientRole: RecipientRole } | undefined {
  switch (to) {
    case 'employee':
      return as(to, state.employeeId);
    case 'own-doctor':
      return as(to, state.ownDoctorId);
    case 'candidate-doctor':
      return as(to, fact.doctorId);
    case 'second-opinion-doctor':
      return as(to, fact.doctorId ?? state.doctorId);
    case 'billing-party':
      return billingParty(fact.content, state);
    case 'back-office':
      return as(to, BACK_OFFICE);
    case 'invitee':
      return undefined;
  }
}

/** whole adds what the case knows to what the fact told; undefined while something that must be told is not known. */
export function whole({ fact, content }: NotedFact, { caseNumber, appointment }: TellingCase): Content | undefined {
  if (caseNumber === undefined) return undefined;
  const about = content.appointmentId;
  const sameAppointment = about !== undefined && appointment?.appointmentId === about;
  const isReminder = fact === 'AppointmentReminderDue';
  if (isReminder && (!sameAppointment || appointment.startsAt !== content.startsAt)) return undefined;
  const { startsAt, zone, locationName, locationAddress, room } = sameAppointment ? appointment : {};
  const place = { startsAt, zone, locationName, locationAddress, room };
  const known = Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined));
  return { caseNumber, ...known, ...content };
}

function billingParty(content: Content, state: TellingCase) {
  const { payer } = payerAdded(content, state);
  if (payer === undefined) return undefined;
  return payer === 'EMPLOYEE' ? as('employee', state.employeeId) : as('own-doctor', state.ownDoctorId);
}

function payerAdded(content: Content, { payers }: TellingCase): Content {
  const paper = content.invoiceNumber ?? content.quoteId;
  const payer = content.payer ?? (paper === undefined ? undefined : payers[paper]);
  return payer === undefined ? content : { ...content, payer };
}

function as(recipientRole: RecipientRole, recipientId: string | undefined) {
  return recipientId === undefined ? undefined : { recipientId, recipientRole };
}
