import {
  localDateOf,
  Refused,
  startOfLocalDay,
  type Decider,
  type Instant,
  type InstancesOf,
} from '@second-opinion/kernel';
import { BILLING_RULES } from './billing.terms';
import type * as commands from './tariff.commands';
import type { TariffEvent, TariffVersion } from './tariff.events';

/** A tariff: its versions in the order of publishing, and the cases that wait for one to be in force. */
export interface Tariff {
  readonly versions: readonly TariffVersion[];
  readonly awaiting: readonly string[];
}

const RELEASED_AT_ONCE = 500;

/** Prices of a route. That a quote waits is decided here too, so that no tariff can come into force unseen in between. */
export const tariff: Decider<InstancesOf<typeof commands>, Tariff, TariffEvent> = {
  category: 'billing.tariff',
  rulesVersion: BILLING_RULES,
  contended: true,
  initial: { versions: [], awaiting: [] },
  streamId: ({ tariffId }) => String(tariffId),
  decide: {
    PublishTariff: (command, state, { now }) => {
      const { validFrom, netCents, consultationNetCents, hourlyNetCents, vatTreatment = 'STANDARD_21' } = command;
      if (validFrom < localDateOf(now)) throw new Refused('billing.tariff-in-the-past', { validFrom });
      if (consultationNetCents > netCents) throw new Refused('billing.consultation-dearer-than-all');
      const version: TariffVersion = {
        version: state.versions.length + 1,
        validFrom: startOfLocalDay(validFrom),
        netCents,
        consultationNetCents,
        hourlyNetCents,
        vatTreatment,
        supplier: { ...command.supplier },
      };
      const published: TariffEvent = { type: 'TariffPublished', data: version };
      return [published, ...released(evolve(state, published), now)];
    },
    AwaitTariff: ({ caseId }, state, { now }) =>
      tariffInForce(state, now) || state.awaiting.includes(caseId)
        ? []
        : [{ type: 'QuoteAwaitsTariff', data: { caseId } }],
    StartTariff: (_, state, { now }) => released(state, now),
  },
  evolve,
};

function evolve(state: Tariff, event: TariffEvent): Tariff {
  switch (event.type) {
    case 'TariffPublished':
      return { ...state, versions: [...state.versions, event.data] };
    case 'QuoteAwaitsTariff':
      return { ...state, awaiting: [...state.awaiting, event.data.caseId] };
    case 'AwaitingQuotesReleased':
      return { ...state, awaiting: state.awaiting.filter((caseId) => !event.data.caseIds.includes(caseId)) };
  }
}

/** tariffInForce at this instant: of those that have begun the one that began last, and of equals the newest. */
export function tariffInForce({ versions }: Tariff, now: Instant): TariffVersion | undefined {
  return versions.reduce<TariffVersion | undefined>(
    (best, one) => (one.validFrom <= now && (!best || one.validFrom >= best.validFrom) ? one : best),
    undefined,
  );
}

function released(state: Tariff, now: Instant): TariffEvent[] {
  const inForce = tariffInForce(state, now);
  if (!inForce) return [];
  const events: TariffEvent[] = [];
  for (let from = 0; from < state.awaiting.length; from += RELEASED_AT_ONCE) {
    const caseIds = state.awaiting.slice(from, from + RELEASED_AT_ONCE);
    events.push({ type: 'AwaitingQuotesReleased', data: { version: inForce.version, caseIds } });
  }
  return events;
}
