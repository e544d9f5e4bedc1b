import { createHmac } from 'node:crypto';
import type { Actor, ActorRole } from '@second-opinion/kernel';
import { Identities, KeyedHashes, TokenVerifier, type VerifiedToken } from '../ports';

/** TEST_ISSUER names the tokens of the test verifier. */
export const TEST_ISSUER = 'urn:second-opinion:test';

/** TestTokens takes what `testToken` made for a token: tests say who they are. */
export class TestTokens extends TokenVerifier {
  async verify(token: string): Promise<VerifiedToken | undefined> {
    const { role, id, organisation } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<
      string,
      string
    >;
    return await Promise.resolve({
      issuer: TEST_ISSUER,
      subject: id ?? 'nobody',
      role: role as ActorRole,
      organisation: organisation ?? 'none',
      authenticationLevel: 'test',
    });
  }
}

/** TestIdentities takes the token's subject for the id of ours: no links are needed in a test of one context. */
export class TestIdentities extends Identities {
  async actorOf({ subject, role, organisation }: VerifiedToken): Promise<Actor> {
    return await Promise.resolve({ id: subject, role, organisation });
  }
}

/** TestHashes are keyed with a key that everybody knows. */
export class TestHashes extends KeyedHashes {
  bodyMac(canonical: string, version = 'test'): string {
    return `${version}.${createHmac('sha256', 'test').update(canonical).digest('base64url')}`;
  }
  etag(stream: string, revision: number): string {
    return `"${createHmac('sha256', 'test').update(`${stream}/${revision}`).digest('base64url').slice(0, 22)}"`;
  }
  positionToken(position: string): string {
    return `test-${Buffer.from(position).toString('base64url')}`;
  }
  positionOf(token: string): string | undefined {
    return token.startsWith('test-') ? Buffer.from(token.slice(5), 'base64url').toString() : undefined;
  }
  unknown(asked: string): string {
    return `unknown-${createHmac('sha256', 'test').update(asked).digest('base64url').slice(0, 22)}`;
  }
  pageToken(place: string): string {
    return this.positionToken(place);
  }
  pageOf(token: string): string | undefined {
    return this.positionOf(token);
  }
}
