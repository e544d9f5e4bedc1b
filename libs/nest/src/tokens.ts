import { ACTOR_ROLES, Unavailable } from '@second-opinion/kernel';
import { jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { TokenVerifier, type VerifiedToken } from './ports';
import { KeysUnavailable } from './provider-keys';

/** A token never says `system`: that role is ours alone. */
const ROLES = ACTOR_ROLES.filter((role) => role !== 'system');
const CACHE_MS = 60_000;

/**
 * OidcTokens checks tokens of one OIDC issuer: signature, issuer, audience, time, and that there is a role we know. Throws
 * `Unavailable('identity-provider-unavailable')` when it cannot tell, for want of keys.
 */
export class OidcTokens extends TokenVerifier {
  // A token that was good a moment ago is good until it ends, or a minute at most (a withdrawn key counts after that). The end of both is kept
  // here: a cache that counts time itself reads the clock and sets a timer for it.
  private readonly good = new LRUCache<string, { token: VerifiedToken; until: number }>({ max: 10_000 });

  constructor(
    private readonly issuer: string,
    private readonly audience: string,
    private readonly keys: JWTVerifyGetKey,
  ) {
    super();
  }

  async verify(token: string): Promise<VerifiedToken | undefined> {
    const known = this.good.get(token);
    if (known && known.until > performance.now()) return known.token;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: this.issuer,
        audience: this.audience,
        algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'],
        requiredClaims: ['sub', 'exp'],
      });
      const verified = this.read(payload);
      const left = Math.min((payload.exp ?? 0) * 1000 - Date.now(), CACHE_MS);
      if (verified) this.good.set(token, { token: verified, until: performance.now() + left });
      return verified;
    } catch (error) {
      if (error instanceof KeysUnavailable)
        throw new Unavailable('identity-provider-unavailable', {}, { cause: error });
      return undefined;
    }
  }

  private read(payload: JWTPayload): VerifiedToken | undefined {
    const { sub, role, organisation, acr } = payload;
    const known = ROLES.find((one) => one === role);
    // Signed or not: a subject is text (RFC 7519, at most 255 characters by OpenID Connect), and half a character is none.
    if (typeof sub !== 'string' || sub === '' || sub.length > 255 || !sub.isWellFormed() || !known) return undefined;
    return {
      issuer: this.issuer,
      subject: sub,
      role: known,
      organisation:
        typeof organisation === 'string' && /^[A-Za-z0-9._:-]{1,100}$/.test(organisation) ? organisation : 'none',
      ...(typeof acr === 'string' && /^[A-Za-z0-9._:/-]{1,100}$/.test(acr) ? { authenticationLevel: acr } : {}),
    };
  }
}
