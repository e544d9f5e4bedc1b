import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { whenAskedToEnd } from '../../infra/engines/foreground.mjs';
import { measureOnEngines } from './engines.mjs';
import { median, round, say } from './figures.mjs';
import { optionsFrom, USAGE } from './options.mjs';
import { inProcess, startServer } from './processes.mjs';
import { replayMillion } from './replay.mjs';
import { CLIENTS, play, playSeen, warmUp } from './rounds.mjs';
import { endOf, loadWorld, settle } from './world.mjs';

/**
 * What the product costs, as a ratio to the cheapest durable thing: appending the same events one by one to the same table. Everything runs
 * as in production: signed tokens, access check, validation, Idempotency-Key, seals, views, policies, publishers, bus, history, mails.
 */
const BASELINE =
  'node:sqlite, WAL, synchronous=FULL, default autocheckpoint, same table and index, JSON included, one commit per event';
const COMPARISONS = { ratioWithoutSeals: 'without-seals.cjs', ratioWithoutValidation: 'without-validation.cjs' };
const options = optionsFrom(process.argv.slice(2), process.env);

whenAskedToEnd((code) => process.exit(code));
if (options.help) process.stdout.write(USAGE);
else await main(options);

async function main({ parts, rounds, seconds, events }) {
  say(
    `${CLIENTS} clients, ${rounds} rounds of ${seconds} s each; ${os.cpus().length} processors, load ${os.loadavg()[0].toFixed(1)}`,
  );
  if (parts.includes('throughput') || parts.includes('comparisons')) say(`baseline: ${BASELINE}`);
  const result = {};
  if (parts.includes('throughput')) Object.assign(result, await inFolder((dir) => measure(dir, rounds, seconds)));
  if (parts.includes('comparisons')) {
    for (const [name, replacement] of Object.entries(COMPARISONS))
      result[name] = (await inFolder((dir) => once(dir, replacement, Math.min(3, rounds), seconds))).ratio;
  }
  if (parts.includes('replay')) Object.assign(result, await replayed(events));
  if (parts.includes('engines')) Object.assign(result, await measureOnEngines({ rounds, seconds }));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** replayed measures the rebuild of all views. */
async function replayed(events) {
  const replay = await inFolder((dir) => replayMillion(dir, events, say));
  say(
    `replay: ${Math.round(events / replay.seconds)} events/s into ${replay.rows} rows, ${replay.processorSeconds} s of processor time; ` +
      `${replay.memoryMb} MB after, ${replay.peakMb} MB at most`,
  );
  return {
    replayMillionSeconds: round((replay.seconds * 1_000_000) / events, 2),
    rebuildEventsPerSecond: Math.round(events / replay.seconds),
    memoryMb: replay.memoryMb,
  };
}

/** measure plays rounds of both kinds in turn, each followed by its baseline, then how fast an answer is seen. */
async function measure(dir, count, seconds) {
  return withServer(dir, [], async (server, clients) => {
    const rounds = { known: [], new: [] };
    for (let number = 1; number <= count; number++) {
      for (const kind of ['known', 'new'])
        rounds[kind].push(await playRound(server, dir, clients, { kind, seconds, name: `round ${number}` }));
    }
    const highest = Math.max(...rounds.known.map(({ perSecond }) => perSecond));
    const visible = await playSeen(server, clients, { highest, seconds });
    return {
      ratioKnownPersons: median(rounds.known, 'ratio'),
      ratioNewPersons: median(rounds.new, 'ratio'),
      commandRatioKnownPersons: median(rounds.known, 'commandRatio'),
      commandRatioNewPersons: median(rounds.new, 'commandRatio'),
      commandsPerSecondKnownPersons: Math.round(median(rounds.known, 'perSecond')),
      commandsPerSecondNewPersons: Math.round(median(rounds.new, 'perSecond')),
      baselineEventsPerSecond: Math.round(median(rounds.known, 'baseline')),
      answerP99Ms: median(rounds.known, 'p99'),
      visibleP50Ms: visible.p50,
      visibleP99Ms: visible.p99,
      memoryUnderLoadMb: server.memoryMb(),
    };
  });
}

/** once measures one kind with something of the product replaced, to see what it costs. */
async function once(dir, replacement, count, seconds) {
  say(`for comparison: ${path.basename(replacement, '.cjs').replaceAll('-', ' ')}`);
  const rounds = [];
  await withServer(dir, ['--require', path.join(import.meta.dirname, replacement)], async (server, clients) => {
    server.signal('SIGUSR2');
    for (let number = 1; number <= count; number++)
      rounds.push(await playRound(server, dir, clients, { kind: 'known', seconds, name: `round ${number}` }));
  });
  return { ratio: median(rounds, 'ratio') };
}

async function withServer(dir, node, work) {
  const server = await startServer(dir, { node });
  try {
    const clients = await loadWorld(server, dir, CLIENTS, say);
    await warmUp(server, clients);
    return await work(server, clients);
  } finally {
    await server.stop();
  }
}

async function playRound(server, dir, clients, { kind, seconds, name }) {
  const log = path.join(dir, 'second-opinion.db');
  const after = endOf(log);
  const processor = server.processorSeconds();
  const load = await play(server, clients, { kind, seconds });
  const { perSecond, p99 } = load;
  const drained = performance.now();
  await settle(server);
  const drainMs = Math.round(performance.now() - drained);
  const upTo = endOf(log);
  const microseconds = Math.round(((server.processorSeconds() - processor) * 1_000_000) / load.answered);
  const base = await inProcess('baseline.mjs', { log, after, upTo, into: path.join(dir, 'baseline.db') });
  const baseline = base.events / base.seconds;
  const ratio = round(base.events / load.seconds / baseline, 3);
  const commandRatio = round(perSecond / baseline, 3);
  say(
    `${name}, ${kind} persons: ${Math.round(perSecond)} commands/s with ${base.events} events of their own and ${upTo - after - base.events} that ` +
      `followed; baseline ${Math.round(baseline)} events/s; ratio ${ratio} (${commandRatio} by commands); p99 ${p99} ms; drained in ${drainMs} ms; ` +
      `${microseconds} us of processor for each, all that follows included`,
  );
  return { ratio, commandRatio, perSecond, baseline, p99, drainMs };
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
