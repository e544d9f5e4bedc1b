import type { Projected } from '@second-opinion/nest';
import { agendaDays } from './agenda.view';
import { appointments } from './appointment.view';
import { freeSlots } from './free-slots.view';
import { locations } from './locations.view';
import * as deadlines from './scheduling.deadlines';
import { schedulingTasks } from './scheduling-tasks.view';
import { waitingCases } from './waiting-cases.view';

/** What scheduling projects: its views and deadlines. */
export const projected: Projected = {
  name: 'scheduling',
  views: [locations, agendaDays, freeSlots, appointments, waitingCases, schedulingTasks],
  deadlines: Object.values(deadlines),
};
