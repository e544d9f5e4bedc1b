import { recorded } from '@second-opinion/kernel/testing';
import { factsOf } from './retention.rules';

const stream = (name: string, recordedAt: string, ...types: string[]) =>
  recorded(
    `${name}-case-1`,
    types.map((type) => ({ type, data: {} })),
    { caseId: 'case-1', recordedAt },
  );

describe('what the log says of a case that is to be forgotten', () => {
  it('submitted or not, when it changed last, and when something was billed last', () => {
    expect(factsOf('case-1', [])).toEqual({ caseId: 'case-1', submitted: false });
    const events = [
      ...stream(
        'intake.case',
        '2026-11-24T09:00:00.000Z',
        'SecondOpinionWishRecorded',
        'SecondOpinionRequestSubmitted',
      ),
      ...stream('reporting.file', '2026-11-23T09:00:00.000Z', 'MedicalFileOpened'),
      ...stream('billing.quote', '2026-11-26T09:00:00.000Z', 'SubmissionNoted'),
    ];
    const facts = { caseId: 'case-1', submitted: true, changedAt: '2026-11-24T09:00:00.000Z' };
    expect(factsOf('case-1', events)).toEqual(facts);
    const forgotten = stream('intake.case', '2046-11-25T09:00:00.000Z', 'CaseForgotten', 'CaseClosed');
    expect(factsOf('case-1', [...events, ...forgotten])).toEqual(facts);
    const billed = stream('billing.quote', '2026-11-27T09:00:00.000Z', 'InvoiceDue');
    expect(factsOf('case-1', [...events, ...billed])).toEqual({ ...facts, billedAt: '2026-11-27T09:00:00.000Z' });
  });
});
