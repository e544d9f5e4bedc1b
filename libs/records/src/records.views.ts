import type { Projected } from '@second-opinion/nest';
import { cases } from './cases.view';

/** What records projects: its views. */
export const projected: Projected = {
  name: 'records',
  views: [cases],
  deadlines: [],
};
