#!/usr/bin/env node
'use strict';
/**
 * Holds the test server against a script of facts about a real server, when there is one: node yardstick.cjs [script].
 * The script gets the server's URL and a command that restarts it; here every other restart is a kill.
 */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { ServerProcess } = require('./process.cjs');

const ROOT = path.join(__dirname, '../../..');
const BESIDE = path.join(ROOT, '../shared/stack/eventstoredb-conformance.cjs');

async function main(script = BESIDE) {
  if (!fs.existsSync(script)) {
    console.log('There is no script of facts beside the checkout, so nothing to hold the test server against.');
    return script === BESIDE ? 0 : 2;
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'eventstoredb-'));
  const server = new ServerProcess(folder);
  await server.start();
  let restarts = 0;
  const control = http.createServer(async (_request, response) => {
    await (restarts++ % 2 === 0 ? server.kill() : server.stop());
    await server.start();
    response.end();
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  const restart = `${process.execPath} -e "fetch('http://127.0.0.1:${control.address().port}').then(({ ok }) => process.exit(ok ? 0 : 1))"`;
  // The script asks for the client as if it stood in this repository.
  const env = { ...process.env, NODE_PATH: path.join(ROOT, 'node_modules') };
  const child = spawn(process.execPath, [script, server.url, '--restart-cmd', restart], { stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  control.close();
  await server.stop();
  fs.rmSync(folder, { recursive: true });
  return code ?? 1;
}

main(process.argv[2]).then((code) => (process.exitCode = code));
