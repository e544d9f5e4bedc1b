import '@second-opinion/service/node-version';
import { SchedulingModule } from '@second-opinion/scheduling';
import { runService } from '@second-opinion/service/run';

void runService({ name: 'scheduling' }, () => ({ contexts: [SchedulingModule] }));
