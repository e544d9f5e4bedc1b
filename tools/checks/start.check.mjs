import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT } from './repository.mjs';

const folders = [];
after(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

/** checkout makes a folder that has the start script, a lock file with one package, and nothing installed. */
function checkout(installed) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-'));
  folders.push(folder);
  fs.mkdirSync(path.join(folder, 'tools'));
  for (const name of ['ready.cjs', 'start.cjs', 'test.cjs'])
    fs.copyFileSync(path.join(ROOT, 'tools', name), path.join(folder, 'tools', name));
  const entry = { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` };
  const root = { name: 'x', version: '0.0.0', dependencies: { 'left-over': '1.0.0' } };
  const lock = {
    name: 'x',
    version: '0.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, 'node_modules/left-over': entry },
  };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(root));
  fs.writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
  if (installed) {
    fs.mkdirSync(path.join(folder, 'node_modules'));
    const packages = { 'node_modules/left-over': { ...entry, ...installed } };
    fs.writeFileSync(path.join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
  }
  return folder;
}

async function run(args, { cwd = ROOT, env = {}, started } = {}) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (piece) => {
    out += piece;
    if (!started || !out.includes('up')) return;
    started(child);
    started = undefined;
  });
  child.stderr.on('data', (piece) => (err += piece));
  const [code, signal] = await once(child, 'close');
  return { code, signal, out, err };
}

const offline = (folder) => ({
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_cache: path.join(folder, 'cache'),
  npm_config_fetch_retries: '0',
});

describe('npm start', () => {
  test('says which Node it needs when this one is too old', async () => {
    const old = "Object.defineProperty(process.versions, 'node', { value: '14.21.3' }); require('./tools/start.cjs')";
    const { code, err } = await run(['-e', old]);
    assert.equal(code, 1);
    assert.match(err, /needs Node \d+ or newer to begin with, and found 14\.21\.3\./);
    assert.doesNotMatch(err, /\n\s+at /);
  });
  test('says that it installs, and what is wrong when the registry cannot be reached', async () => {
    const folder = checkout();
    const { code, err } = await run(['tools/start.cjs'], { cwd: folder, env: offline(folder) });
    assert.equal(code, 1);
    assert.match(err, /^Installing/);
    assert.match(err, /registry cannot be reached/);
    assert.doesNotMatch(err, /ready\.cjs:/);
  });
  test('npm test ends with its sum also then', async () => {
    const folder = checkout();
    const { code, out } = await run(['tools/test.cjs'], { cwd: folder, env: offline(folder) });
    assert.equal(code, 1);
    assert.equal(out, '0 passed, 1 failed\n');
  });
  test('installs again when the lock file changed, and not when it did not', async () => {
    const asked = "console.log(require('./tools/ready.cjs').missingFromInstall() ?? 'nothing')";
    assert.equal((await run(['-e', asked], { cwd: checkout({}) })).out, 'nothing\n');
    assert.equal(
      (await run(['-e', asked], { cwd: checkout({ version: '0.9.0' }) })).out,
      'node_modules/left-over changed\n',
    );
    assert.equal((await run(['-e', asked], { cwd: checkout() })).out, 'nothing is installed yet\n');
  });
});

describe('the program that was started', () => {
  const program = (text) => {
    const file = path.join(checkout(), 'program.js');
    fs.writeFileSync(file, text);
    return ['-e', `require('./tools/ready.cjs').become(${JSON.stringify(file)}, ['one'])`];
  };
  test('runs on the pinned Node, with its arguments and its exit code', async () => {
    const { code, out } = await run(program('console.log(process.versions.node, process.argv[2]); process.exit(7)'));
    const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'tools/node-runtime/package.json'), 'utf8'));
    assert.deepEqual({ code, out }, { code: 7, out: `${version} one\n` });
  });
  for (const signal of ['SIGTERM', 'SIGINT']) {
    test(`gets ${signal} and ends as it likes`, { skip: process.platform === 'win32' }, async () => {
      const text = `process.on('${signal}', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up')`;
      assert.equal((await run(program(text), { started: (child) => child.kill(signal) })).code, 5);
    });
  }
  test(
    'gets a signal once, although terminal and npm both send it',
    { skip: process.platform === 'win32' },
    async () => {
      const text = `let n = 0; process.on('SIGINT', () => { n++; setTimeout(() => process.exit(10 + n), 200); }); setInterval(() => {}, 1000); console.log('up')`;
      const twice = (child) => {
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 50);
      };
      assert.equal((await run(program(text), { started: twice })).code, 11);
    },
  );
  test('ends when the shell that npm put between us is gone', { skip: process.platform === 'win32' }, async () => {
    const [, script] = program(
      "process.on('SIGTERM', () => { console.log('asked'); process.exit(0); }); setInterval(() => {}, 1000); console.log('up')",
    );
    const shell = `'${process.execPath}' -e "$SCRIPT"; true`;
    const child = spawn('sh', ['-c', shell], {
      cwd: ROOT,
      env: { ...process.env, SCRIPT: script, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (piece) => {
      out += piece;
      if (piece.includes('up')) child.kill('SIGTERM');
    });
    await once(child.stdout, 'close');
    assert.match(out, /asked/);
  });
  test('takes us along when a signal kills it', { skip: process.platform === 'win32' }, async () => {
    const { code, signal } = await run(program("process.kill(process.pid, 'SIGKILL')"));
    assert.deepEqual({ code, signal }, { code: null, signal: 'SIGKILL' });
  });
});
