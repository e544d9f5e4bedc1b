import type { Type } from '@nestjs/common';
import { BillingModule } from '@second-opinion/billing';
import type { ContextName } from '@second-opinion/contracts';
import { IntakeModule } from '@second-opinion/intake';
import { NotificationModule } from '@second-opinion/notification';
import { RecordsModule } from '@second-opinion/records';
import { ReportingModule } from '@second-opinion/reporting';
import { SchedulingModule } from '@second-opinion/scheduling';

/** CONTEXTS are all contexts; in a standalone deployment they share a process and meet on the message bus alone. */
export const CONTEXTS: readonly Type[] = [
  IntakeModule,
  SchedulingModule,
  ReportingModule,
  BillingModule,
  NotificationModule,
  RecordsModule,
];

/** PROJECTED are the modules that export what each of them projects, for processes that do only that. */
export const PROJECTED: Readonly<Record<ContextName, string>> = {
  intake: require.resolve('@second-opinion/intake/views'),
  scheduling: require.resolve('@second-opinion/scheduling/views'),
  reporting: require.resolve('@second-opinion/reporting/views'),
  billing: require.resolve('@second-opinion/billing/views'),
  notification: require.resolve('@second-opinion/notification/views'),
  records: require.resolve('@second-opinion/records/views'),
};
