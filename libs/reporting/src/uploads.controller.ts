import { applyDecorators, Get, HttpCode, Post, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DOCUMENT_KINDS } from '@second-opinion/contracts';
import { ROUTE, UPLOAD_TYPES, type RouteInfo } from '@second-opinion/nest';

const binary = { type: 'string', format: 'binary' } as const;
const problem = (status: number) =>
  ApiResponse({
    status,
    description: 'Problem',
    content: { 'application/problem+json': { schema: { type: 'object' } } },
  });
const params = (path: string) =>
  [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) =>
    ApiParam({ name: name as string, schema: { type: 'string' }, example: '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10' }),
  );

/** Uploads: POST of one document as the body, described in headers; the name never stands in the address. */
export const Uploads = (path: string, operation: string): MethodDecorator =>
  applyDecorators(
    Post(path),
    HttpCode(201),
    SetMetadata(ROUTE, { kind: 'acts', operation } satisfies RouteInfo),
    ApiOperation({ operationId: operation, summary: 'Add a document to the dossier' }),
    ...params(path),
    ApiHeader({ name: 'Idempotency-Key', required: true, schema: { type: 'string' }, example: '3f2b7c1e-1' }),
    ApiHeader({ name: 'Document-Kind', required: true, schema: { type: 'string', enum: [...DOCUMENT_KINDS] } }),
    ApiHeader({
      name: 'Document-Name',
      required: true,
      schema: { type: 'string', maxLength: 2000 },
      description: 'Name of the file, UTF-8 percent-encoded; at most 200 characters',
      example: 'Brief%20specialist.pdf',
    }),
    ApiHeader({
      name: 'Document-Source',
      required: false,
      schema: { type: 'string' },
      description: 'Only by the second opinion doctor: the treating doctor (sourceId) who sent it',
    }),
    ApiConsumes(...UPLOAD_TYPES),
    ApiBody({ required: true, schema: binary }),
    ApiResponse({
      status: 201,
      description: 'Stored',
      content: { 'application/json': { schema: { type: 'object' }, example: { id: 'document', happened: [] } } },
    }),
    ...[400, 401, 403, 404, 409, 413, 415, 422, 429, 503].map(problem),
  );

/** Downloads: GET of one document as it was brought. */
export const Downloads = (path: string, operation: string): MethodDecorator =>
  applyDecorators(
    Get(path),
    SetMetadata(ROUTE, { kind: 'answers', operation } satisfies RouteInfo),
    ApiOperation({ operationId: operation, summary: 'Open a document of the dossier' }),
    ...params(path),
    ApiResponse({
      status: 200,
      description: 'The document',
      content: { 'application/octet-stream': { schema: binary } },
    }),
    ...[400, 401, 403, 404, 409, 429, 503].map(problem),
  );
