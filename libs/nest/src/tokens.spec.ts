import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { OidcTokens } from './tokens';

const ISSUER = 'https://issuer.example';

async function issuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] });
  const sign = (claims: object, over: { issuer?: string; audience?: string; expires?: string | number } = {}) =>
    new SignJWT({ sub: 'subject-1', role: 'auditor', organisation: 'org-1', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(over.issuer ?? ISSUER)
      .setAudience(over.audience ?? 'second-opinion')
      .setExpirationTime(over.expires ?? '5m')
      .sign(privateKey);
  return { verifier: new OidcTokens(ISSUER, 'second-opinion', keys), sign };
}

describe('tokens of an OIDC issuer', () => {
  it('gives who it is when all is right', async () => {
    const { verifier, sign } = await issuer();
    expect(await verifier.verify(await sign({ acr: 'loa3' }))).toEqual({
      issuer: ISSUER,
      subject: 'subject-1',
      role: 'auditor',
      organisation: 'org-1',
      authenticationLevel: 'loa3',
    });
  });
  it('trusts nothing else', async () => {
    const { verifier, sign } = await issuer();
    const stranger = await issuer();
    const good = await sign({});
    const bad = [
      await sign({}, { issuer: 'https://other.example' }),
      await sign({}, { audience: 'other' }),
      await sign({}, { expires: Math.floor(Date.now() / 1000) - 10 }),
      await sign({ role: 'king' }),
      await sign({ role: 'lawyer' }),
      await stranger.sign({}),
      // A subject is text, and half of a character is none.
      ...(await Promise.all(
        [7, true, ['subject-1'], { id: 1 }, '', '\ud83d', 'a\udc00b', 'x'.repeat(256)].map((sub) => sign({ sub })),
      )),
      `${good.slice(0, -4)}AAAA`,
      'x',
      '',
    ];
    for (const token of bad) expect(await verifier.verify(token)).toBeUndefined();
  });
});
