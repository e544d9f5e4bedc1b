import type { Actor, ActorRole, Participants, Relation } from '@second-opinion/kernel';
import fc from 'fast-check';
import {
  accessRules,
  matrix,
  MATRIX_VERSION,
  mayEnter,
  mayKnowOf,
  mayOpen,
  mayPerform,
  operationRule,
  purposeRule,
  relationOf,
  type Fact,
  type Item,
  type OperationRule,
  type PurposeRule,
  type Right,
} from './index';

const ROLES: Readonly<Record<ActorRole, true>> = {
  employee: true,
  'company-doctor': true,
  'second-opinion-doctor': true,
  'back-office': true,
  employer: true,
  court: true,
  'privacy-officer': true,
  auditor: true,
  partner: true,
  operator: true,
  system: true,
};
const roles = Object.keys(ROLES) as ActorRole[];
const RELATIONS: Readonly<Record<Relation, true>> = {
  employee: true,
  'own-doctor': true,
  'candidate-doctor': true,
  'second-opinion-doctor': true,
  employer: true,
  court: true,
  'back-office': true,
  auditor: true,
  'privacy-officer': true,
  operator: true,
  partner: true,
  system: true,
  none: true,
};
const relations = Object.keys(RELATIONS) as Relation[];
const FACTS: Readonly<Record<Fact, true>> = {
  accepted: true,
  authorised: true,
  released: true,
  sharedByEmployee: true,
  employeePays: true,
  employerPays: true,
  aboutAsker: true,
  partnerTransport: true,
};
const items = Object.keys(matrix).map(Number) as Item[];
const rights: readonly Right[] = ['R', 'W', 'D', 'M'];
const operations = Object.entries(accessRules).flatMap(([context, rules]) =>
  Object.keys(rules.operations).map((name) => `${context}.${name}`),
);
const purposes = Object.entries(accessRules).flatMap(([context, rules]) =>
  Object.keys(rules.purposes).map((name) => `${context}.${name}`),
);

const participants: Participants = {
  employee: 'person-1',
  'own-doctor': 'doctor-1',
  'candidate-doctor': 'doctor-3',
  'second-opinion-doctor': 'doctor-2',
};
const actor = (role: ActorRole, id: string, joined?: string[]): Actor => ({
  id,
  role,
  organisation: 'org',
  ...(joined ? { joined } : {}),
});

/** isOf: whether a role can be this to a case, as relationOf finds it. */
const isOf = (role: ActorRole, relation: Relation) =>
  [
    participants,
    { 'candidate-doctor': 'me', partner: 'org' },
    { employee: 'me', 'own-doctor': 'me', 'second-opinion-doctor': 'me' },
  ].some((taking) => relationOf(actor(role, 'me'), taking) === relation && relation !== 'none');

const anyFacts = fc.dictionary(fc.constantFrom(...(Object.keys(FACTS) as Fact[])), fc.boolean()) as fc.Arbitrary<
  Record<string, boolean>
>;
const anyItem = fc.constantFrom(...items);
const anyRight = fc.constantFrom(...rights);
const anyRelation = fc.constantFrom(...relations);
const anyRole = fc.constantFrom(...roles);
const anyOperationRule: fc.Arbitrary<OperationRule> = fc.oneof(
  fc.record(
    { item: anyItem, right: anyRight, only: fc.array(anyRelation) },
    { requiredKeys: ['item', 'right'] },
  ) as fc.Arbitrary<OperationRule>,
  fc.record({ roles: fc.array(anyRole), basis: fc.constant('register') }),
);
const anyPurposeRule = fc.record(
  { item: anyItem, also: fc.array(fc.record({ relation: anyRelation, basis: fc.constant('mail') })) },
  { requiredKeys: ['item'] },
) as fc.Arbitrary<PurposeRule>;

describe('the matrix', () => {
  it('has all 23 items of domain section 2, and item 17 is nobody’s in route A (BR-41)', () => {
    expect(items).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
    expect(matrix[17].entries).toEqual({});
  });

  it('gives a source for every entry, and known rights only', () => {
    for (const item of items)
      for (const entry of Object.values(matrix[item].entries).flat()) {
        expect(entry.source).not.toBe('');
        expect(entry.rights).toMatch(/^(?!.*(.).*\1)[RWDM]+$/);
      }
  });

  it('BR-40: employer and court have no entry anywhere', () => {
    for (const item of items) {
      expect(Object.keys(matrix[item].entries)).not.toContain('employer');
      expect(Object.keys(matrix[item].entries)).not.toContain('court');
      expect(Object.keys(matrix[item].entries)).not.toContain('none');
    }
  });

  it('BR-60: there is no role and no relation for a lawyer', () => {
    expect([...roles, ...relations].filter((name) => /lawyer|advoca|represent/.test(name))).toEqual([]);
  });

  it('BR-67: back office and auditor never read or write medical content', () => {
    for (const item of [4, 8, 9, 10, 11, 13, 14, 15] as Item[])
      for (const relation of ['back-office', 'auditor', 'partner', 'privacy-officer', 'operator'] as Relation[])
        for (const right of ['R', 'W', 'D'] as const)
          expect(mayPerform({ item, right }, { relation, role: 'back-office' }, all())).toMatchObject({
            allowed: false,
          });
  });

  it('BR-31: only the second opinion doctor writes a report', () => {
    for (const relation of relations)
      expect(mayPerform({ item: 13, right: 'W' }, { relation, role: 'employee' }, all()).allowed).toBe(
        relation === 'second-opinion-doctor',
      );
  });

  it('BR-39: only the employee decides about release', () => {
    for (const relation of relations)
      expect(mayPerform({ item: 16, right: 'D' }, { relation, role: 'employee' }, all()).allowed).toBe(
        relation === 'employee',
      );
  });

  it('BR-32: the own doctor does not open a report before its release, and does after', () => {
    expect(mayOpen({ item: 14 }, 'own-doctor', {})).toMatchObject({
      allowed: false,
      basis: 'A14 R only after released',
    });
    expect(mayOpen({ item: 14 }, 'own-doctor', { released: false }).allowed).toBe(false);
    expect(mayOpen({ item: 14 }, 'own-doctor', { released: true })).toEqual({
      allowed: true,
      basis: 'A14 R s(Q2,Q3)',
      policyVersion: MATRIX_VERSION,
    });
    for (const item of [13, 15] as Item[]) expect(mayOpen({ item }, 'own-doctor', all()).allowed).toBe(false);
  });

  it('BR-22: the second opinion doctor opens what the own doctor sent only under an authorisation in force', () => {
    expect(mayOpen({ item: 9 }, 'second-opinion-doctor', {}).allowed).toBe(false);
    expect(mayOpen({ item: 9 }, 'second-opinion-doctor', { authorised: true }).allowed).toBe(true);
  });

  it('BR-22: what the employee brings stays hidden from his own doctor until he shares it himself', () => {
    expect(mayOpen({ item: 10 }, 'own-doctor', {}).allowed).toBe(false);
    expect(mayOpen({ item: 10 }, 'own-doctor', { sharedByEmployee: true }).allowed).toBe(true);
  });

  it('BR-23: the own doctor hands over work-situation information without authorisation', () => {
    expect(mayPerform({ item: 8, right: 'W' }, { relation: 'own-doctor', role: 'company-doctor' }, {}).allowed).toBe(
      true,
    );
  });

  it('N03: the candidate sees that there is a case, the name only after acceptance, and nothing of the dossier', () => {
    const asker = { relation: 'candidate-doctor', role: 'second-opinion-doctor' } as const;
    expect(mayPerform({ item: 1, right: 'M' }, asker, {}).allowed).toBe(true);
    expect(mayPerform({ item: 1, right: 'R' }, asker, all()).allowed).toBe(false);
    expect(mayOpen({ item: 2 }, 'candidate-doctor', {}).allowed).toBe(false);
    expect(mayOpen({ item: 2 }, 'candidate-doctor', { accepted: true }).allowed).toBe(true);
    for (const item of items.filter((one) => one !== 2))
      if (item !== 21) expect(mayOpen({ item }, 'candidate-doctor', all()).allowed).toBe(false);
  });

  it('BR-55: the own doctor reads an invoice that the employer pays; of one that the employee pays he sees metadata only', () => {
    const asker = { relation: 'own-doctor', role: 'company-doctor' } as const;
    expect(mayPerform({ item: 20, right: 'R' }, asker, { employerPays: true }).allowed).toBe(true);
    expect(mayPerform({ item: 20, right: 'R' }, asker, { employeePays: true }).allowed).toBe(false);
    expect(mayPerform({ item: 20, right: 'M' }, asker, { employeePays: true }).allowed).toBe(true);
  });

  it('BR-66: only employee and auditor read the access log', () => {
    for (const relation of relations)
      expect(mayPerform({ item: 22, right: 'R' }, { relation, role: 'auditor' }, {}).allowed).toBe(
        relation === 'employee' || relation === 'auditor',
      );
  });

  it('reading a row’s metadata comes with the right to read it, not with the right to write it', () => {
    const asker = { relation: 'own-doctor', role: 'company-doctor' } as const;
    expect(mayPerform({ item: 3, right: 'M' }, asker, {}).allowed).toBe(true);
    expect(mayPerform({ item: 6, right: 'R' }, asker, {}).allowed).toBe(false);
  });
});

describe('decisions', () => {
  it('deny what has no rule', () => {
    expect(mayPerform(undefined, { relation: 'employee', role: 'employee' }, all())).toMatchObject({ allowed: false });
    expect(mayOpen(undefined, 'employee', all())).toMatchObject({ allowed: false });
    for (const name of ['', 'x', 'intake', 'intake.', '.x', '__proto__.x', 'intake.constructor', 'intake.__proto__'])
      expect([operationRule(name), purposeRule(name)]).toEqual([undefined, undefined]);
  });

  it('never take a fact from the prototype', () => {
    const facts = Object.create({ released: true }) as Record<string, boolean>;
    expect(mayOpen({ item: 14 }, 'own-doctor', facts).allowed).toBe(false);
  });

  it('BR-40: the employer and the court are denied under any rule, with any relation and any facts', () => {
    fc.assert(
      fc.property(
        anyOperationRule,
        anyRelation,
        anyFacts,
        fc.constantFrom<ActorRole>('employer', 'court'),
        (rule, relation, facts, role) => !mayPerform(rule, { relation, role }, facts).allowed,
      ),
    );
    fc.assert(
      fc.property(
        anyPurposeRule,
        anyFacts,
        fc.constantFrom<Relation>('employer', 'court', 'none'),
        (rule, facts, relation) => !mayOpen(rule, relation, facts).allowed,
      ),
    );
  });

  it('BR-67: a medical seal opens for nobody but employee, doctors and the system, under any rule', () => {
    fc.assert(
      fc.property(
        anyPurposeRule,
        anyFacts,
        anyRelation.filter((one) => !['employee', 'own-doctor', 'second-opinion-doctor', 'system'].includes(one)),
        (rule, facts, relation) => !mayOpen(rule, relation, facts, 'MEDICAL').allowed,
      ),
    );
  });

  it('open the door to a role exactly where some relation it can have, with whatever facts, may perform it', () => {
    const everything = Object.fromEntries(Object.keys(FACTS).map((fact) => [fact, true]));
    fc.assert(
      fc.property(anyOperationRule, anyRole, (rule, role) => {
        const own = relations.filter((relation) => isOf(role, relation));
        const some = [...own, 'none' as const].some(
          (relation) => mayPerform(rule, { relation, role }, everything).allowed,
        );
        expect(mayEnter(rule, role).allowed).toBe(some);
      }),
    );
    expect(mayEnter(undefined, 'operator').allowed).toBe(false);
  });

  it('without a relation only a rule by role admits', () => {
    fc.assert(
      fc.property(anyOperationRule, anyRole, anyFacts, (rule, role, facts) => {
        const { allowed } = mayPerform(rule, { relation: 'none', role }, facts);
        return !allowed || ('roles' in rule && rule.roles.includes(role));
      }),
    );
  });

  it('more facts never take a right away, and every decision names its basis and the matrix', () => {
    fc.assert(
      fc.property(anyItem, anyRight, anyRelation, anyFacts, (item, right, relation, facts) => {
        const few = mayPerform({ item, right }, { relation, role: 'employee' }, facts);
        const more = mayPerform({ item, right }, { relation, role: 'employee' }, all());
        expect([few.policyVersion, more.policyVersion]).toEqual([MATRIX_VERSION, MATRIX_VERSION]);
        expect(few.basis).not.toBe('');
        return !few.allowed || more.allowed;
      }),
    );
  });
});

describe('the rules of all contexts', () => {
  it('BR-40: admit nobody without a relation unless by role, and never the employer', () => {
    for (const operation of operations) {
      const rule = operationRule(operation);
      for (const role of roles) {
        const byRole = rule !== undefined && 'roles' in rule && rule.roles.includes(role);
        const expected = byRole && role !== 'employer' && role !== 'court';
        const { allowed } = mayPerform(rule, { relation: 'none', role }, all());
        expect([operation, role, allowed]).toEqual([operation, role, expected]);
      }
      for (const relation of relations)
        expect([operation, mayPerform(rule, { relation, role: 'employer' }, all()).allowed]).toEqual([
          operation,
          false,
        ]);
    }
  });

  it('are each reachable: whom a rule names has the right in the matrix', () => {
    for (const operation of operations) {
      const rule = operationRule(operation);
      if (!rule || 'roles' in rule) continue;
      const able = relations.filter((relation) => mayPerform(rule, { relation, role: 'employee' }, all()).allowed);
      expect([operation, able]).not.toEqual([operation, []]);
      if (rule.only) expect([operation, [...rule.only].sort()]).toEqual([operation, able.sort()]);
    }
  });

  it('BR-40, BR-67: open nothing for employer, court or strangers, and nothing medical for back office', () => {
    for (const purpose of purposes) {
      for (const relation of ['employer', 'court', 'none'] as Relation[])
        expect([purpose, mayOpen(purposeRule(purpose), relation, all()).allowed]).toEqual([purpose, false]);
      expect([purpose, mayOpen(purposeRule(purpose), 'back-office', all(), 'MEDICAL').allowed]).toEqual([
        purpose,
        false,
      ]);
    }
  });
});

describe('relationOf', () => {
  it('is participation for employee and doctors', () => {
    expect(relationOf(actor('employee', 'person-1'), participants)).toBe('employee');
    expect(relationOf(actor('employee', 'person-2'), participants)).toBe('none');
    expect(relationOf(actor('employee', 'person-2', ['person-1']), participants)).toBe('employee');
    expect(relationOf(actor('company-doctor', 'doctor-1'), participants)).toBe('own-doctor');
    expect(relationOf(actor('company-doctor', 'doctor-2'), participants)).toBe('none');
    expect(relationOf(actor('second-opinion-doctor', 'doctor-2'), participants)).toBe('second-opinion-doctor');
    expect(relationOf(actor('second-opinion-doctor', 'doctor-3'), participants)).toBe('candidate-doctor');
    expect(relationOf(actor('second-opinion-doctor', 'doctor-1'), participants)).toBe('none');
  });

  it('is nothing where the case has no such participant, and nothing for employer and court', () => {
    for (const role of ['employee', 'company-doctor', 'second-opinion-doctor', 'employer', 'court'] as ActorRole[])
      expect(relationOf(actor(role, ''), {})).toBe('none');
    expect(relationOf(actor('employer', 'person-1'), participants)).toBe('none');
  });

  it('is the role itself for the others', () => {
    for (const role of ['back-office', 'auditor', 'privacy-officer', 'operator', 'system'] as const)
      expect(relationOf(actor(role, 'x'), {})).toBe(role);
  });

  it('is a partner by his organisation, and nothing to a case that names none', () => {
    const partner: Actor = { id: 'account-1', role: 'partner', organisation: 'partner-1' };
    expect(relationOf(partner, {})).toBe('none');
    expect(relationOf(partner, { partner: 'partner-2' })).toBe('none');
    expect(relationOf(partner, { partner: 'partner-1' })).toBe('partner');
  });
});

describe('knowing that a case exists', () => {
  it('is for row 1 of the matrix; privacy officer, operator, employer and court are told the same as about no case', () => {
    for (const relation of ['employee', 'own-doctor', 'candidate-doctor', 'second-opinion-doctor'] as Relation[])
      expect([relation, mayKnowOf(relation)]).toEqual([relation, true]);
    for (const relation of ['back-office', 'auditor', 'partner'] as Relation[])
      expect([relation, mayKnowOf(relation)]).toEqual([relation, true]);
    for (const relation of ['none', 'privacy-officer', 'operator'] as Relation[])
      expect([relation, mayKnowOf(relation)]).toEqual([relation, false]);
  });
});

function all(): Record<string, boolean> {
  return Object.fromEntries(Object.keys(FACTS).map((fact) => [fact, true]));
}
