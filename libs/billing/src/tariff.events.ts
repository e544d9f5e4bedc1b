import { events, field, type EventsOf } from '@second-opinion/contracts';
import { VAT_TREATMENTS } from './billing.terms';
import { supplier } from './money.events';

/** Every stored event of `billing.tariff-<tariffId>`. A tariff is versioned, never edited; also who waits for one stands here. */
export const tariffEvents = events({
  TariffPublished: {
    version: field.count(),
    validFrom: field.instant(),
    netCents: field.cents(),
    consultationNetCents: field.cents(),
    hourlyNetCents: field.cents(),
    vatTreatment: field.code(VAT_TREATMENTS),
    supplier: field.record(supplier),
  },
  QuoteAwaitsTariff: { caseId: field.id() },
  AwaitingQuotesReleased: { version: field.count(), caseIds: field.list(field.id()) },
});
export type TariffEvent = EventsOf<typeof tariffEvents>;
export type TariffVersion = Extract<TariffEvent, { type: 'TariffPublished' }>['data'];
