import { Arrivals } from './arrivals.mjs';
import { OneProcess, SixServices } from './deployments.mjs';
import { median, now, percentile, round, say } from './figures.mjs';
import { logOf } from './log.mjs';
import { inProcess, processorSecondsOf } from './processes.mjs';
import { CLIENTS, play, playSeen, warmUp } from './rounds.mjs';
import { loadWorld, settle } from './world.mjs';

/**
 * The product on EventStoreDB, Kafka and MongoDB, in a process of its own with all that it starts: six services, then one process.
 * Commands go to the service that takes them, past the gateway.
 */
process.on('message', (plan) => {
  measure(plan).then(
    (figures) => process.send({ figures }),
    (error) => process.send({ error: String(error?.stack ?? error) }),
  );
});
// Nobody waits for us any more: everything of this process group ends.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'));

async function measure(plan) {
  const log = await logOf(plan.env.EVENTSTOREDB_URL);
  try {
    const services = await onServices(plan, log);
    const alone = await onOneProcess(plan, log);
    return { ...services, ...alone };
  } finally {
    await log.close();
  }
}

async function onServices(plan, log) {
  const services = await SixServices.start(plan.env, say);
  let figures;
  try {
    const clients = await ready(services);
    const rounds = await playRounds(services, clients, plan, log);
    figures = { ...figuresOf(rounds, ''), ...(await told(services, clients, plan, rounds)) };
  } finally {
    await services.stop();
  }
  return { ...figures, ...(await caughtUp(plan, services.namespace)) };
}

async function onOneProcess(plan, log) {
  const one = await OneProcess.start(plan.env, say);
  try {
    return figuresOf(await playRounds(one, await ready(one), plan, log), 'Standalone');
  } finally {
    await one.stop();
  }
}

async function ready(deployment) {
  const clients = await loadWorld(deployment, deployment.dataDir, CLIENTS, say);
  await warmUp(deployment, clients);
  return clients;
}

async function playRounds(deployment, clients, plan, log) {
  const rounds = { known: [], new: [] };
  for (let number = 1; number <= plan.rounds; number++) {
    for (const kind of ['known', 'new'])
      rounds[kind].push(await playRound(deployment, clients, { ...plan, kind, number, log }));
  }
  return rounds;
}

/** playRound: commands, then, when all that follows from them has happened, the same events appended bare. */
async function playRound(deployment, clients, { kind, seconds, number, log, env, pids }) {
  const after = await log.end();
  const before = processorsOf(deployment, pids);
  const load = await play(deployment, clients, { kind, seconds });
  const drained = now();
  await settle(deployment);
  const drainMs = Math.round(now() - drained);
  const costs = costsOf(before, processorsOf(deployment, pids), load.answered);
  const upTo = await log.end();
  const { namespace } = deployment;
  const prefix = `${namespace}raw.${kind}${number}`;
  const raw = await deployment.standingStill(() =>
    inProcess('raw-appends.mjs', {
      url: env.EVENTSTOREDB_URL,
      namespace,
      after,
      upTo,
      prefix,
      inFlight: CLIENTS,
      seconds,
    }),
  );
  await settle(deployment);
  const { perSecond, p99 } = load;
  const appends = raw.appends / raw.seconds;
  const ratio = round(perSecond / appends, 3);
  const eventRatio = round(raw.ofCommands.events / load.seconds / (raw.events / raw.seconds), 3);
  const each = (count) => round(count / load.answered, 2);
  say(
    `${deployment.name}, round ${number}, ${kind} persons: ${Math.round(perSecond)} commands/s (each ${each(raw.ofCommands.appends)} appends, ` +
      `${each(raw.ofCommands.events)} events); ${Math.round(appends)} raw appends/s; ratio ${ratio} (${eventRatio} by events); p99 ${p99} ms; ` +
      `drained in ${drainMs} ms`,
  );
  say(`  microseconds of processor for each command: ${costs}`);
  return { ratio, eventRatio, perSecond, appends, p99 };
}

/** told measures at half of the highest rate: from an answer to the view, and to the handler of a consumer in another process. */
async function told(services, clients, { seconds, env }, rounds) {
  const highest = Math.max(...rounds.known.map(({ perSecond }) => perSecond));
  const arrivals = await Arrivals.of(services.namespace, env.KAFKA_BROKERS);
  try {
    const load = await playSeen(services, clients, { highest, seconds });
    await settle(services);
    const milliseconds = await arrivals.after(load.created);
    const p50 = round(percentile(milliseconds, 0.5), 1);
    const p99 = round(percentile(milliseconds, 0.99), 1);
    say(`${milliseconds.length} events at a consumer ${p50} ms (p50), ${p99} ms (p99) after the answer`);
    return {
      eventToConsumerP50Ms: p50,
      eventToConsumerP99Ms: p99,
      visibleEnginesP50Ms: load.p50,
      visibleEnginesP99Ms: load.p99,
    };
  } finally {
    await arrivals.close();
  }
}

/** caughtUp measures a subscription and a consumer group that begin at the start, when nothing else runs. */
async function caughtUp({ env }, namespace) {
  const { log, bus } = await inProcess('catch-up.mjs', { env, namespace });
  const perSecond = ({ events, seconds }) => Math.round(events / seconds);
  say(
    `from the beginning: ${log.events} events of the log, ${perSecond(log)} events/s; ${bus.events} messages of Kafka, ${perSecond(bus)} events/s ` +
      `(the first after ${round(bus.joinSeconds, 1)} s)`,
  );
  return { catchUpEventsPerSecond: perSecond(log), catchUpKafkaEventsPerSecond: perSecond(bus) };
}

function figuresOf({ known, new: unknown }, where) {
  return {
    [`ratioEngines${where}`]: median(known, 'ratio'),
    [`ratioEngines${where}NewPersons`]: median(unknown, 'ratio'),
    [`eventRatioEngines${where}`]: median(known, 'eventRatio'),
    [`eventRatioEngines${where}NewPersons`]: median(unknown, 'eventRatio'),
    [`commandsPerSecondEngines${where}`]: Math.round(median(known, 'perSecond')),
    [`commandsPerSecondEngines${where}NewPersons`]: Math.round(median(unknown, 'perSecond')),
    [`rawAppendsPerSecond${where}`]: Math.round(median(known, 'appends')),
    [`answerEngines${where}P99Ms`]: median(known, 'p99'),
  };
}

/** processorsOf programs and engines of this machine: seconds so far. */
function processorsOf(deployment, pids) {
  const all = [...deployment.programs.map(({ app, pid }) => [app, pid]), ...Object.entries(pids)];
  return new Map(all.map(([name, pid]) => [name, processorSecondsOf(pid)]));
}

function costsOf(before, after, commands) {
  const costs = [...after]
    .filter(([, seconds]) => seconds !== undefined)
    .map(([name, seconds]) => [name, Math.round(((seconds - before.get(name)) * 1_000_000) / commands)]);
  return costs.map(([name, microseconds]) => `${name} ${microseconds}`).join(', ');
}
