import '@second-opinion/service/node-version';
import { RecordsModule } from '@second-opinion/records';
import { runService } from '@second-opinion/service/run';

void runService({ name: 'records' }, () => ({ contexts: [RecordsModule] }));
