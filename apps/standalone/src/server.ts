import { Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { BillingModule } from '@second-opinion/billing';
import { IntakeModule } from '@second-opinion/intake';
import { createHttp } from '@second-opinion/nest';
import { NotificationModule } from '@second-opinion/notification';
import { RecordsModule } from '@second-opinion/records';
import { ReportingModule } from '@second-opinion/reporting';
import { SchedulingModule } from '@second-opinion/scheduling';
import { DemoController } from './demo.controller';
import { DevIssuerController } from './dev-issuer';
import { JsonLog } from './log';
import { mailProviders } from './mail';
import { openPlatform } from './platform';
import { makeDataDir, type Settings } from './settings';

/** CONTEXTS are all contexts; in a standalone deployment they share a process and meet on the message bus alone. */
export const CONTEXTS: readonly Type[] = [
  IntakeModule,
  SchedulingModule,
  ReportingModule,
  BillingModule,
  NotificationModule,
  RecordsModule,
];

/** Conveniences of demo and test deployments: the development issuer and the clock that can be moved. */
@Module({ controllers: [DevIssuerController, DemoController] })
class DemoModule {}

/** Server is a running standalone deployment. */
export interface Server {
  readonly app: NestFastifyApplication;
  /** url where it listens. */
  readonly url: string;
  /** stop takes no more connections, answers what is under way, saves how far everything is, and closes the files. */
  stop(): Promise<void>;
}

/** startServer opens the files, starts all contexts and listens. Throws when a file cannot be used or the port is taken (`EADDRINUSE`). */
export async function startServer(settings: Settings): Promise<Server> {
  makeDataDir(settings.dataDir);
  const { platform, close } = await openPlatform(settings, mailProviders(settings));
  try {
    const contexts = settings.deployment === 'production' ? CONTEXTS : [...CONTEXTS, DemoModule];
    const app = await createHttp(contexts, platform, {
      requestsPerMinute: settings.requestsPerMinute,
      logger: new JsonLog(settings.logLevel),
    });
    await app.listen({ host: settings.host, port: settings.port });
    const { port } = app.getHttpServer().address() as { port: number };
    const stop = async () => {
      await app.close();
      close();
    };
    return { app, url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`, stop };
  } catch (error) {
    close();
    throw error;
  }
}
