'use strict';
/** The test server as a process of its own, for tests that start, kill and freeze it. */
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');

/**
 * ServerProcess runs the test server on one folder and, once started, on one port: `start` resolves when it serves, `kill` and `stop`
 * when it is gone. It never outlives the process that started it.
 */
class ServerProcess {
  /** `secured` names the files of `certificate` and `key`, and the first `passwords` of `admin` and `ops`: then it has users. `more` options of main.cjs. */
  constructor(folder, port = 0, secured = undefined, more = []) {
    this.more = more;
    this.folder = folder;
    this.port = port;
    this.secured = secured;
  }

  /** url: over TLS the client takes names only, no addresses. */
  get url() {
    return this.secured ? `esdb://localhost:${this.port}?tls=true` : `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  async start() {
    const main = path.join(__dirname, 'main.cjs');
    const args = [
      main,
      '--port',
      String(this.port),
      '--data',
      this.folder,
      '--with-parent',
      '--with-elections',
      ...this.more,
    ];
    const { certificate, key, passwords } = this.secured ?? {};
    if (certificate) args.push('--certificate', certificate, '--key', key);
    const first = {
      EVENTSTORE_DEFAULT_ADMIN_PASSWORD: passwords?.admin,
      EVENTSTORE_DEFAULT_OPS_PASSWORD: passwords?.ops,
    };
    const env = { ...process.env, ...first };
    this.child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.gone = once(this.child, 'exit');
    const ended = this.gone.then(([code]) => Promise.reject(new Error(`The test server ended with ${code}`)));
    const [line] = await Promise.race([once(this.child.stdout, 'data'), ended]);
    ended.catch(() => {});
    this.port = Number(/:(\d+)\?/.exec(line.toString())[1]);
  }

  async kill() {
    this.child.kill('SIGKILL');
    await this.gone;
  }

  /** stop ends it cleanly and gives its exit code. */
  async stop() {
    this.child.kill('SIGTERM');
    const [code] = await this.gone;
    return code;
  }

  /** elect gives it a role: `lead`, `resign` (nobody leads) or `follow`, the server that leads then. It has it when this resolves. */
  async elect(role, leader) {
    const query = leader ? `?leader=127.0.0.1:${leader.port}` : '';
    const { status } = await fetch(`http://127.0.0.1:${this.port}/elections/${role}${query}`, { method: 'POST' });
    if (status !== 204) throw new Error(`The test server answered ${status} to an election`);
  }

  freeze() {
    this.child.kill('SIGSTOP');
  }

  thaw() {
    this.child.kill('SIGCONT');
  }
}

module.exports = { ServerProcess };
