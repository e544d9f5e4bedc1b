import path from 'node:path';
import { Body, Controller, Get, HttpCode, Injectable, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ACTOR_ROLES, Invalid, type ActorRole } from '@second-opinion/kernel';
import { answered, Public } from '@second-opinion/nest';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import { madeOnce } from './made-once';

/** DEV_ISSUER is the issuer's name in its tokens. It exists only with DEPLOYMENT=demo or test. */
export const DEV_ISSUER = 'urn:second-opinion:development-issuer';
const KEY_ID = 'development-1';
const LIFETIME = '12h';

/** Login is somebody who can get a token here. */
export interface Login {
  readonly subject: string;
  readonly role: ActorRole;
  readonly organisation: string;
}

/** DevIssuer signs tokens for the logins of the demo world. Its key lives in the data folder, so that tokens outlive a restart. */
@Injectable()
export class DevIssuer {
  private constructor(
    private readonly key: CryptoKey,
    private readonly publicKey: JWK,
    private readonly audience: string,
  ) {}

  static async open(dataDir: string, audience: string): Promise<DevIssuer> {
    const file = path.join(dataDir, 'development-issuer.jwk');
    const made = async () => {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true });
      return JSON.stringify(await exportJWK(privateKey));
    };
    const jwk = JSON.parse(await madeOnce(file, made)) as JWK;
    const { d: _secret, ...publicKey } = jwk;
    return new DevIssuer(
      (await importJWK(jwk, 'ES256')) as CryptoKey,
      { ...publicKey, kid: KEY_ID, alg: 'ES256', use: 'sig' },
      audience,
    );
  }

  /** keys for the verifier. */
  keys(): JWTVerifyGetKey {
    return createLocalJWKSet(this.jwks());
  }

  jwks(): { keys: JWK[] } {
    return { keys: [this.publicKey] };
  }

  token({ subject, role, organisation }: Login): Promise<string> {
    return new SignJWT({ role, organisation, acr: 'urn:development' })
      .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
      .setIssuer(DEV_ISSUER)
      .setAudience(this.audience)
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime(LIFETIME)
      .sign(this.key);
  }
}

const ROLES = ACTOR_ROLES.filter((role) => role !== 'system');

/** DevIssuerController gives tokens to whoever asks: that is what a development issuer is for. */
@Controller('development-issuer')
@Public(true)
@ApiTags('development issuer (demo and test only)')
export class DevIssuerController {
  constructor(private readonly issuer: DevIssuer) {}

  @Get('jwks')
  @ApiOperation({ operationId: 'DevelopmentKeys', summary: 'Public keys of the development issuer' })
  @ApiResponse({
    status: 200,
    description: 'JSON Web Key Set',
    content: answered({ keys: [{ kty: 'EC', crv: 'P-256', x: '…', y: '…' }] }),
  })
  jwks() {
    return this.issuer.jwks();
  }

  @Post('token')
  @HttpCode(200)
  @ApiOperation({ operationId: 'DevelopmentToken', summary: 'A token for a login of the demo world' })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['subject', 'role'],
      properties: {
        subject: { type: 'string' },
        role: { type: 'string', enum: [...ROLES] },
        organisation: { type: 'string' },
      },
    },
    examples: { auditor: { value: { subject: 'auditor', role: 'auditor' } } },
  })
  @ApiResponse({
    status: 200,
    description: 'A signed token',
    content: answered({ token: 'eyJ…' }),
  })
  async token(@Body() body: { subject?: unknown; role?: unknown; organisation?: unknown } | null) {
    const { subject, organisation = 'none' } = body ?? {};
    const role = ROLES.find((one) => one === body?.role);
    if (typeof subject !== 'string' || !/^[a-z0-9.-]{1,60}$/.test(subject) || !role)
      throw new Invalid('invalid-request', { at: '/subject', rule: 'pattern' });
    if (typeof organisation !== 'string' || !/^[A-Za-z0-9._:-]{1,100}$/.test(organisation))
      throw new Invalid('invalid-request', { at: '/organisation', rule: 'pattern' });
    return { token: await this.issuer.token({ subject, role, organisation }) };
  }
}
