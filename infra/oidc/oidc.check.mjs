/** The realm file and the product agree: tokens of a real Keycloak, good ones and bad ones. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { generateKeyPair, SignJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import { EngineProcess } from '../engines/engine-process.mjs';
import { until } from '../prepare/until.mjs';
import { Watchdog } from '../engines/watchdog.mjs';
import { ask, operationsOf, statusOf } from './asking.mjs';
import { Keycloak, PORTAL } from './keycloak.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
const built = (file) => import(pathToFileURL(path.join(ROOT, file)).href);
const { people } = (await built('apps/standalone/dist/play/index.js')).default;
const { mayPerform, operationRule } = (await built('libs/access/dist/index.js')).default;
const { Program } = await built('apps/acceptance/dist/program.js');

/** A key set is asked again for an unknown key, but not more often than this. */
const NEW_KEY_MS = 45_000;
const BY_ROLE = new Set(['back-office', 'auditor', 'privacy-officer', 'operator']);

describe('with a real identity provider', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-oidc-'));
  const watchdog = new Watchdog();
  watchdog.removeAtEnd(folder);
  const engine = new EngineProcess('keycloak', folder, watchdog);
  const keycloak = new Keycloak(engine);
  let service;
  let development;
  const tokens = {};

  before(async () => {
    await keycloak.prepare();
    await keycloak.start();
    const shared = { DEPLOYMENT: 'test', LOG_LEVEL: 'silent' };
    const oidc = { OIDC_ISSUER: keycloak.issuer };
    service = new Program('standalone', { ...shared, ...oidc, DATA_DIR: path.join(folder, 'with-keycloak') });
    development = new Program('standalone', { ...shared, DATA_DIR: path.join(folder, 'development') });
    await Promise.all([service.launch(), development.launch()]);
    for (const name of Object.keys(people)) tokens[name] = await keycloak.token(name);
  });
  after(async () => {
    await service?.end('SIGTERM');
    await development?.end('SIGTERM');
    await engine.stop();
    await watchdog.end();
  });

  test('every person of the demo world gets a token that says who he is', () => {
    for (const [name, { role, organisation }] of Object.entries(people)) {
      const { iss, aud, ...claims } = decodeJwt(tokens[name]);
      assert.deepEqual([name, claims.role, claims.organisation, iss], [name, role, organisation, keycloak.issuer]);
      assert.ok([aud].flat().includes('second-opinion'));
      assert.equal(typeof claims.acr, 'string');
      assert.ok(claims.sub && claims.exp > claims.iat);
    }
  });

  test('browsers are sent back to the portal of this deployment', async () => {
    const [{ redirectUris }] = await keycloak.admin('GET', '/clients?clientId=portal');
    assert.ok(redirectUris.includes(`${PORTAL}/*`));
  });

  test("each role's token opens what the access matrix gives it, and what a development token opens", async () => {
    const operations = await operationsOf(service.url);
    assert.ok(operations.length > 90);
    const wrong = [];
    let opened = 0;
    for (const [name, login] of Object.entries(people)) {
      const reply = await fetch(`${development.url}/development-issuer/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(login),
      });
      const { token } = await reply.json();
      for (const operation of operations) {
        const [real, wanted] = [
          await ask(service.url, tokens[name], operation),
          await ask(development.url, token, operation),
        ];
        const relation = BY_ROLE.has(login.role) ? login.role : 'none';
        const { allowed } = mayPerform(operationRule(operation.name), { relation, role: login.role }, {});
        if (real === 401 || real >= 500 || real !== wanted)
          wrong.push(`${name} ${operation.name}: ${real}, not ${wanted}`);
        if (!allowed && operation.aboutCase && real !== 403 && real !== 404)
          wrong.push(`${name} ${operation.name}: ${real}, though the matrix denies it`);
        if (real === 200) opened += 1;
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(opened > 20, `${opened} opened`);
  });

  test('an expired token is refused', async () => {
    const [portal] = await keycloak.admin('GET', '/clients?clientId=portal');
    const lifespan = (seconds) =>
      keycloak.admin('PUT', `/clients/${portal.id}`, {
        ...portal,
        attributes: { ...portal.attributes, 'access.token.lifespan': seconds },
      });
    await lifespan('3');
    const token = await keycloak.token('auditor');
    await lifespan('');
    await until(async () => (await statusOf(service.url, token)) === 401, {
      what: 'the end of a token',
      withinMs: 10_000,
    });
    assert.ok(decodeJwt(token).exp * 1000 <= Date.now());
    assert.notEqual(await statusOf(service.url, await keycloak.token('auditor')), 401);
  });

  test('a foreign, a tampered and a self-made token, and one for another audience, are refused', async () => {
    const foreign = await keycloak.token('admin', { client: 'admin-cli', realm: 'master' });
    const [header, , signature] = tokens.employee.split('.');
    const claims = decodeJwt(tokens.employee);
    const payload = Buffer.from(JSON.stringify({ ...claims, role: 'auditor' })).toString('base64url');
    const { privateKey } = await generateKeyPair('RS256');
    const { kid } = decodeProtectedHeader(tokens.employee);
    const selfMade = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const elsewhere = await keycloak.token('auditor', { client: 'admin-cli' });
    assert.ok(![decodeJwt(elsewhere).aud].flat().includes('second-opinion'));
    for (const token of [foreign, `${header}.${payload}.${signature}`, selfMade, unsigned, elsewhere])
      assert.equal(await statusOf(service.url, token), 401);
    assert.notEqual(await statusOf(service.url, tokens.employee), 401);
  });

  test('a new signing key is found, and tokens of the old one stay good', async () => {
    const before = await keycloak.token('auditor');
    await keycloak.admin('POST', '/components', {
      ...{ name: 'rotated', providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider' },
      config: { priority: ['200'], enabled: ['true'], active: ['true'], algorithm: ['RS256'], keySize: ['2048'] },
    });
    const fresh = await keycloak.token('auditor');
    assert.notEqual(decodeProtectedHeader(fresh).kid, decodeProtectedHeader(before).kid);
    const taken = async () => (await statusOf(service.url, fresh)) === 200;
    await until(taken, { what: 'a token of the new key', withinMs: NEW_KEY_MS });
    assert.equal(await statusOf(service.url, before), 200);
  });

  test('everything goes on while the provider is away, and new tokens are taken when it is back', async () => {
    const unseen = await keycloak.token('back-office');
    await engine.kill();
    await assert.rejects(keycloak.token('auditor'));
    assert.equal(await statusOf(service.url, tokens.auditor), 200);
    assert.equal(await statusOf(service.url, unseen), 200);
    assert.equal((await fetch(`${service.url}/health/ready`)).status, 200);
    await keycloak.start();
    assert.equal(await statusOf(service.url, await keycloak.token('auditor')), 200);
  });
});
