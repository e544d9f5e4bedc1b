import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { askedBy } from './chaos-asked';
import { PlayedCases } from './chaos-cases';
import { HarmedEngines } from './chaos-engines';
import { Harming } from './chaos-harm';
import { harmToEngines, harmToServices } from './chaos-plan';
import { proofOf } from './chaos-proof';
import { stateOf } from './chaos-recovery';
import { Services } from './services';

/** LANES: so many schedules for the services beside each other, since starting one again takes its time. */
const LANES = 3;
const SAY_MS = 10_000;
const MINUTE_MS = 60_000;
/** BESIDES_MS: the start, the end of all cases and the proof may take so long beside the time that was asked for. */
const BESIDES_MS = 20 * MINUTE_MS;
const PARENT_MS = 500;
const ENDED = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const SHOWN = 40;

const say = (what: string): boolean => process.stderr.write(`[${Math.round(process.uptime())} s] ${what}\n`);

/** What was opened, to be closed whatever happens. */
interface Opened {
  services?: Services;
  engines?: HarmedEngines;
  /** logs: the folder where what the services wrote is kept; else it is gone with them. */
  logs?: string;
}

void main();

/** npm run chaos: cases are played while services and engines are broken after a seed; what is left is checked. One JSON object at the end. */
async function main(): Promise<void> {
  const opened: Opened = {};
  let leaving = false;
  const leave = (code: number, why: string): void => {
    if (leaving) return;
    leaving = true;
    say(`${why}: everything is stopped`);
    void close(opened).finally(() => process.exit(code));
  };
  for (const [signal, code] of Object.entries(ENDED)) process.on(signal, () => leave(code, signal));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && leave(ENDED.SIGHUP, 'The launcher is gone'), PARENT_MS).unref();
  try {
    const { seed, minutes, given, logs } = askedBy(process.argv.slice(2));
    if (logs !== undefined) opened.logs = logs;
    const late = async () => {
      await Promise.all((opened.services?.programs ?? []).map(async (program) => say(await stateOf(program))));
      leave(1, 'It took too long');
    };
    setTimeout(() => void late(), minutes * MINUTE_MS + BESIDES_MS).unref();
    const result = await chaos(seed, minutes, given, opened);
    process.exitCode = result.faults.length > 0 ? 1 : 0;
    await close(opened);
    for (const fault of result.faults.slice(0, SHOWN)) say(fault);
    process.stdout.write(`${JSON.stringify({ ...result, faults: result.faults.length })}\n`);
  } catch (error) {
    if (leaving) return;
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
    await close(opened);
  }
  // Clients of engines may hold sockets for a moment; everything is done.
  if (!leaving) process.stdout.write('', () => process.exit());
}

async function chaos(seed: number, minutes: number, given: readonly string[], opened: Opened) {
  const engines = (opened.engines = await HarmedEngines.open(process.env, given));
  say('the six services start');
  const services = (opened.services = await Services.start({ env: engines.env }));
  const cases = new PlayedCases(services);
  await cases.world.load();
  const harming = new Harming(services, engines, say);
  say(`cases are played; for ${minutes} minutes things are broken (seed ${seed})`);
  const { witness } = cases.world;
  const progress = setInterval(() => {
    const { killed, freezes, cuts } = harming;
    say(
      `${killed} kills, ${sum(freezes)} freezes, ${sum(cuts)} cuts, ${witness.acknowledged.length} commands, ${cases.gaveUp.length} given up`,
    );
  }, SAY_MS);
  try {
    const playing = cases.play();
    const lanes = Array.from({ length: LANES }, (_, lane) => harmToServices(seed, lane));
    harming.begin(lanes, harmToEngines(seed));
    await pause(minutes * MINUTE_MS);
    cases.stop();
    await harming.stop();
    say('nothing is broken any more; what was begun is played to its end');
    await playing;
  } finally {
    clearInterval(progress);
  }
  for (const words of new Set(harming.unstarted)) say(`a start was repeated: ${words}`);
  const proof = await proofOf(services, cases, say);
  return {
    ...{ seed, minutes, kills: harming.killed, commands: witness.acknowledged.length },
    ...{ lost: proof.lost, doubled: proof.doubled, recoverySecondsMax: harming.recoveries.max },
    ...{ freezes: sum(harming.freezes), cuts: sum(harming.cuts), cases: proof.cases, events: proof.events },
    ...{
      messages: proof.messages,
      parked: proof.parked,
      unanswered: witness.unanswered,
      putOff: witness.putOff.length,
    },
    ...{ killsOf: harming.kills, freezesOf: harming.freezes, cutsOf: harming.cuts, recovery: harming.recoveries.each },
    ...{ startsRepeated: harming.unstarted.length, endedByThemselves: harming.ended.length },
    ...{ failures: [...new Set(witness.failures)].slice(0, SHOWN) },
    faults: [
      ...proof.faults,
      ...harming.faults,
      ...cases.gaveUp.map((what) => `given up: ${what}`),
      ...harming.ended.map((words) => `ended by itself: ${words}`),
    ],
  };
}

async function close({ services, engines, logs }: Opened): Promise<void> {
  await services?.end('SIGKILL');
  if (logs !== undefined) {
    mkdirSync(logs, { recursive: true });
    for (const { app, output } of services?.programs ?? []) writeFileSync(path.join(logs, `${app}.log`), output);
  }
  await services?.stop();
  await engines?.close();
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}
