import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { ProviderKeys } from './provider-keys';
import { OidcTokens } from './tokens';

const ISSUER = 'https://issuer.example';
const MINUTE = 60_000;
const away = { kind: 'unavailable', code: 'identity-provider-unavailable' };

async function pair(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const sign = (subject: string) =>
    new SignJWT({ role: 'auditor', organisation: 'org-1' })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setSubject(subject)
      .setIssuer(ISSUER)
      .setAudience('second-opinion')
      .setExpirationTime('2 days')
      .sign(privateKey);
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }, sign };
}

/** provider whose keys, absence and questions are in the hands of a test, beside a clock that it moves. */
function provider(...keys: JWK[]) {
  const here = { keys, away: false, asked: 0, now: 0, told: [] as string[] };
  const found = new ProviderKeys(`${ISSUER}/certs`, {
    now: () => here.now,
    told: (why) => here.told.push(why === undefined ? 'back' : 'away'),
    fetch: () => {
      here.asked++;
      if (here.away) return Promise.reject(new TypeError('fetch failed'));
      return Promise.resolve(Response.json({ keys: here.keys }));
    },
  });
  return Object.assign(here, { found, tokens: new OidcTokens(ISSUER, 'second-opinion', found.find) });
}

describe('keys of an identity provider', () => {
  it('are asked for once, and again when they are old', async () => {
    const one = await pair('one');
    const here = provider(one.jwk);
    for (const subject of ['a', 'b', 'c']) expect(await here.tokens.verify(await one.sign(subject))).toBeDefined();
    expect(here.asked).toBe(1);
    here.now = 11 * MINUTE;
    expect(await here.tokens.verify(await one.sign('d'))).toBeDefined();
    expect(here.asked).toBe(2);
  });

  it('hold while the provider is away, for tokens that nobody has seen yet, and it is not asked at every one of them', async () => {
    const one = await pair('one');
    const here = provider(one.jwk);
    await here.tokens.verify(await one.sign('first'));
    here.away = true;
    for (let minute = 1; minute <= 120; minute++) {
      here.now = minute * MINUTE;
      for (const who of ['a', 'b', 'c'])
        expect(await here.tokens.verify(await one.sign(`${who}-${minute}`))).toMatchObject({ role: 'auditor' });
    }
    expect(here.asked).toBeLessThanOrEqual(1 + 120);
    expect(here.told).toEqual(['away']);
    here.away = false;
    here.now += MINUTE;
    await here.tokens.verify(await one.sign('again'));
    await here.tokens.verify(await one.sign('and-again'));
    expect(here.told).toEqual(['away', 'back']);
  });

  it('do not hold for more than a day', async () => {
    const one = await pair('one');
    const here = provider(one.jwk);
    await here.tokens.verify(await one.sign('first'));
    here.away = true;
    here.now = 23 * 60 * MINUTE;
    expect(await here.tokens.verify(await one.sign('a'))).toBeDefined();
    here.now = 25 * 60 * MINUTE;
    await expect(here.tokens.verify(await one.sign('b'))).rejects.toMatchObject(away);
    here.away = false;
    here.now += MINUTE;
    expect(await here.tokens.verify(await one.sign('c'))).toBeDefined();
  });

  it('that cannot be had at all are said to be away, and are there a second after the provider is', async () => {
    const one = await pair('one');
    const here = provider(one.jwk);
    here.away = true;
    for (const who of ['a', 'b', 'c'])
      await expect(here.tokens.verify(await one.sign(who))).rejects.toMatchObject(away);
    expect(here.asked).toBe(1);
    // What is no token needs no key.
    expect(await here.tokens.verify('x')).toBeUndefined();
    here.away = false;
    here.now = 1_000;
    expect(await here.tokens.verify(await one.sign('d'))).toBeDefined();
  });

  it('say how long they have been asked for in vain, and ask again when they are asked that', async () => {
    const [one, stranger] = [await pair('one'), await pair('stranger')];
    const here = provider(one.jwk);
    expect(here.found.awaySeconds()).toBe(0);
    await here.tokens.verify(await one.sign('a'));
    Object.assign(here, { away: true, now: 11 * MINUTE });
    expect(here.found.awaySeconds()).toBe(0);
    await here.tokens.verify(await one.sign('b'));
    here.now = 23 * MINUTE;
    expect(here.found.awaySeconds()).toBe(12 * 60);
    // A token with a key that is not known waits for the answer to what was asked by that.
    await expect(here.tokens.verify(await stranger.sign('c'))).rejects.toMatchObject(away);
    Object.assign(here, { away: false, now: 24 * MINUTE });
    expect(here.found.awaySeconds()).toBe(13 * 60);
    expect(await here.tokens.verify(await stranger.sign('d'))).toBeUndefined();
    expect(here.found.awaySeconds()).toBe(0);
    expect(here.told).toEqual(['away', 'back']);
  });

  it('that are new are found at once, and made up ones are asked for every ten seconds at most', async () => {
    const [one, other, stranger] = [await pair('one'), await pair('other'), await pair('stranger')];
    const here = provider(one.jwk);
    await here.tokens.verify(await one.sign('a'));
    here.now = MINUTE;
    here.keys.push(other.jwk);
    expect(await here.tokens.verify(await other.sign('b'))).toBeDefined();
    expect(here.asked).toBe(2);
    for (let second = 0; second < 60; second++) {
      here.now = 2 * MINUTE + second * 1_000;
      expect(await here.tokens.verify(await stranger.sign(`s${second}`))).toBeUndefined();
    }
    expect(here.asked).toBeLessThanOrEqual(2 + 6);
  });

  it('that were not known before it went away may be good ones: nobody can tell', async () => {
    const [one, other] = [await pair('one'), await pair('other')];
    const here = provider(one.jwk);
    await here.tokens.verify(await one.sign('a'));
    Object.assign(here, { away: true, now: MINUTE });
    await expect(here.tokens.verify(await other.sign('b'))).rejects.toMatchObject(away);
    expect(await here.tokens.verify(await one.sign('c'))).toBeDefined();
  });

  it('that were withdrawn count no more once the provider says so', async () => {
    const [one, other] = [await pair('one'), await pair('other')];
    const here = provider(one.jwk);
    await here.tokens.verify(await one.sign('a'));
    Object.assign(here, { keys: [other.jwk], now: 11 * MINUTE });
    expect(await here.tokens.verify(await one.sign('b'))).toBeUndefined();
  });

  it('stay as they are when the answer is none', async () => {
    const one = await pair('one');
    const here = provider(one.jwk);
    await here.tokens.verify(await one.sign('a'));
    Object.assign(here, { keys: 'maintenance', now: 11 * MINUTE });
    expect(await here.tokens.verify(await one.sign('b'))).toBeDefined();
  });
});
