import { recorded } from '@second-opinion/kernel/testing';
import { factsOf } from './retention.rules';

const stream = (name: string, recordedAt: string, ...types: string[]) =>
  recorded(
    `${name}-case-1`,
    types.map((type) => ({ type, data: {} })),
    { caseId: 'case-1', recordedAt },
  );
const underWay = (...types: string[]) => factsOf('case-1', stream('intake.case', '2026-11-24T09:00:00.000Z', ...types));

describe('what the log says of a case that is to be forgotten', () => {
  it.each<[boolean, string[]]>([
    [false, []],
    [false, ['SecondOpinionWishRecorded', 'SecondOpinionRequestSubmitted']],
    [true, ['SecondOpinionRequestSubmitted', 'IndependenceConfirmed']],
    [true, ['IndependenceConfirmed', 'AssignmentDeclined']],
    [false, ['IndependenceConfirmed', 'CaseClosed']],
    [true, ['IndependenceConfirmed', 'CaseClosed', 'CaseReopened']],
    [true, ['CaseClosed', 'ReleaseConsentGranted']],
    [false, ['CaseClosed', 'ReleaseConsentGranted', 'ReleaseConsentWithdrawn']],
    [false, ['CaseClosed', 'ReleaseConsentGranted', 'ReportBlocked']],
    [false, ['CaseClosed', 'ReleaseConsentGranted', 'RequestWithdrawn']],
    [true, ['CaseClosed', 'ReleaseConsentGranted', 'ReportReleased']],
    [false, ['CaseClosed', 'ReportReleased', 'FollowUpRecorded']],
    [false, ['CaseClosed', 'ReportReleased', 'FollowUpTermEnded']],
  ])('is it under way: %s after %j', (expected, types) => {
    expect(underWay(...types).underWay).toBe(expected);
  });

  it('submitted or not, when it changed last, and when something was billed last', () => {
    expect(factsOf('case-1', [])).toEqual({ caseId: 'case-1', submitted: false, underWay: false });
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
    const facts = { caseId: 'case-1', submitted: true, underWay: false, changedAt: '2026-11-24T09:00:00.000Z' };
    expect(factsOf('case-1', events)).toEqual(facts);
    const billed = stream('billing.quote', '2026-11-27T09:00:00.000Z', 'InvoiceDue');
    expect(factsOf('case-1', [...events, ...billed])).toEqual({ ...facts, billedAt: '2026-11-27T09:00:00.000Z' });
  });
});
