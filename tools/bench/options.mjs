import { parseArgs } from 'node:util';

export const USAGE = `npm run bench [-- options]     measures the product; the last line of stdout is one JSON object

  --only <part>[,<part>]   throughput   commands through HTTP against raw appends, SQLite
                           comparisons  the same without seals, and without validation
                           replay       a million events into all views
                           engines      six services, and one process, on EventStoreDB, Kafka and MongoDB
                           (default: the first three)
  --engines                the same as --only engines; with --only, engines too. The engines are started here (Java 17, Maven,
                           Python's pip), except those named by EVENTSTOREDB_URL, KAFKA_BROKERS, MONGODB_URL
  --rounds <n>             rounds (5), or BENCH_ROUNDS
  --seconds <n>            seconds of each round (6), or BENCH_SECONDS
  --events <n>             events of the replay (1000000), or BENCH_EVENTS
  --help

  BENCH_DIR                where the temporary folders are made
`;
const PARTS = ['throughput', 'comparisons', 'replay', 'engines'];
const BY_DEFAULT = PARTS.slice(0, 3);

/** optionsFrom the command line and the environment: which parts to measure, how often and how long. */
export function optionsFrom(args, env) {
  const options = Object.fromEntries(['only', 'rounds', 'seconds', 'events'].map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({
    args,
    options: { ...options, engines: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const number = (name, otherwise) =>
    whole(`--${name}`, values[name] ?? env[`BENCH_${name.toUpperCase()}`] ?? otherwise);
  return {
    help: values.help === true,
    parts: partsOf(values),
    rounds: number('rounds', 5),
    seconds: number('seconds', 6),
    events: number('events', 1_000_000),
  };
}

function partsOf({ only, engines }) {
  if (only === undefined) return engines ? ['engines'] : BY_DEFAULT;
  const parts = [...only.split(','), ...(engines ? ['engines'] : [])];
  const unknown = parts.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) throw new Error(`use --only with ${PARTS.join(', ')}`);
  return parts;
}

function whole(name, given) {
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0`);
  return value;
}
