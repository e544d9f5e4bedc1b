import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The product on engines, as the acceptance tests run it: the same programs, each deployment in a namespace of its own. */
const require = createRequire(import.meta.url);
const { Program } = require('../../apps/acceptance/dist/program.js');
const { Services } = require('../../apps/acceptance/dist/services.js');
const { Keks } = require('../../libs/vault/dist/index.js');
const STILL_MS = 100;
/** OPTIONS of Node for the programs too, to look into them (for example --require of what starts a profiler). */
const OPTIONS = process.env.NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS: process.env.NODE_OPTIONS };

/** A deployment: `url` for everything, `port` for commands to intake, `programs` with their process ids. */
class Deployment {
  /** standingStill works while no program of it does anything: what it would do meanwhile is not the baseline's to pay. */
  async standingStill(work) {
    for (const program of this.programs) program.signal('SIGSTOP');
    try {
      await pause(STILL_MS);
      return await work();
    } finally {
      for (const program of this.programs) program.signal('SIGCONT');
    }
  }
}

/** SixServices with a gateway before them. */
export class SixServices extends Deployment {
  name = 'six services';

  static async start(env, say) {
    say('starting six services');
    const started = new SixServices();
    // The engines stand in the environment, as for whoever runs the acceptance tests.
    Object.assign(process.env, env);
    started.services = await Services.start({ env: OPTIONS });
    return started;
  }

  get programs() {
    return this.services.programs;
  }

  get url() {
    return this.services.url;
  }

  get port() {
    return Number(new URL(this.programs.find(({ app }) => app === 'intake').url).port);
  }

  get dataDir() {
    return this.services.dataDir;
  }

  get namespace() {
    return this.services.env.NAMESPACE;
  }

  stop() {
    return this.services.stop();
  }
}

/** OneProcess has all contexts in it. */
export class OneProcess extends Deployment {
  name = 'one process';

  static async start(env, say) {
    say('starting one process');
    const started = new OneProcess();
    started.dataDir = mkdtempSync(path.join(os.tmpdir(), 'second-opinion-bench-'));
    started.namespace = `b${randomBytes(5).toString('hex')}`;
    // As whoever deploys on engines does: the key-encryption keys are made before the first start.
    Keks.load({ folder: path.join(started.dataDir, 'keks') });
    const { dataDir: DATA_DIR, namespace: NAMESPACE } = started;
    const program = new Program('standalone', { DEPLOYMENT: 'test', DATA_DIR, NAMESPACE, ...env, ...OPTIONS });
    started.programs = [program];
    await program.launch();
    return started;
  }

  get url() {
    return this.programs[0].url;
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  async stop() {
    await this.programs[0].end('SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
