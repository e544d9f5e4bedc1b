import fc from 'fast-check';
import { v5 } from 'uuid';
import { canonicalJson, derivedId, NAMESPACE } from './index';

const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant('é'.repeat(3_000)));

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
  it('of text that is no Unicode are refused', () => {
    expect(() => derivedId('a\ud800')).toThrow();
  });
});
