/** Real engines as plain processes, in fresh temporary folders on free ports, gone when their parent is. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { control } from './control.mjs';
import { EngineProcess } from './engine-process.mjs';
import { Eventstoredb } from './eventstoredb.mjs';
import { Kafka } from './kafka.mjs';
import { Misused } from './machine.mjs';
import { Mongodb } from './mongodb.mjs';
import { Watchdog } from './watchdog.mjs';

const KNOWN = { eventstoredb: Eventstoredb, kafka: Kafka, mongodb: Mongodb };

/** VARIABLES names for each engine the setting that chooses it. */
export const VARIABLES = Object.fromEntries(Object.entries(KNOWN).map(([name, { variable }]) => [name, variable]));

/** Engine is one launcher with its process. */
class Engine {
  #launcher;
  #process;

  constructor(name, folder, watchdog, guard) {
    fs.mkdirSync(folder);
    this.#process = new EngineProcess(name, folder, watchdog);
    this.#launcher = new KNOWN[name](this.#process, guard);
  }

  async prepare() {
    await this.#launcher.prepare();
    this.url = this.#launcher.url;
    await this.start();
  }

  get pid() {
    return this.#process.pid;
  }

  async start() {
    try {
      await this.#launcher.start();
    } catch (error) {
      await this.#process.kill();
      throw error;
    }
  }

  async stop() {
    await this.#process.stop();
    this.#launcher.stopped();
  }

  kill() {
    return this.#process.kill();
  }

  /** data: the folder with what it keeps. */
  get data() {
    return this.#launcher.data;
  }

  /** empty it while it is stopped: it starts as on its first day. */
  empty() {
    fs.rmSync(this.data, { recursive: true });
    fs.mkdirSync(this.data);
    this.#launcher.emptied();
  }

  freeze() {
    return this.#process.freeze();
  }

  thaw() {
    this.#process.thaw();
  }

  /** leads: it can be made to lose its leadership, and to regain it. */
  get leads() {
    return this.#launcher.elect !== undefined;
  }

  elect(role) {
    return this.#launcher.elect(role);
  }
}

/**
 * startEngines starts the engines that `only` names (all by default), but those whose URL the environment gives. It resolves when all of
 * them are ready, to `env` (the URLs, and ENGINES_CONTROL when an engine of ours runs), `given` (the names of those that were given),
 * `engines` (to break them) and `stop`. `guards` make engines what docker-compose.yml has instead ({@link eventstoredbGuard},
 * {@link kafkaGuard}, {@link mongoGuard}). It throws `Missing` with one sentence when the machine lacks something.
 */
export async function startEngines({ only = Object.keys(KNOWN), env = process.env, guards = {} } = {}) {
  const unknown = only.filter((name) => !KNOWN[name]);
  if (unknown.length)
    throw new Misused(`Unknown engine ${unknown.join(', ')}; known are ${Object.keys(KNOWN).join(', ')}.`);
  const given = only.filter((name) => env[VARIABLES[name]]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-engines-'));
  const watchdog = new Watchdog();
  watchdog.removeAtEnd(folder);
  const engines = {};
  const stop = async () => {
    await Promise.all(Object.values(engines).map((engine) => engine.stop()));
    await watchdog.end();
  };
  try {
    for (const name of only) {
      if (!given.includes(name)) engines[name] = new Engine(name, path.join(folder, name), watchdog, guards[name]);
    }
    const started = await Promise.allSettled(Object.values(engines).map((engine) => engine.prepare()));
    const failed = started.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    const own = Object.keys(engines).length > 0 ? await control(engines) : undefined;
    const urls = only.map((name) => [VARIABLES[name], engines[name]?.url ?? env[VARIABLES[name]]]);
    return {
      env: Object.fromEntries([...urls, ...(own ? [['ENGINES_CONTROL', own.url]] : [])]),
      given,
      engines,
      folder,
      stop: async () => {
        await own?.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
