import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { noteCase } from '@second-opinion/nest';
import { fastify } from 'fastify';
import { logRequests } from './request-log';

const caseId = '3b241101-e2bb-4255-8caf-4136c566a962';

describe('the line of a request', () => {
  const lines: Record<string, unknown>[] = [];
  const server = fastify({ genReqId: () => 'request-1', trustProxy: ['10.0.0.1'] });

  beforeAll(async () => {
    Logger.overrideLogger({ log: (line: Record<string, unknown>) => void lines.push(line) } as never);
    logRequests({ getHttpAdapter: () => ({ getInstance: () => server }) } as unknown as NestFastifyApplication);
    server.post('/intake/cases', (request) => {
      noteCase(request, caseId);
      return {};
    });
    server.get('/intake/cases/:caseId', () => ({}));
    await server.ready();
  });
  beforeEach(() => void lines.splice(0));
  afterAll(async () => {
    Logger.overrideLogger(false);
    await server.close();
  });

  it('names the case that it creates, and the trace that it belongs to', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await server.inject({ method: 'POST', url: '/intake/cases?name=Jansen', headers: { traceparent } });
    const ids = { requestId: 'request-1', caseId, traceId: '0af7651916cd43dd8448eb211c80319c' };
    expect(lines).toEqual([{ ...ids, method: 'POST', route: '/intake/cases', status: 200, ms: expect.any(Number) }]);
  });

  it('names the case of its path when it looks like one, and nothing else of it', async () => {
    await server.inject(`/intake/cases/${caseId}`);
    await server.inject({ url: '/intake/cases/an@prive.example', headers: { traceparent: 'Jansen' } });
    expect(lines.map((line) => line['caseId'])).toEqual([caseId, undefined]);
    expect(JSON.stringify(lines)).not.toMatch(/prive|Jansen/);
  });

  it('has the id of a gateway that is trusted, when it is one, and nobody else’s', async () => {
    const gateway = '0123456789abcdef0123456789abcdef';
    for (const [remoteAddress, id] of [
      ['10.0.0.1', gateway],
      ['198.51.100.7', gateway],
      ['10.0.0.1', 'an@prive.example'],
    ]) {
      const headers = { 'x-forwarded-for': '198.51.100.1', 'x-request-id': id };
      await server.inject({ url: `/intake/cases/${caseId}`, remoteAddress, headers });
    }
    expect(lines.map((line) => line['gatewayRequestId'])).toEqual([gateway, undefined, undefined]);
  });
});
