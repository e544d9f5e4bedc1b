import type { Type } from '@nestjs/common';
import { BillingModule } from '@second-opinion/billing';
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
