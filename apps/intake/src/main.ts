import '@second-opinion/service/node-version';
import { IntakeModule } from '@second-opinion/intake';
import { runService } from '@second-opinion/service/run';

void runService({ name: 'intake' }, () => ({ contexts: [IntakeModule] }));
