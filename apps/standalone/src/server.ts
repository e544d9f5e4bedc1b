import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttp } from '@second-opinion/nest';
import { CONTEXTS } from './contexts';
import { DemoController } from './demo.controller';
import { DevIssuerController } from './dev-issuer';
import { JsonLog } from './log';
import { deliveryProviders } from '@second-opinion/notification';
import { openPlatform, type OpenPlatform } from './platform';
import { makeDataDir, type Settings } from './settings';

/** Conveniences of demo and test deployments: the development issuer and the clock that can be moved. */
@Module({ controllers: [DevIssuerController, DemoController] })
class DemoModule {}

const CLEAN_MS = 6 * 60 * 60 * 1000;

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
  const opened = await openPlatform(settings, deliveryProviders(settings));
  const contexts = settings.deployment === 'production' ? CONTEXTS : [...CONTEXTS, DemoModule];
  const { requestsPerMinute, logLevel, host } = settings;
  let app: NestFastifyApplication | undefined;
  try {
    app = await createHttp(contexts, opened.platform, { requestsPerMinute, logger: new JsonLog(logLevel) });
    await app.init();
    // Listening past Nest, which would log a taken port before we can say it in a sentence.
    await app.getHttpAdapter().getInstance().listen({ host, port: settings.port });
  } catch (error) {
    await app?.close();
    opened.close();
    throw error;
  }
  return running(app, opened, host);
}

function running(app: NestFastifyApplication, opened: OpenPlatform, host: string): Server {
  // Body keys of months that are long over are destroyed while the program runs, not only at its start.
  const cleaning = setInterval(() => void opened.clean().catch(() => undefined), CLEAN_MS).unref();
  const { port } = app.getHttpServer().address() as { port: number };
  const stop = async () => {
    clearInterval(cleaning);
    await app.close();
    opened.close();
  };
  return { app, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, stop };
}
