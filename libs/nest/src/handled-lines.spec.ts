import { Logger } from '@nestjs/common';
import { failureOf, Refused, type Envelope } from '@second-opinion/kernel';
import { handledLines } from './handled-lines';

const event: Envelope = {
  specversion: '1.0',
  id: 'event-1',
  source: '/second-opinion/intake',
  type: 'QuoteSigned',
  subject: 'case-1',
  time: '2026-11-25T09:00:00.000Z',
  datacontenttype: 'application/json',
  correlationid: 'request-1',
  causationid: 'event-0',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: { caseId: 'case-1', name: 'An Jansen' },
};
const ids = { messageId: 'event-1', caseId: 'case-1', correlationId: 'request-1', causationId: 'event-0' };
const line = { group: 'intake.when-x', ...ids, type: 'QuoteSigned', traceId: '0af7651916cd43dd8448eb211c80319c' };

describe('the lines of what a policy handles', () => {
  let lines: unknown[];
  const logger = () => ({
    debug: (...said: unknown[]) => void lines.push(['debug', ...said]),
    warn: (...said: unknown[]) => void lines.push(['warn', ...said]),
  });
  const tell = (levels: ('warn' | 'debug')[]) => {
    Logger.overrideLogger(levels);
    return handledLines(logger() as unknown as Logger, 'intake.when-x');
  };
  const message = { topic: 'billing.events.v1', key: 'case-1', event };

  beforeEach(() => {
    lines = [];
    Logger.overrideLogger(logger() as never);
  });
  afterAll(() => Logger.overrideLogger(false));

  it('warn of what is tried again and parked, with ids and codes and nothing that it says', () => {
    const told = tell(['warn']);
    const failure = failureOf(new Refused('intake.no', { status: 'closed' }));
    told('handled', message, 1);
    told('retried', message, 1, failure);
    told('parked', message, 6, failure);
    told('parked', message, 0);
    told('skipped', message, 0);
    expect(lines).toEqual([
      ['warn', { ...line, attempts: 1, ...failure }, 'message failed; it is tried again'],
      ['warn', { ...line, attempts: 6, ...failure }, expect.stringContaining('message parked; it waits')],
      ['warn', { ...line, attempts: 0 }, 'message parked behind another one of its key'],
      ['warn', { ...line, attempts: 0 }, expect.stringContaining('message left out; somebody had it skipped')],
    ]);
    expect(JSON.stringify(lines)).not.toContain('Jansen');
  });

  it('tell at the level debug what is handled, and the case of an own event', () => {
    const own = { ...event, data: { metadata: { caseId: 'case-2' } } };
    const { traceparent: _, ...untraced } = own;
    tell(['warn', 'debug'])('handled', { ...message, event: untraced }, 1);
    const { traceId: __, ...rest } = line;
    expect(lines).toEqual([['debug', { ...rest, caseId: 'case-2', attempts: 1 }, 'message handled']]);
  });
});
