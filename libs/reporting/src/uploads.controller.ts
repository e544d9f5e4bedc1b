import { applyDecorators, Get, HttpCode, Post, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { DOCUMENT_KINDS } from '@second-opinion/contracts';
import { commandAnswer, commandHeaders, pathParams, ROUTE, UPLOAD_TYPES, type RouteInfo } from '@second-opinion/nest';

/** contentOf documents a document as it is, by its media types. */
const contentOf = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: BINARY, example: '%PDF-1.7 …' }]));
const BINARY = { type: 'string', format: 'binary' } as const;
const header = (description: string, example: string) => ({
  description,
  schema: { type: 'string' as const },
  example,
});

/** Uploads: POST of one document as the body, described in headers; the name never stands in the address. */
export const Uploads = (path: string, operation: string): MethodDecorator =>
  applyDecorators(
    Post(path),
    HttpCode(201),
    SetMetadata(ROUTE, { kind: 'acts', operation } satisfies RouteInfo),
    ApiOperation({ operationId: operation, summary: 'Add a document to the dossier' }),
    ...pathParams(path),
    ...commandHeaders(),
    ApiHeader({
      name: 'Document-Kind',
      required: true,
      schema: { type: 'string', enum: [...DOCUMENT_KINDS] },
    }),
    ApiHeader({
      name: 'Document-Name',
      required: true,
      schema: { type: 'string', maxLength: 2000, examples: ['Brief%20specialist.pdf'] } as object,
      description: 'Name of the file, UTF-8 percent-encoded; at most 200 characters',
    }),
    ApiHeader({
      name: 'Document-Source',
      required: false,
      schema: { type: 'string' },
      description: 'Only by the second opinion doctor: the treating doctor (sourceId) who sent it',
    }),
    ApiConsumes(...UPLOAD_TYPES),
    ApiBody({
      required: true,
      schema: BINARY,
      description: 'The document itself, at most 25 MB; its type is checked by its content',
    }),
    ApiResponse({ status: 201, description: 'Stored; `id` is the document', ...commandAnswer }),
  );

/** Downloads: GET of one document as it was brought. */
export const Downloads = (path: string, operation: string): MethodDecorator =>
  applyDecorators(
    Get(path),
    SetMetadata(ROUTE, { kind: 'answers', operation } satisfies RouteInfo),
    ApiOperation({ operationId: operation, summary: 'Open a document of the dossier' }),
    ...pathParams(path),
    ApiResponse({
      status: 200,
      description: 'The document',
      headers: {
        'Content-Disposition': header('Always an attachment, by its id', 'attachment; filename="0b6b3f0e"'),
        'Cache-Control': header('Nothing of it is kept', 'no-store'),
      },
      content: contentOf(UPLOAD_TYPES),
    }),
  );
