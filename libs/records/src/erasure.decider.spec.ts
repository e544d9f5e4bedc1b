import { anActor, given, recorded } from '@second-opinion/kernel/testing';
import { categoriesOf, erasure } from './erasure.decider';
import type { NamedKey } from './erasure.commands';
import type { ErasureBasis, ErasureEvent } from './erasure.events';
import { recordsPublisher } from './records.publisher';
import type { CaseFacts } from './retention.rules';

const officer = { actor: anActor('privacy-officer') };
const identity: NamedKey = { keyId: 'key-identity', caseId: '', category: 'IDENTITY' };
const medical: NamedKey = { keyId: 'key-medical', caseId: 'case-1', category: 'MEDICAL' };
const report: NamedKey = { keyId: 'key-report', caseId: 'case-1', category: 'MEDICAL', object: 'report-1' };
const billing: NamedKey = { keyId: 'key-billing', caseId: 'case-1', category: 'BILLING' };

const medicalDecided: ErasureEvent = {
  type: 'ErasureDecided',
  data: { personId: 'person-1', caseId: 'case-1', categories: ['MEDICAL'], basis: 'EMPLOYEE_REQUEST' },
};
const medicalDestroyed: ErasureEvent = {
  type: 'SubjectKeyDestroyed',
  data: {
    keyId: 'key-medical',
    personId: 'person-1',
    caseId: 'case-1',
    category: 'MEDICAL',
    basis: 'EMPLOYEE_REQUEST',
  },
};

describe('DestroyKeys', () => {
  const ofCase = { personId: 'person-1', caseId: 'case-1', category: 'MEDICAL', basis: 'EMPLOYEE_REQUEST' } as const;

  it('names the scope first and then every key of it, one document included', () => {
    given(erasure)
      .events()
      .when('DestroyKeys', { ...ofCase, keys: [medical, report] }, officer)
      .then(medicalDecided, medicalDestroyed, {
        type: 'SubjectKeyDestroyed',
        data: { ...medicalDestroyed.data, keyId: 'key-report', object: 'report-1' },
      } as ErasureEvent);
  });

  it('BR-71 a request of the employee takes all but what the tax office may ask for', () => {
    given(erasure)
      .events()
      .when(
        'DestroyKeys',
        { personId: 'person-1', basis: 'EMPLOYEE_REQUEST', keys: [identity, medical, billing] },
        officer,
      )
      .then(
        {
          type: 'ErasureDecided',
          data: { personId: 'person-1', categories: ['IDENTITY', 'CONTACT', 'MEDICAL'], basis: 'EMPLOYEE_REQUEST' },
        },
        {
          type: 'SubjectKeyDestroyed',
          data: { keyId: 'key-identity', personId: 'person-1', category: 'IDENTITY', basis: 'EMPLOYEE_REQUEST' },
        },
        medicalDestroyed,
      );
  });

  it('refuses bills on request of the employee, and takes them when their term has ended', () => {
    const bills = { personId: 'person-1', category: 'BILLING', keys: [billing] } as const;
    given(erasure)
      .events()
      .when('DestroyKeys', { ...bills, keys: [billing], basis: 'EMPLOYEE_REQUEST' }, officer)
      .refused('records.tax-duty', { category: 'BILLING' });
    given(erasure)
      .events()
      .when('DestroyKeys', { ...bills, keys: [billing], basis: 'RETENTION_ENDED' }, officer)
      .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
  });

  it('decides about what does not exist yet, so that it never will', () => {
    given(erasure)
      .events()
      .when('DestroyKeys', { ...ofCase, keys: [] }, officer)
      .then(medicalDecided);
  });

  it('has nothing to do when that was decided and nothing was made since', () => {
    given(erasure)
      .events(medicalDecided, medicalDestroyed)
      .when('DestroyKeys', { ...ofCase, keys: [medical] }, officer)
      .nothing();
  });

  describe('a term that has not ended', () => {
    const submitted = { caseId: 'case-1', submitted: true, changedAt: '2026-11-24T09:00:00.000Z' };
    const wish = { ...submitted, submitted: false };
    const asked = (basis: ErasureBasis, cases: CaseFacts[], over: object = {}) =>
      [{ personId: 'person-1', basis, keys: [medical] as NamedKey[], cases, ...over }, officer] as const;
    const at = (now: string) => ({ ...officer, now });

    it('BR-71 is no ground against the request of the employee himself', () => {
      given(erasure)
        .events()
        .when('DestroyKeys', ...asked('EMPLOYEE_REQUEST', [submitted, wish]))
        .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
    });

    it('BR-69 a file until twenty years after its last change', () => {
      const [command] = asked('RETENTION_ENDED', [submitted]);
      given(erasure)
        .events()
        .when('DestroyKeys', command, at('2046-11-24T08:59:59.999Z'))
        .refused('records.retention-running', { caseId: 'case-1', until: '2046-11-24T09:00:00.000Z' });
      given(erasure)
        .events()
        .when('DestroyKeys', command, at('2046-11-24T09:00:00.000Z'))
        .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
    });

    it('as never submitted what was submitted, and within two years what was not', () => {
      given(erasure)
        .events()
        .when('DestroyKeys', ...asked('NEVER_SUBMITTED', [submitted]))
        .refused('records.request-submitted', { caseId: 'case-1' });
      const [command] = asked('NEVER_SUBMITTED', [wish]);
      given(erasure)
        .events()
        .when('DestroyKeys', command, at('2028-11-24T08:59:59.999Z'))
        .refused('records.retention-running', { caseId: 'case-1', until: '2028-11-24T09:00:00.000Z' });
      given(erasure)
        .events()
        .when('DestroyKeys', command, at('2028-11-24T09:00:00.000Z'))
        .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
    });

    it('a bill within seven years of what was billed last, whatever the basis says', () => {
      const billed = { ...wish, changedAt: '2020-01-01T00:00:00.000Z', billedAt: '2026-11-24T09:00:00.000Z' };
      for (const basis of ['RETENTION_ENDED', 'NEVER_SUBMITTED'] as const) {
        for (const over of [{}, { category: 'BILLING' as const }])
          given(erasure)
            .events()
            .when('DestroyKeys', ...asked(basis, [billed], over))
            .refused('records.tax-duty', {
              category: 'BILLING',
              caseId: 'case-1',
              until: '2033-11-24T09:00:00.000Z',
            });
        const [command] = asked(basis, [billed], { category: 'BILLING', keys: [billing] });
        given(erasure)
          .events()
          .when('DestroyKeys', command, at('2033-11-24T09:00:00.000Z'))
          .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
      }
      given(erasure)
        .events()
        .when('DestroyKeys', ...asked('RETENTION_ENDED', [billed], { category: 'MEDICAL' }))
        .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
    });
  });

  describe('the last case of a person whose term has ended', () => {
    const contact: NamedKey = { keyId: 'key-contact', caseId: '', category: 'CONTACT' };
    const over = { caseId: 'case-1', submitted: true, changedAt: '2000-01-01T00:00:00.000Z' };
    const last = {
      personId: 'person-1',
      caseId: 'case-1',
      basis: 'RETENTION_ENDED',
      keys: [medical],
      cases: [over],
    } as const;
    const whole = { ...last, keys: [...last.keys], cases: [...last.cases], personKeys: [identity, contact] };
    const categories = ['IDENTITY', 'CONTACT'] as const;
    const person = { personId: 'person-1', categories: [...categories], basis: 'RETENTION_ENDED' };
    const other: CaseFacts = { ...over, caseId: 'case-2' };
    const forgotten = (basis: ErasureBasis, category?: 'MEDICAL' | 'CONTACT'): ErasureEvent => ({
      type: 'ErasureDecided',
      data: { personId: 'person-1', caseId: 'case-2', categories: categoriesOf(category, basis), basis },
    });
    it('BR-69 takes his name and address too, which stand for no other case any more', () => {
      for (const [before, ownCases] of [
        [[], [over]],
        [[forgotten('RETENTION_ENDED')], [over, other]],
        [[forgotten('EMPLOYEE_REQUEST')], [over, { ...other, billedAt: '2019-11-25T09:00:00.000Z' }]],
      ] as const) {
        const events = given(erasure)
          .events(...before)
          .when('DestroyKeys', { ...whole, ownCases: [...ownCases] }, officer)
          .events();
        expect(events.map(({ type }) => type)).toEqual([
          'ErasureDecided',
          'SubjectKeyDestroyed',
          'ErasureDecided',
          'SubjectKeyDestroyed',
          'SubjectKeyDestroyed',
        ]);
        expect(events[2]?.data).toEqual(person);
        expect(events.slice(3).map(({ data }) => 'keyId' in data && data.keyId)).toEqual([
          'key-identity',
          'key-contact',
        ]);
      }
    });
    it('not while he has another one, for one category only, on his own request, or of a case that is none of his', () => {
      const others: [ErasureEvent[], object][] = [
        [[], { ownCases: [over, other] }],
        [[forgotten('RETENTION_ENDED', 'CONTACT')], { ownCases: [over, other] }],
        [[forgotten('EMPLOYEE_REQUEST', 'MEDICAL')], { ownCases: [over, other] }],
        [[], { ownCases: [over], category: 'MEDICAL' }],
        [[], { ownCases: [over], basis: 'EMPLOYEE_REQUEST' }],
        [[], { ownCases: [] }],
      ];
      for (const [before, more] of others)
        given(erasure)
          .events(...before)
          .when('DestroyKeys', { ...whole, ...more }, officer)
          .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
    });
    it('BR-71 not while a bill of another must be kept, though he had its texts forgotten: he still has his login, and hears what becomes of it', () => {
      const billed = { ...other, billedAt: '2026-11-24T09:00:00.000Z' };
      const wish = { ...whole, cases: [{ ...over, submitted: false }], ownCases: [over, billed] };
      for (const basis of ['RETENTION_ENDED', 'NEVER_SUBMITTED'] as const)
        given(erasure)
          .events(forgotten('EMPLOYEE_REQUEST'))
          .when('DestroyKeys', { ...wish, basis }, officer)
          .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
    });
  });

  it('names a key once, also when more is forgotten later', () => {
    given(erasure)
      .events(medicalDecided, medicalDestroyed)
      .when('DestroyKeys', { personId: 'person-1', basis: 'RETENTION_ENDED', keys: [medical, billing] }, officer)
      .thenTypes('ErasureDecided', 'SubjectKeyDestroyed');
  });
});

describe('what the others are told', () => {
  it('every destroyed key, under its case or else its person', () => {
    const [, destroyed] = recorded('records.erasure-person-1', [medicalDecided, medicalDestroyed]);
    expect(recordsPublisher.on.SubjectKeyDestroyed?.(destroyed as never)).toEqual({
      type: 'SubjectKeyDestroyed',
      key: 'case-1',
      data: medicalDestroyed.data,
    });
    const { caseId: _, ...ofPerson } = medicalDestroyed.data as { caseId?: string };
    const [own] = recorded('records.erasure-person-1', [{ type: 'SubjectKeyDestroyed', data: ofPerson }]);
    expect(recordsPublisher.on.SubjectKeyDestroyed?.(own as never)).toMatchObject({ key: 'person-1' });
  });
});
