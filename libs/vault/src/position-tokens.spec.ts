import { PositionTokens } from './position-tokens';

describe('tokens of positions', () => {
  const tokens = new PositionTokens(Buffer.alloc(32, 7));

  it.each(['0', '42', '999999999999', '9223372036854775807'])('give %s back', (position) => {
    const token = tokens.tokenOf(position);
    expect(tokens.positionOf(token)).toBe(position);
    expect(tokens.tokenOf(position)).toBe(token);
    expect(token).toMatch(/^[\w-]{1,100}$/);
    expect(token).not.toContain(position);
  });

  it('BR-38 tell nothing of how far two positions are apart', () => {
    const [one = '', two = '', far = ''] = ['1000', '1001', '9999'].map((position) => tokens.tokenOf(position));
    expect(new Set([one.length, two.length, far.length]).size).toBe(1);
    expect(one.slice(0, 12)).not.toBe(two.slice(0, 12));
    expect(one.slice(-4)).not.toBe(two.slice(-4));
  });

  it('are none when made up, changed, cut off, or made under another secret', () => {
    const token = tokens.tokenOf('42');
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    const other = new PositionTokens(Buffer.alloc(32, 8)).tokenOf('42');
    for (const none of [
      '',
      '42',
      '-1',
      'abc',
      '__proto__',
      changed.slice(1),
      token.slice(0, 20),
      changed,
      other,
      'A'.repeat(500),
    ])
      expect(tokens.positionOf(none)).toBeUndefined();
  });
});
