import type { Reading, View } from '@second-opinion/kernel';
import type { TariffEvent, TariffVersion } from './tariff.events';
import { idOf } from './streams.rules';
import { tariffExample } from './billing.examples';

export interface TariffRow {
  readonly tariffId: string;
  readonly versions: readonly TariffVersion[];
}

/** What was published, oldest first. */
export const tariffs: View<TariffRow> = {
  name: 'billing.tariffs',
  version: 1,
  categories: ['billing.tariff'],
  indexes: [['tariffId']],
  keys: ({ stream, type }) => (type === 'TariffPublished' ? [idOf(stream)] : []),
  project: (row, recorded, tariffId) => {
    const event = recorded as unknown as TariffEvent;
    if (event.type !== 'TariffPublished') return row;
    return { tariffId, versions: [...(row?.versions ?? []), event.data] };
  },
};

export const tariffReading: Reading<TariffRow> = {
  operation: 'billing.GetTariff',
  view: tariffs,
  participants: () => ({}),
  caseId: () => undefined,
  stream: ({ tariffId }) => `billing.tariff-${tariffId}`,
  show: ({ tariffId, versions }) => ({
    tariffId,
    versions: versions.map(({ supplier, ...version }) => ({ ...version, supplier: { ...supplier } })),
  }),
  example: tariffExample,
};
