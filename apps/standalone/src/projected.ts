import type { ContextName } from '@second-opinion/contracts';

/** PROJECTED are the modules that export what each of them projects, for processes that do only that. */
export const PROJECTED: Readonly<Record<ContextName, string>> = {
  intake: require.resolve('@second-opinion/intake/views'),
  scheduling: require.resolve('@second-opinion/scheduling/views'),
  reporting: require.resolve('@second-opinion/reporting/views'),
  billing: require.resolve('@second-opinion/billing/views'),
  notification: require.resolve('@second-opinion/notification/views'),
  records: require.resolve('@second-opinion/records/views'),
};
