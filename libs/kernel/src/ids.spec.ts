import fc from 'fast-check';
import canonicalize from 'canonicalize';
import { v4, v5, validate, version } from 'uuid';
import { beside, canonicalJson, derivedId, NAMESPACE } from './index';

const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant('é'.repeat(3_000)));

describe('the canonical form', () => {
  const names = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('__proto__', '10', '9', '09', 'b', 'B', 'é', '€', '\ufb33', '😀'),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(null, true, false, 0, -0, 1e21, 1e-7, 0.1, 123456789012, undefined),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.array(fc.tuple(names, tie('tree')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
    ),
  }));
  it('is that of RFC 8785, whatever the value, which stays as it was', () => {
    fc.assert(
      fc.property(tree, (value) => {
        if (value === undefined) return;
        const before = JSON.stringify(value);
        expect(canonicalJson(value)).toBe(canonicalize(value));
        expect(JSON.stringify(value)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
  it('is that of what a value turns itself into, and of nothing that is no JSON', () => {
    expect(canonicalJson({ b: new Date(0), a: [new Date(0)] })).toBe(
      '{"a":["1970-01-01T00:00:00.000Z"],"b":"1970-01-01T00:00:00.000Z"}',
    );
    for (const none of [undefined, NaN, { a: [Infinity] }, 'a\ud800', { '\udc00': 1 }, { a: 1n }])
      expect(() => canonicalJson(none)).toThrow();
  });
});

describe('ids that derive', () => {
  it('are UUIDv5 of the RFC 8785 form, whatever the parts', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        expect(derivedId(...parts)).toBe(v5(canonicalJson(parts), NAMESPACE));
      }),
    );
  });
  it('stay what they are: a change would double every retry', () => {
    expect(derivedId('records.history', 'case-1', 7)).toBe(v5('["records.history","case-1",7]', NAMESPACE));
    expect(derivedId('records.history', 'case-1', 7)).toMatchInlineSnapshot(`"96bcc166-9dc6-50f3-9d98-9e46fb36a1be"`);
  });
  it('of version 7 or 8 lend their time to those beside them, and nothing else', () => {
    fc.assert(
      fc.property(fc.uuid({ version: [7, 8] }), fc.string({ unit: 'grapheme' }), (id, part) => {
        const [derived, near] = [derivedId(part), beside(id, derivedId(part))];
        expect(near.slice(0, 13)).toBe(id.slice(0, 13));
        expect(near.slice(15)).toBe(derived.slice(15));
        expect(validate(near) && version(near)).toBe(8);
        expect(beside(near, derived)).toBe(near);
      }),
    );
    for (const id of [derivedId('a'), v4(), '', 'case-1', 'reference-77777', '0'.repeat(14) + '7'])
      expect(beside(id, derivedId('b'))).toBe(derivedId('b'));
  });
  it('of text that is no Unicode are refused', () => {
    expect(() => derivedId('a\ud800')).toThrow();
  });
});
