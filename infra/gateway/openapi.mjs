/** Writes the document of all paths to a file: openapi.mjs FILE. It starts the whole product for a moment and asks it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listening } from './listening.mjs';

const MAIN = path.join(import.meta.dirname, '..', '..', 'apps', 'standalone', 'dist', 'main.js');
/** The paths that only demonstrations and tests have, and those of one process, are not served by the gateway. */
const NOT_SERVED = /^\/(?:demo|development-issuer|health)\//;

const data = fs.mkdtempSync(path.join(os.tmpdir(), 'openapi-'));
const env = { ...process.env, DEPLOYMENT: 'test', DATA_DIR: data, HOST: '127.0.0.1', PORT: '0' };
const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
  env,
  stdio: ['ignore', 'pipe', 'pipe'],
});
try {
  const document = await documentAt(await listening(child));
  for (const at of Object.keys(document.paths)) if (NOT_SERVED.test(at)) delete document.paths[at];
  fs.writeFileSync(process.argv[2], `${JSON.stringify(document)}\n`);
  process.stdout.write(`${Object.keys(document.paths).length} paths\n`);
} finally {
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  fs.rmSync(data, { recursive: true, force: true });
}

async function documentAt(url) {
  const answer = await fetch(`${url}/openapi.json`);
  if (!answer.ok) throw new Error(`the document answered ${answer.status}`);
  return answer.json();
}
