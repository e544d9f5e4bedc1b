/** An identity provider for tests of a production deployment: it signs tokens, and shows its keys over HTTP. */
import http from 'node:http';
import { createRequire } from 'node:module';

const { exportJWK, generateKeyPair, SignJWT } = createRequire(new URL('../../libs/nest/package.json', import.meta.url))(
  'jose',
);
/** AUDIENCE of its tokens. */
export const AUDIENCE = 'second-opinion';

/** Issuer signs tokens as an identity provider does, and shows its keys. */
export class Issuer {
  static async open() {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }];
    const server = http.createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys }));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    return new Issuer(server, privateKey);
  }

  constructor(server, key) {
    this.server = server;
    this.key = key;
    this.url = `http://127.0.0.1:${server.address().port}`;
  }

  token(claims) {
    const signed = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' });
    return signed.setIssuer(this.url).setAudience(AUDIENCE).setIssuedAt().setExpirationTime('5 minutes').sign(this.key);
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
