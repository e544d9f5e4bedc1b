import type { Projected } from '@second-opinion/nest';
import { dossier } from './dossier.view';
import { fileOverview } from './file-overview.view';
import { doctorDeadlines, reportingDeadlines } from './reporting.deadlines';
import { reportingTasks } from './reporting-tasks.view';
import { reports } from './reports.view';

/** What reporting projects: its views and deadlines. */
export const projected: Projected = {
  name: 'reporting',
  views: [fileOverview, dossier, reports, reportingTasks],
  deadlines: [...reportingDeadlines, ...doctorDeadlines],
};
