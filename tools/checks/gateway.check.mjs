/** What the gateway tells the identity provider about who asks: Keycloak believes it, so nothing of it may be a client's own. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { answer } from '../../infra/engines/machine.mjs';
import { GatewayProcess, nginxVersion } from '../../infra/gateway/process.mjs';
import { authority, certificate } from '../../infra/init/certificates.mjs';
import { Secrets } from '../../infra/init/files.mjs';

// What is not here is said, and left out.
const there = nginxVersion() && answer('openssl', ['version']);
const behindGateway = there ? describe : (name) => process.stderr.write(`No nginx or no openssl, not tried: ${name}\n`);

behindGateway('the gateway, in front of the identity provider', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-gateway-'));
  const secrets = path.join(folder, 'secrets');
  const asked = [];
  let provider;
  let gateway;

  before(async () => {
    const made = new Secrets(secrets);
    authority(made);
    for (const name of ['keycloak', 'gateway']) certificate(made, name, [name, '127.0.0.1']);
    const [cert, key] = ['crt', 'key'].map((kind) => fs.readFileSync(path.join(secrets, `keycloak/tls.${kind}`)));
    provider = https.createServer({ cert, key }, (request, response) => {
      asked.push(request);
      response.end('{}');
    });
    await once(provider.listen(0, '127.0.0.1'), 'listening');
    const document = path.join(folder, 'openapi.json');
    fs.writeFileSync(document, '{}');
    const at = { folder: path.join(folder, 'data'), secrets, document, port: 1 };
    const hosts = { keycloak: '127.0.0.1' };
    gateway = await GatewayProcess.open({ ...at, hosts, provider: provider.address().port });
  });
  after(async () => {
    await gateway?.close();
    provider?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('says under which name, from where and how it was asked', async () => {
    assert.equal((await gateway.ask('/auth/realms/second-opinion')).status, 200);
    const { url, headers } = asked.at(-1);
    const { host, port } = new URL(gateway.url);
    assert.equal(url, '/auth/realms/second-opinion');
    assert.deepEqual([headers.host, headers['x-forwarded-host']], [`127.0.0.1:${port}`, host]);
    assert.deepEqual([headers['x-forwarded-for'], headers['x-forwarded-proto']], ['127.0.0.1', 'https']);
    assert.match(headers['x-request-id'], /^[\da-f]{32}$/);
  });

  test('hands on nothing that a client says about itself', async () => {
    const own = {
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'elsewhere.example',
    };
    const others = { 'x-forwarded-port': '1', 'x-forwarded-prefix': '/elsewhere', forwarded: 'for=203.0.113.7' };
    await gateway.ask('/auth/', { headers: { ...own, ...others } });
    const { headers } = asked.at(-1);
    assert.deepEqual([headers['x-forwarded-for'], headers['x-forwarded-proto']], ['127.0.0.1', 'https']);
    assert.deepEqual([headers['x-forwarded-host'], headers['x-forwarded-port']], [new URL(gateway.url).host, '8443']);
    assert.deepEqual([headers['x-forwarded-prefix'], headers.forwarded], [undefined, undefined]);
  });
});
