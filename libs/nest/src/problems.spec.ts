import { Conflict, Invalid, Refused, Unavailable } from '@second-opinion/kernel';
import { problemOf } from './problem.filter';

describe('the problem that a failure is answered with', () => {
  it('has its code, its facts, and the status of its kind or of its code', () => {
    const refused = new Refused('intake.case-ended', { caseId: 'case-1' });
    expect(problemOf(refused)).toEqual({ status: 409, code: 'intake.case-ended', facts: { caseId: 'case-1' } });
    expect(problemOf(new Unavailable('storage-unavailable')).status).toBe(503);
    expect(problemOf(new Conflict('too-busy')).status).toBe(409);
    expect(problemOf(new Conflict('precondition-failed')).status).toBe(412);
    expect(problemOf(new Invalid('document-too-large', { maxBytes: 1 })).status).toBe(413);
  });

  it('is 500 and says nothing of itself when what we keep is broken: the request is not to blame', () => {
    const internal = { status: 500, code: 'internal', facts: {} };
    expect(problemOf(new Invalid('seal-broken', { keyId: 'key-1' }))).toEqual(internal);
    expect(problemOf(new Error('anything'))).toEqual(internal);
  });
});
