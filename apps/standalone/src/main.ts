import '@second-opinion/service/node-version';
import { runService } from '@second-opinion/service/run';
import { PROJECTED } from './projected';

void runService({ name: 'standalone', projected: PROJECTED, whole: true }, () => import('./program.js'));
