/** The entry point of each image, started the way the image starts it, without Docker: a clean copy with production dependencies only. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { initSecrets, keksOf } from '../init/deployment.mjs';
import { CONTEXTS } from '../rights.mjs';
import { run } from './compose.mjs';
import { listening } from '../gateway/listening.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
const ENGINES = ['EVENTSTOREDB_URL', 'KAFKA_BROKERS', 'MONGODB_URL'];

describe('the entry point of', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-entry-'));
  const copy = path.join(folder, 'copy');
  const { install, command } = entryPoint();

  before(async () => {
    await run('git', ['clone', '--quiet', '--no-hardlinks', ROOT, copy]);
    // npm runs on the Node of the machine: it would find the repository's own one, which a production install leaves out.
    await run('npm', install, { cwd: copy });
    for (const dist of fs.globSync('{libs,apps}/*/dist', { cwd: ROOT }))
      fs.cpSync(path.join(ROOT, dist), path.join(copy, dist), { recursive: true });
    initSecrets(path.join(folder, 'secrets'));
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  for (const context of CONTEXTS) {
    test(`${context} starts with production dependencies only, serves, and stops with exit code 0`, async () => {
      const engines = Object.fromEntries(
        ENGINES.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
      );
      const keks = keksOf(context).map(({ variable, file }) => [variable, path.join(folder, 'secrets', file)]);
      const own = {
        DEPLOYMENT: 'test',
        HOST: '127.0.0.1',
        PORT: '0',
        DATA_DIR: path.join(folder, 'data'),
        NAMESPACE: 'entry',
      };
      const env = { PATH: process.env.PATH, NODE_ENV: 'production', ...own, ...engines, ...Object.fromEntries(keks) };
      const cwd = path.join(copy, 'apps', context);
      const child = spawn(process.execPath, command, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const url = await listening(child);
      assert.equal((await fetch(`${url}/health/ready`)).status, 200);
      child.kill('SIGTERM');
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    });
  }
});

/** entryPoint of the images, as the Dockerfile has it: the arguments of npm when it installs, and of node. */
function entryPoint() {
  const dockerfile = fs.readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8');
  const [, install] = /^RUN npm (ci --omit=dev .*)$/m.exec(dockerfile) ?? [];
  assert.ok(install, 'production dependencies are installed on a line of their own');
  const commands = [...dockerfile.matchAll(/^CMD (\[.*\])$/gm)];
  const [node, ...command] = commands
    .map(([, json]) => JSON.parse(json))
    .find((words) => words.includes('dist/main.js'));
  assert.equal(node, 'node');
  return { install: install.split(' '), command };
}
