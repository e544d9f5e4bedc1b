import { CHARGES, field, PAYERS } from '@second-opinion/contracts';
import { VAT_TREATMENTS } from './billing.terms';

/** Shapes that quotes, invoices and credit notes share. */
export const line = {
  item: field.label(),
  quantity: field.count(),
  unit: field.code(['piece', 'percent', 'minute']),
  unitNetCents: field.cents(),
  netCents: field.cents(),
};
export const totals = { netCents: field.cents(), vatCents: field.cents(), totalCents: field.cents() };
export const vat = { vatTreatment: field.code(VAT_TREATMENTS), vatBasisPoints: field.count() };
export const supplier = {
  legalName: field.register(),
  address: field.register(),
  chamberOfCommerceNumber: field.register(),
  vatId: field.register(),
  iban: field.register(),
};
export const organisation = {
  organisationId: field.id(),
  legalName: field.register(),
  address: field.register(),
  chamberOfCommerceNumber: field.register(),
  vatId: field.optional(field.register()),
};
/** who the document is about, as ids of ours: for access, never shown to the wrong one. */
export const parties = { employeeId: field.id(), ownDoctorId: field.id(), doctorId: field.id() };
export const charge = { charge: field.code(CHARGES), payer: field.code(PAYERS) };
/** addressee: the service's register data, or the seal of the employee who pays himself (BR-55). */
export const addressee = {
  debtorOrganisation: field.optional(field.record(organisation)),
  debtorPerson: field.optional(field.sealed('BILLING')),
};
export const CREDIT_REASONS = ['BILLED_IN_ERROR', 'CORRECTION', 'ILLNESS_PROVEN', 'GOODWILL'] as const;
export type CreditReason = (typeof CREDIT_REASONS)[number];
