import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { debtor } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import { caseMoney } from './quote.decider';
import { quoteEvents } from './quote.events';
import { numberSeries } from './series.decider';
import { seriesEvents } from './series.events';
import { tariff } from './tariff.decider';
import { tariffEvents } from './tariff.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: {
    'billing.quote': quoteEvents,
    'billing.series': seriesEvents,
    'billing.tariff': tariffEvents,
    'billing.organisation': organisationEvents,
  },
  deciders: [caseMoney, numberSeries, tariff, debtor],
});
