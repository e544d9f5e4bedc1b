import { PageTokens } from './page-tokens';

const tokens = new PageTokens(Buffer.alloc(32, 1));

describe('tokens of a page', () => {
  it('are read by every replica, and tell nobody else where the page ended', () => {
    const place = '["mark","doctor-1.2026-12-01","é"]';
    const token = tokens.tokenOf(place);
    expect(new PageTokens(Buffer.alloc(32, 1)).placeOf(token)).toBe(place);
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('doctor');
    expect(tokens.tokenOf(place)).not.toBe(token);
  });

  it('are ours or none: not changed, not cut, not of another deployment, not in another spelling', () => {
    const token = tokens.tokenOf('x');
    const changed = [...token].map(
      (letter, at) => token.slice(0, at) + (letter === 'A' ? 'B' : 'A') + token.slice(at + 1),
    );
    const made = Buffer.from('["mark","key"]').toString('base64url');
    for (const other of [
      ...changed,
      token.slice(1),
      token.slice(0, -4),
      `${token}A`,
      `${token}=`,
      made,
      '',
      'x'.repeat(40),
    ])
      expect(tokens.placeOf(other)).toBeUndefined();
    expect(new PageTokens(Buffer.alloc(32, 2)).placeOf(token)).toBeUndefined();
  });
});
