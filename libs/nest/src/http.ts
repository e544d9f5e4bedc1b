import { Module, type DynamicModule, type LoggerService, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { HealthController } from './health.controller';
import { MethodTable } from './method-table';
import { PlatformModule, type Platform } from './platform.module';

/** HttpOptions of a service. */
export interface HttpOptions {
  /** bodyLimitBytes of a JSON body (default 1 MiB); uploads have their own limit. */
  readonly bodyLimitBytes?: number;
  /** requestsPerMinute of one login or address (default 6,000); 0 switches the limit off (load tests). */
  readonly requestsPerMinute?: number;
  readonly logger?: LoggerService | false;
  readonly title?: string;
}

/** UPLOAD_TYPES are handed to the controller as a stream, unparsed; everything else but JSON is answered with 415. */
export const UPLOAD_TYPES = [
  'application/octet-stream',
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/tiff',
  'text/plain',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
];

/** createHttp makes the HTTP application of some contexts on a platform; not yet listening. */
export async function createHttp(
  contexts: readonly Type[],
  platform: Platform,
  options: HttpOptions = {},
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyLimitBytes ?? 1024 * 1024,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: 200 },
    logger: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(rootModule(contexts, platform), adapter, {
    logger: options.logger ?? false,
    bodyParser: false,
    abortOnError: false,
  });
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  MethodTable.on(server);
  parsers(server);
  await server.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        upgradeInsecureRequests: null,
      },
    },
  });
  const perMinute = options.requestsPerMinute ?? 6_000;
  if (perMinute > 0) {
    await server.register(rateLimit, {
      max: perMinute,
      timeWindow: '1 minute',
      keyGenerator: (request) => request.headers.authorization?.slice(-43) ?? request.ip,
      errorResponseBuilder: () => Object.assign(new Error('too many requests'), { statusCode: 429 }),
    });
  }
  const document = openApi(app, options.title ?? 'Second opinion by a company doctor');
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json' });
  return app;
}

/** openApi gives the OpenAPI 3.1 document of an application. */
export function openApi(app: NestFastifyApplication, title: string): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setVersion('1')
    .setDescription(
      'Independent second opinions by company doctors. Problems are RFC 9457; POST needs an Idempotency-Key.',
    )
    .addBearerAuth();
  return SwaggerModule.createDocument(app, builder.build());
}

function rootModule(contexts: readonly Type[], platform: Platform): DynamicModule {
  @Module({})
  class RootModule {}
  return { module: RootModule, imports: [PlatformModule.on(platform), ...contexts], controllers: [HealthController] };
}

function parsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, {});
    void server.getDefaultJsonParser('error', 'error')(request, body as string, done);
  });
  server.addContentTypeParser(UPLOAD_TYPES, (_, payload, done) => done(null, payload));
}
