import type { Projected } from '@second-opinion/nest';
import { billingTasks } from './billing-tasks.view';
import { billingDeadlines } from './billing.deadlines';
import { caseMoneyView } from './case-money.view';
import { invoices } from './invoice.view';
import { series } from './series.view';
import { tariffs } from './tariff.view';

/** What billing projects: its views and deadlines. */
export const projected: Projected = {
  name: 'billing',
  views: [caseMoneyView, invoices, series, tariffs, billingTasks],
  deadlines: billingDeadlines,
};
