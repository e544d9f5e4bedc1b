import '@second-opinion/service/node-version';
import { ReportingModule } from '@second-opinion/reporting';
import { runService } from '@second-opinion/service/run';

void runService({ name: 'reporting' }, () => ({ contexts: [ReportingModule] }));
