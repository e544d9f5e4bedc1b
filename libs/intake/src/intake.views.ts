import type { Projected } from '@second-opinion/nest';
import { caseOverview } from './case/case-overview.view';
import { intakeTasks } from './case/intake-tasks.view';
import * as deadlines from './intake.deadlines';
import { persons } from './person/person.view';
import { asks, contracts, doctors, organisations } from './register/registers.view';

/** What intake projects: its views and deadlines. */
export const projected: Projected = {
  name: 'intake',
  views: [caseOverview, intakeTasks, persons, doctors, organisations, contracts, asks],
  deadlines: Object.values(deadlines),
};
