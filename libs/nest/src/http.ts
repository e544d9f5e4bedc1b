import {
  Module,
  UnsupportedMediaTypeException,
  type DynamicModule,
  type LoggerService,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerHeaders } from './answer-headers';
import { bearerOf } from './asking';
import { HealthController } from './health.controller';
import { inStep } from './in-step';
import { jsonBodies } from './json-bodies';
import { MethodTable } from './method-table';
import { withProblems } from './openapi-problems';
import { PlatformModule, type Platform } from './platform.module';
import type { TokenVerifier } from './ports';
import { answerProblem, problemOf } from './problem.filter';
import { answerExpectations, answerUnreadable } from './raw-answers';
import { securityHeaders } from './security-headers';

/** HttpOptions of a service. */
export interface HttpOptions {
  /** bodyLimitBytes of a JSON body (default 1 MiB); uploads have their own limit. */
  readonly bodyLimitBytes?: number;
  /** requestsPerMinute of one login or address (default 6,000); 0 switches the limit off (load tests). */
  readonly requestsPerMinute?: number;
  /** trustedProxies are addresses and ranges of gateways whose X-Forwarded-For is believed (default: nobody's). */
  readonly trustedProxies?: readonly string[];
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

/** SLOWEST_MS is how long a whole request may take to arrive: 25 MiB in five minutes is less than 1 Mbit/s. */
const SLOWEST_MS = 300_000;

/** WATCHED routes are asked by whoever sees to it that we run, and are never counted. */
const WATCHED = /^\/health\//;

/** createHttp makes the HTTP application of some contexts on a platform; not yet listening. */
export async function createHttp(
  contexts: readonly Type[],
  platform: Platform,
  options: HttpOptions = {},
): Promise<NestFastifyApplication> {
  const { trustedProxies = [] } = options;
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: options.bodyLimitBytes ?? 1024 * 1024,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Asking may be an act, and who asks for the head alone has seen nothing.
    exposeHeadRoutes: false,
    // Always ours: what must be there once for each request is derived from it.
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: 200 },
    requestTimeout: SLOWEST_MS,
    // What the router itself refuses; its own answer would repeat the path.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      answerProblem(reply, problemOf(error), request.id),
    clientErrorHandler: answerUnreadable,
    logger: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(rootModule(contexts, platform), adapter, {
    logger: options.logger ?? false,
    bodyParser: false,
    abortOnError: false,
  });
  const server = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  answerExpectations(server.server);
  MethodTable.on(server);
  inStep(server);
  parsers(server);
  await securityHeaders(server);
  answerHeaders(server, platform.hashes);
  const perMinute = options.requestsPerMinute ?? 6_000;
  if (perMinute > 0) {
    await server.register(rateLimit, {
      max: perMinute,
      timeWindow: '1 minute',
      allowList: ({ routeOptions }) => WATCHED.test(routeOptions.url ?? ''),
      keyGenerator: async (request) => (await loginOf(request, platform.tokens)) ?? request.ip,
      errorResponseBuilder: () => Object.assign(new Error('too many requests'), { statusCode: 429 }),
    });
  }
  const document = openApi(app, options.title ?? 'Second opinion by a company doctor');
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json' });
  return app;
}

/** loginOf names the login of a request for counting; undefined without a token that verifies: a made up one must win nothing. Whoever needs to know says why it does not. */
async function loginOf(request: FastifyRequest, tokens: TokenVerifier): Promise<string | undefined> {
  const bearer = bearerOf(request);
  const token = bearer === undefined ? undefined : await tokens.verify(bearer).catch(() => undefined);
  return token && JSON.stringify([token.issuer, token.subject]);
}

/** openApi gives the OpenAPI 3.1 document of an application. */
export function openApi(app: NestFastifyApplication, title: string): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setVersion('1')
    .setDescription(
      'Independent second opinions by company doctors. Problems are RFC 9457; POST needs an Idempotency-Key. ' +
        'An operation lists every code that it can answer; 405 is answered to any other method on its path.',
    )
    .addBearerAuth();
  return withProblems(withOperationIds(SwaggerModule.createDocument(app, builder.build())));
}

/** withOperationIds puts the context before the name of a command: two contexts may have a command of the same name. */
function withOperationIds(document: OpenAPIObject): OpenAPIObject {
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods) as { operationId?: string; tags?: string[] }[]) {
      const { operationId, tags: [context = ''] = [] } = operation;
      if (operationId && /^[a-z]+$/.test(context) && !operationId.includes('.'))
        operation.operationId = `${context}.${operationId}`;
    }
  }
  return document;
}

function rootModule(contexts: readonly Type[], platform: Platform): DynamicModule {
  @Module({})
  class RootModule {}
  return { module: RootModule, imports: [PlatformModule.on(platform), ...contexts], controllers: [HealthController] };
}

function parsers(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _, done) => {
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    done(encoding.toLowerCase() === 'identity' ? undefined : new UnsupportedMediaTypeException());
  });
  server.removeAllContentTypeParsers();
  jsonBodies(server);
  server.addContentTypeParser(UPLOAD_TYPES, (_, payload, done) => done(null, payload));
}
