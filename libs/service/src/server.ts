import { Logger, Module, type Provider, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ContextRunner, createHttp } from '@second-opinion/nest';
import { DemoController } from './demo.controller';
import { DevIssuerController } from './dev-issuer';
import { JsonLog, levelsOf } from './log';
import { Metrics, MetricsController } from './metrics.controller';
import { MetricsListener, urlOf } from './metrics-listener';
import type { OpenFiles } from './open-files';
import { openPlatform, type OpenPlatform } from './platform';
import { logRequests } from './request-log';
import type { Settings } from './settings';

/** Conveniences of demo and test deployments: the development issuer and the clock that can be moved. */
@Module({ controllers: [DevIssuerController, DemoController] })
class DemoModule {}

/** What every deployment has for those who watch it. */
@Module({ controllers: [MetricsController], providers: [Metrics] })
class OperationsModule {}

const CLEAN_MS = 6 * 60 * 60 * 1000;

/** ServiceIdentity is who a program is, which it knows before it has loaded what it serves. */
export interface ServiceIdentity {
  /** name of the application: in access records, leases and metrics. */
  readonly name: string;
  /** whole: all contexts are in this one process, so that files on which nobody else works are its own. */
  readonly whole?: boolean;
  /** projected: the module of each context that exports what it projects, as a path, for processes that do only that ({@link CatchUpProcesses}). */
  readonly projected?: Readonly<Record<string, string>>;
}

/** ServiceDefinition is what one program serves. */
export interface ServiceDefinition extends ServiceIdentity {
  readonly contexts: readonly Type[];
  /** providers that these contexts need beside the platform (transport of messages). */
  readonly providers?: (settings: Settings) => readonly Provider[];
}

/** Server is a running deployment. */
export interface Server {
  readonly app: NestFastifyApplication;
  /** url where it listens. */
  readonly url: string;
  /** metricsUrl where its numbers are without a token, when METRICS_PORT says so. */
  readonly metricsUrl?: string;
  /** stop takes no more connections, answers what is under way, saves how far everything is, and closes files and engines. */
  stop(): Promise<void>;
  /** unfinished: what a stop that was begun waits for: leases and consumer groups by name, else the step that it is at. */
  unfinished(): readonly string[];
}

/**
 * startServer opens the engines, starts the contexts and listens. Throws when one cannot be used or the port is taken (`EADDRINUSE`); the
 * files are closed then, as when it stops.
 */
export async function startServer(
  settings: Settings,
  definition: ServiceDefinition,
  files: OpenFiles,
): Promise<Server> {
  const { requestsPerMinute, trustedProxies, logLevel, host } = settings;
  const logger = new JsonLog(logLevel);
  // Also for what is said before Nest is there.
  Logger.overrideLogger(logger);
  // Whoever asks whether a line would be written is told.
  Logger.overrideLogger(levelsOf(logLevel));
  const opened = await openPlatform(settings, definition, files);
  const { contexts } = definition;
  const modules = [...contexts, OperationsModule, ...(settings.deployment === 'production' ? [] : [DemoModule])];
  let app: NestFastifyApplication | undefined;
  let metrics: MetricsListener | undefined;
  try {
    app = await createHttp(modules, opened.platform, { requestsPerMinute, trustedProxies, logger });
    if (logLevel === 'info' || logLevel === 'debug') logRequests(app);
    await app.init();
    if (settings.metrics) metrics = await MetricsListener.open(app.get(Metrics), settings.metrics);
    // Listening past Nest, which would log a taken port before we can say it in a sentence.
    await app.getHttpAdapter().getInstance().listen({ host, port: settings.port });
  } catch (error) {
    await metrics?.close();
    await app?.close();
    await opened.close();
    throw error;
  }
  return running(app, opened, host, metrics);
}

function running(
  app: NestFastifyApplication,
  opened: OpenPlatform,
  host: string,
  metrics: MetricsListener | undefined,
): Server {
  // Body keys of months that are long over, and what cut off uploads have left, go while the program runs, not only at its start.
  const cleaning = setInterval(() => void opened.clean().catch(() => undefined), CLEAN_MS).unref();
  const { port } = app.getHttpServer().address() as { port: number };
  const runners = app.get(ContextRunner, { strict: false, each: true });
  let step = 'requests';
  const stop = async () => {
    clearInterval(cleaning);
    await app.close();
    step = 'metrics';
    await metrics?.close();
    step = 'engines and files';
    await opened.close();
  };
  const unfinished = () => {
    const names = runners.flatMap((runner) => runner.unfinished());
    return names.length > 0 ? names : [step];
  };
  return { app, url: urlOf(host, port), ...(metrics ? { metricsUrl: metrics.url } : {}), stop, unfinished };
}
