/** What prepare says when it fails, and when it goes on trying. */
import { UP } from './settings.mjs';
import { until } from './until.mjs';

/** SURE_MS is how long a refusal must stand: an engine that starts for the first time may listen before it knows its users. */
const SURE_MS = 5_000;

/** REFUSED is how each engine says that it has another password for its administrator: by status, code or type. */
const REFUSED = {
  EventStoreDB: (error) =>
    / answered 401 /.test(error.message) || [error.type, error.code].some((one) => /access-denied$/.test(one)),
  Kafka: (error) => error.type === 'SASL_AUTHENTICATION_FAILED' || error.name === 'KafkaJSSASLAuthenticationError',
  MongoDB: (error) => error.code === 18 || error.code === 'mongodb-credentials-refused',
};

/** FINAL: more trying changes nothing. */
const FINAL = ['TopicsUnfit'];

/** up does something as soon as the engine is up, and has it fail at once when the engine refuses its administrator, or when it can never be. */
export function up(engine, what, ask) {
  let refusedAt;
  const isFinal = (error) => {
    refusedAt = isRefused(engine, error) ? (refusedAt ?? Date.now()) : undefined;
    return chainOf(error).some(({ name }) => FINAL.includes(name)) || Date.now() - refusedAt >= SURE_MS;
  };
  return until(ask, { what, ...UP, isFinal });
}

/** sentenceOf an engine's failure: what went wrong, and what to do when the engine knows another password than the secret. */
export function sentenceOf(engine, error) {
  const said = chainOf(error)
    .map(({ message }) => message)
    .join(': ');
  if (!isRefused(engine, error)) return said;
  return `${engine} refuses the password of its administrator: it has another one than infra/.secrets. Put the file back from its copy, or give the engine the new one ("Passwords and keys" in infra/README.md). (${said})`;
}

function isRefused(engine, error) {
  return chainOf(error).some(REFUSED[engine]);
}

/** chainOf an error and what caused it. */
function chainOf(error) {
  const chain = [error];
  while (chain.at(-1).cause instanceof Error) chain.push(chain.at(-1).cause);
  return chain;
}
