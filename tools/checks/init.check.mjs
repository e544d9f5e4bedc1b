/** What infra/init makes: secrets and certificates; and how steps of infra wait. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { authority, certificate, NotReady } from '../../infra/init/certificates.mjs';
import { endingSoon, initDeployment, initSecrets } from '../../infra/init/deployment.mjs';
import { Secrets } from '../../infra/init/files.mjs';
import { KEKS } from '../../infra/rights.mjs';
import { until } from '../../infra/prepare/until.mjs';
import { read } from './repository.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-init-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('the step that makes secrets', () => {
  test('makes each once, and overwrites none', () => {
    assert.ok(initSecrets(folder).length > 25);
    const before = contents(folder);
    assert.deepEqual(initSecrets(folder), []);
    assert.deepEqual(contents(folder), before);
  });
  describe('of key-encryption keys', () => {
    const keks = path.join(folder, 'keks');
    const lost = (work, sentence) => {
      const before = contents(folder);
      assert.throws(work, (error) => error instanceof NotReady && sentence.test(error.message));
      assert.deepEqual(contents(folder), before, 'and nothing is made');
    };
    test('makes none in the place of one that is lost, and says what to do', () => {
      fs.renameSync(path.join(keks, 'medical.kek'), path.join(folder, 'kept'));
      lost(() => initSecrets(folder), /keks\/medical\.kek.* is not there.*put it back from its backup/i);
      lost(() => initSecrets(folder, { newKeks: ['contact'] }), /medical\.kek/);
      fs.renameSync(path.join(folder, 'kept'), path.join(keks, 'medical.kek'));
      assert.deepEqual(initSecrets(folder), []);
    });
    test('nor all of them, where a deployment has its passwords already', () => {
      fs.renameSync(keks, path.join(folder, 'kept'));
      lost(() => initSecrets(folder), /keks\/identity\.kek, .*secrets\.kek.* not there/);
      fs.renameSync(path.join(folder, 'kept'), keks);
    });
    test('makes one that is named, such as a later version of the product may need, and no other name', () => {
      fs.renameSync(path.join(keks, 'medical.kek'), path.join(folder, 'kept'));
      assert.deepEqual(initSecrets(folder, { newKeks: ['medical'] }), ['keks/medical.kek']);
      const before = contents(folder);
      assert.deepEqual(initSecrets(folder, { newKeks: ['medical'] }), []);
      assert.deepEqual(contents(folder), before);
      lost(() => initSecrets(folder, { newKeks: ['medicla'] }), /^medicla is no key-encryption key/);
      fs.renameSync(path.join(folder, 'kept'), path.join(keks, 'medical.kek'));
    });
    test('makes none beside what is no key, and says what is in the way', () => {
      const other = path.join(folder, 'other');
      fs.mkdirSync(path.join(other, 'keks'), { recursive: true });
      fs.writeFileSync(path.join(other, 'keks', 'notes.txt'), '');
      const sentence = /^.*keks holds notes\.txt, which is no key-encryption key: take it out/;
      assert.throws(
        () => initSecrets(other),
        (error) => error instanceof NotReady && sentence.test(error.message),
      );
      assert.deepEqual(fs.readdirSync(other, { recursive: true }).sort(), ['keks', path.join('keks', 'notes.txt')]);
      fs.rmSync(path.join(other, 'keks', 'notes.txt'));
      assert.equal(initSecrets(other).filter((name) => name.startsWith('keks/')).length, KEKS.length);
    });
    test('makes all at the first time, whole or not at all', () => {
      const cut = path.join(folder, 'cut');
      fs.mkdirSync(path.join(cut, 'keks.123'), { recursive: true });
      assert.equal(initSecrets(cut).filter((name) => name.startsWith('keks/')).length, KEKS.length);
      assert.deepEqual(fs.readdirSync(path.join(cut, 'keks')).sort(), KEKS.map((name) => `${name}.kek`).sort());
    });
  });
  test('lets nobody else into its folder', { skip: process.platform === 'win32' }, () => {
    assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
  });
  test('makes passwords that are all different, and none that is written in the repository', () => {
    const passwords = Object.entries(contents(folder)).filter(([name]) => name.endsWith('.password'));
    assert.equal(new Set(passwords.map(([, value]) => value)).size, passwords.length);
    const written = /(?:PASSWORD|PASS|SECRET)\w*\s*[:=]\s*['"]?(?!\$|\/run\/secrets)[A-Za-z0-9]{4,}/;
    assert.match('MONGO_PASSWORD: changeit', written);
    assert.doesNotMatch(read('docker-compose.yml'), written);
  });
});

const withOpenssl =
  spawnSync('openssl', ['version']).status === 0
    ? describe
    : (name) => process.stderr.write(`No openssl, not tried: ${name}\n`);

withOpenssl('certificates', () => {
  const home = path.join(folder, 'certificates');
  const secrets = new Secrets(home);
  const at = (name) => path.join(home, name);
  const isPair = () => {
    const [key, crt, pem] = ['key', 'crt', 'pem'].map((kind) => secrets.read(`kafka/tls.${kind}`));
    assert.equal(pem, `${key}\n${crt}`);
    return new X509Certificate(crt).checkPrivateKey(createPrivateKey(key));
  };
  const make = () => {
    authority(secrets);
    certificate(secrets, 'kafka', ['kafka', 'localhost']);
  };
  test('stay as they are when the step is repeated', () => {
    make();
    const before = contents(home);
    make();
    assert.deepEqual(contents(home), before);
    assert.ok(isPair());
  });
  test('are a pair with their keys wherever the step was cut off, that of the authority too', () => {
    for (const lost of [['pem'], ['crt', 'pem'], ['key', 'crt', 'pem'], ['key']]) {
      for (const kind of lost) fs.rmSync(at(`kafka/tls.${kind}`));
      make();
      assert.ok(isPair(), lost.join());
    }
    const key = secrets.read('ca/ca.key');
    for (const file of ['ca/ca.crt', 'kafka/tls.crt']) fs.rmSync(at(file));
    make();
    assert.equal(secrets.read('ca/ca.key'), key);
    assert.ok(
      new X509Certificate(secrets.read('kafka/tls.crt')).verify(
        new X509Certificate(secrets.read('ca/ca.crt')).publicKey,
      ),
    );
  });
  test('that are no pair are made again, as an earlier version could leave them', () => {
    const other = new Secrets(path.join(folder, 'other-certificates'));
    authority(other);
    certificate(other, 'kafka', ['kafka']);
    secrets.again('kafka/tls.key', `${other.read('kafka/tls.key')}\n`);
    make();
    assert.ok(isPair());
  });
  test('need the key of the authority, and say so', () => {
    fs.renameSync(at('ca/ca.key'), at('kept'));
    fs.rmSync(at('kafka/tls.crt'));
    assert.throws(make, NotReady);
    fs.renameSync(at('kept'), at('ca/ca.key'));
    make();
    assert.ok(isPair());
  });
  test('that end soon or have ended are told, with how to renew them', () => {
    const whole = path.join(folder, 'whole');
    initDeployment(whole);
    const day = 86_400_000;
    assert.deepEqual(endingSoon(whole), []);
    const soon = endingSoon(whole, Date.now() + 800 * day);
    assert.equal(soon.length, 5);
    assert.match(
      soon.join('\n'),
      /^The certificate of kafka ends on \d{4}-\d\d-\d\d: remove kafka\/tls\.\* in .*force-recreate kafka\.$/m,
    );
    const later = endingSoon(whole, Date.now() + 3_700 * day);
    assert.equal(later.length, 6);
    assert.match(later[0], /^The certificate of the authority has ended on /);
  });
});

function contents(from) {
  const names = fs.readdirSync(from, { recursive: true }).filter((name) => fs.statSync(path.join(from, name)).isFile());
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(from, name), 'utf8')]));
}

describe('waiting for something', () => {
  const within = { what: 'it', withinMs: 60_000, pollMs: 1 };
  const briefly = { ...within, withinMs: 20 };
  const after = (...answers) => {
    const left = [...answers];
    return () => {
      const next = left.length > 1 ? left.shift() : left[0];
      if (next instanceof Error) throw next;
      return next;
    };
  };
  const down = new Error('down');
  test('asks until the answer is not false, and says what did not happen in time', async () => {
    assert.equal(await until(after(false, false, 'there'), within), 'there');
    await assert.rejects(until(after(false), briefly), /it did not happen within 0\.02 s/);
  });
  test('a failure is final, or means not yet where something is tried', async () => {
    await assert.rejects(until(after(down, true), within), down);
    assert.equal(await until(after(down, false, down, undefined), { ...within, trying: true }), undefined);
    await assert.rejects(until(after(down), { ...briefly, trying: true }), (error) => error.cause === down);
  });
  test('ends at once when it has become pointless', async () => {
    const alive = () => {
      throw down;
    };
    await assert.rejects(until(after(true), { ...within, alive }), down);
  });
});
