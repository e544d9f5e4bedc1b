import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { inProcess, startServer } from './processes.mjs';
import { replayMillion } from './replay.mjs';
import { endOf, loadWorld, settle } from './world.mjs';

/**
 * What the product costs, as a ratio to the cheapest durable thing: appending the same events one by one to the same table. Everything runs
 * as in production: signed tokens, access check, validation, Idempotency-Key, seals, views, policies, publishers, bus, history, mails.
 */
const CLIENTS = 32;
const ROUNDS = whole('BENCH_ROUNDS', 5);
const SECONDS = whole('BENCH_SECONDS', 6);
const EVENTS = whole('BENCH_EVENTS', 1_000_000);
const WARM_UP_SECONDS = 3;
const PARTS = ['throughput', 'comparisons', 'replay'];
const parts = partsOf(process.argv.slice(2));

const began = performance.now();
const say = (text) =>
  process.stdout.write(`[${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s] ${text}\n`);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
await main();

async function main() {
  say(
    `${CLIENTS} clients, ${ROUNDS} rounds of ${SECONDS} s each; ${os.cpus().length} processors, load ${os.loadavg()[0].toFixed(1)}`,
  );
  say(
    'baseline: node:sqlite, WAL, synchronous=FULL, default autocheckpoint, same table and index, JSON included, one commit per event',
  );
  const result = {};
  if (parts.includes('throughput')) Object.assign(result, await inFolder((dir) => measure(dir)));
  if (parts.includes('comparisons')) {
    result.ratioWithoutSeals = (await inFolder((dir) => once(dir, 'without-seals.cjs'))).ratio;
    result.ratioWithoutValidation = (await inFolder((dir) => once(dir, 'without-validation.cjs'))).ratio;
  }
  if (parts.includes('replay')) Object.assign(result, await replayed());
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** replayed measures the rebuild of all views. */
async function replayed() {
  const replay = await inFolder((dir) => replayMillion(dir, EVENTS, say));
  say(
    `replay: ${Math.round(EVENTS / replay.seconds)} events/s into ${replay.rows} rows, ${replay.processorSeconds} s of processor time; ` +
      `${replay.memoryMb} MB after, ${replay.peakMb} MB at most`,
  );
  return {
    replayMillionSeconds: round((replay.seconds * 1_000_000) / EVENTS, 2),
    rebuildEventsPerSecond: Math.round(EVENTS / replay.seconds),
    memoryMb: replay.memoryMb,
  };
}

/** measure plays rounds of both kinds in turn, each followed by its baseline, then how fast an answer is seen. */
async function measure(dir) {
  return withServer(dir, [], async (server, clients) => {
    const rounds = { known: [], new: [] };
    for (let number = 1; number <= ROUNDS; number++) {
      for (const kind of ['known', 'new'])
        rounds[kind].push(await playRound(server, dir, clients, kind, `round ${number}`));
    }
    const highest = Math.max(...rounds.known.map(({ perSecond }) => perSecond));
    const visible = await seen(server, clients, highest / 2);
    return {
      ratioKnownPersons: median(rounds.known, 'ratio'),
      ratioNewPersons: median(rounds.new, 'ratio'),
      commandRatioKnownPersons: median(rounds.known, 'commandRatio'),
      commandRatioNewPersons: median(rounds.new, 'commandRatio'),
      commandsPerSecondKnownPersons: Math.round(median(rounds.known, 'perSecond')),
      commandsPerSecondNewPersons: Math.round(median(rounds.new, 'perSecond')),
      baselineEventsPerSecond: Math.round(median(rounds.known, 'baseline')),
      answerP99Ms: median(rounds.known, 'p99'),
      ...visible,
      memoryUnderLoadMb: server.memoryMb(),
    };
  });
}

/** once measures one kind with something of the product replaced, to see what it costs. */
async function once(dir, replacement) {
  say(`for comparison: ${path.basename(replacement, '.cjs').replaceAll('-', ' ')}`);
  const preload = path.join(path.dirname(fileURLToPath(import.meta.url)), replacement);
  const rounds = [];
  await withServer(dir, ['--require', preload], async (server, clients) => {
    server.signal('SIGUSR2');
    for (let number = 1; number <= Math.min(3, ROUNDS); number++)
      rounds.push(await playRound(server, dir, clients, 'known', `round ${number}`));
  });
  return { ratio: median(rounds, 'ratio') };
}

async function withServer(dir, node, work) {
  const server = await startServer(dir, { node });
  try {
    const clients = await loadWorld(server, dir, CLIENTS, say);
    await inProcess('load.mjs', { port: server.port, clients, kind: 'known', seconds: WARM_UP_SECONDS });
    await settle(server);
    return await work(server, clients);
  } finally {
    await server.stop();
  }
}

async function playRound(server, dir, clients, kind, name) {
  const log = path.join(dir, 'second-opinion.db');
  const after = endOf(log);
  const processor = server.processorSeconds();
  const load = await inProcess('load.mjs', { port: server.port, clients, kind, seconds: SECONDS });
  refuse(load);
  const drained = performance.now();
  await settle(server);
  const drainMs = Math.round(performance.now() - drained);
  const upTo = endOf(log);
  const microseconds = Math.round(((server.processorSeconds() - processor) * 1_000_000) / load.answered);
  const base = await inProcess('baseline.mjs', { log, after, upTo, into: path.join(dir, 'baseline.db') });
  const perSecond = load.answered / load.seconds;
  const baseline = base.events / base.seconds;
  const ratio = round(base.events / load.seconds / baseline, 3);
  const commandRatio = round(perSecond / baseline, 3);
  const p99 = round(percentile(load.latencies, 0.99), 1);
  say(
    `${name}, ${kind} persons: ${Math.round(perSecond)} commands/s with ${base.events} events of their own and ${upTo - after - base.events} that ` +
      `followed; baseline ${Math.round(baseline)} events/s; ratio ${ratio} (${commandRatio} by commands); p99 ${p99} ms; drained in ${drainMs} ms; ` +
      `${microseconds} us of processor for each, all that follows included`,
  );
  return { ratio, commandRatio, perSecond, baseline, p99, drainMs };
}

/** seen measures from answer to sight, at half the highest rate. */
async function seen(server, clients, perSecond) {
  const load = await inProcess('load.mjs', { port: server.port, clients, kind: 'known', seconds: SECONDS, perSecond });
  refuse(load);
  const visibleP50Ms = round(percentile(load.visible, 0.5), 1);
  const visibleP99Ms = round(percentile(load.visible, 0.99), 1);
  say(
    `at ${Math.round(load.answered / load.seconds)} commands/s: seen in the view after ${visibleP50Ms} ms (p50), ${visibleP99Ms} ms (p99)`,
  );
  return { visibleP50Ms, visibleP99Ms };
}

function refuse({ refused, firstRefusal }) {
  if (Object.keys(refused).length > 0)
    throw new Error(`answers that should not be: ${JSON.stringify(refused)} ${firstRefusal ?? ''}`);
}

async function inFolder(work) {
  const parent = process.env.BENCH_DIR ?? os.tmpdir();
  if (!existsSync(parent)) mkdirSync(parent, { recursive: true });
  const dir = mkdtempSync(path.join(parent, 'second-opinion-bench-'));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await work(dir);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function median(rounds, what) {
  return round(
    percentile(
      rounds.map((one) => one[what]),
      0.5,
    ),
    3,
  );
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}

/** partsOf what was asked for: everything, or what `--only <part>[,<part>]` names. */
function partsOf(args) {
  if (args.length === 0) return PARTS;
  const chosen = args[0] === '--only' && args.length === 2 ? args[1].split(',') : [''];
  const unknown = chosen.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) throw new Error(`use --only with ${PARTS.join(', ')}`);
  return chosen;
}

function whole(name, otherwise) {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0`);
  return value;
}
