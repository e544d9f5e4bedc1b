/** What the launchers of the engines need of the machine: tools, free ports, verified files, waiting. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { until } from '../prepare/until.mjs';

const FIRST_PORT = 20_000;
const PORTS = 12_000;
const PROBES = 200;
const LOCK_MS = 300_000;
const STALE_LOCK_MS = 600_000;

/** Missing is something that the person at the keyboard can put right; its message says how. */
export class Missing extends Error {}

/** Misused: the machine lacks nothing, but the command line is not known. */
export class Misused extends Missing {}

/** argumentsOf a command line, as `parseArgs` gives them; throws `Misused` with how it is called for those that it does not know. */
export function argumentsOf(options, usage) {
  try {
    return parseArgs({ options }).values;
  } catch {
    throw new Misused(usage);
  }
}

/** cacheFolder is where downloaded engines are kept between runs. */
export function cacheFolder(env = process.env) {
  return path.resolve(env.ENGINES_CACHE ?? path.join(os.homedir(), '.cache', 'second-opinion-engines'));
}

/** answer runs a tool to its end and gives what it printed, or undefined when it is not there or fails. */
export function answer(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  return status === 0 ? `${stdout}${stderr}` : undefined;
}

/**
 * freePort finds a port of the loopback interface that nobody listens on, below the range from which the system takes the ports of
 * outgoing connections: so that an engine that was killed finds its port free when it comes back.
 */
export async function freePort() {
  for (let probe = 0; probe < PROBES; probe++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
  throw new Missing('No free port was found between 20000 and 32000.');
}

const isFree = (port) =>
  new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });

/** verified tells whether a folder holds exactly the bytes that a list (as sha256sum writes it) names. */
export function verified(folder, list) {
  const wanted = fs.readFileSync(list, 'utf8').trim().split('\n');
  return wanted.every((line) => {
    const [hash, name] = line.split(/\s+/);
    const file = path.join(folder, name);
    return fs.existsSync(file) && createHash('sha256').update(fs.readFileSync(file)).digest('hex') === hash;
  });
}

/**
 * kept gives the cached folder of an engine, fetched when it is not there yet. What was fetched is verified before it is moved to its
 * place, and again at every use; of two processes that need it at once, one fetches and the other waits.
 */
export async function kept(name, list, fetch) {
  const folder = path.join(cacheFolder(), name);
  if (isVerified(folder, list)) return folder;
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const lock = `${folder}.lock`;
  await until(() => isVerified(folder, list) || locked(lock), {
    what: `the download of ${name} by another process (${lock})`,
    withinMs: LOCK_MS,
  });
  try {
    if (isVerified(folder, list)) return folder;
    const fetched = fs.mkdtempSync(`${folder}.`);
    try {
      await fetch(fetched);
      if (!verified(fetched, list)) {
        throw new Missing(
          `What was downloaded for ${name} is not what ${path.basename(list)} of the repository names.`,
        );
      }
      fs.rmSync(folder, { recursive: true, force: true });
      fs.renameSync(fetched, folder);
    } finally {
      fs.rmSync(fetched, { recursive: true, force: true });
    }
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
  return folder;
}

const isVerified = (folder, list) => fs.existsSync(folder) && verified(folder, list);

function locked(lock) {
  try {
    if (Date.now() - fs.statSync(lock).mtimeMs > STALE_LOCK_MS) fs.rmdirSync(lock);
  } catch {
    // Nobody holds it.
  }
  try {
    fs.mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
