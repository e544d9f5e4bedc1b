import '@second-opinion/service/node-version';
import { BillingModule } from '@second-opinion/billing';
import { runService } from '@second-opinion/service/run';

void runService({ name: 'billing' }, () => ({ contexts: [BillingModule] }));
