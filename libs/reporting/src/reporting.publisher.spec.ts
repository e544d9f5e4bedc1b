import { reportingMessages } from '@second-opinion/contracts';
import { recorded } from '@second-opinion/kernel/testing';
import Ajv2020 from 'ajv/dist/2020';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEvent } from './file.events';
import { reportingPublisher } from './reporting.publisher';
import { blocked, consented, consentWithdrawn, document, shared, termEnded, withdrawn } from './testing/events';

const told = (event: FileEvent) => {
  const [one] = recorded('reporting.file-case-1', [event]);
  return reportingPublisher.on[event.type]?.(one as never);
};
const golden = join(__dirname, '../golden/reporting.file');
const stored = readdirSync(golden).flatMap((file) => {
  const { type, data } = JSON.parse(readFileSync(join(golden, file), 'utf8')) as { type: string; data: object[] };
  return data.map((one) => ({ type, data: one }) as FileEvent);
});

describe('what reporting tells', () => {
  it.each([
    ['consent', consented()],
    ['withdrawn consent', consentWithdrawn],
    ['block', blocked],
    ['withdrawal after the sharing', withdrawn('AFTER_SHARING')],
    ['lapse', { type: 'ReleaseDecisionLapsed', data: { version: 1 } } as FileEvent],
  ])('BR-38 a %s is never published', (_, event) => expect(told(event)).toBeUndefined());

  it('BR-38 the end of the term is, and a withdrawal before the sharing', () => {
    expect(told(termEnded('BLOCKED'))).toEqual({
      type: 'ReportNotReleased',
      key: 'case-1',
      data: { caseId: 'case-1', outcome: 'BLOCKED', at: '2026-12-09T23:00:00.000Z' },
    });
    expect(told(withdrawn('BEFORE_SHARING'))?.type).toBe('RequestWithdrawn');
  });

  it('no name, text or stored content leaves with a document', () => {
    expect(told(document('d'))?.data).toEqual({
      caseId: 'case-1',
      documentId: 'd',
      kind: 'FML',
      senderRole: 'own-doctor',
    });
  });

  it('every message is as the contracts declare it, and has the case for its key', () => {
    const ajv = new Ajv2020({ strict: false });
    const schemas = reportingMessages as Readonly<Record<string, object>>;
    let count = 0;
    for (const event of [...stored, shared()]) {
      const message = told(event);
      if (!message) continue;
      count++;
      const validate = ajv.compile(schemas[message.type] ?? false);
      validate(message.data);
      expect([message.type, message.key, validate.errors ?? []]).toEqual([message.type, 'case-1', []]);
    }
    expect(count).toBeGreaterThan(20);
  });
});
