import '@second-opinion/service/node-version';
import { deliveryProviders, NotificationModule } from '@second-opinion/notification';
import { runService } from '@second-opinion/service/run';

void runService({ name: 'notification' }, () => ({ contexts: [NotificationModule], providers: deliveryProviders }));
