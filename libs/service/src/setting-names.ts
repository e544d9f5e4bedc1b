import { SettingsError } from './settings-error';

/** SECRETS may stand in a file, which their name with `_FILE` names. */
const SECRETS = ['EVENTSTOREDB_URL', 'KAFKA_PASSWORD', 'MONGODB_URL', 'SMTP_URL'];
const NAMES = [
  ...SECRETS.flatMap((name) => [name, `${name}_FILE`]),
  ...['KAFKA_BROKERS', 'KAFKA_USERNAME', 'KAFKA_SASL_MECHANISM', 'KAFKA_SSL'],
  ...['OIDC_ISSUER', 'OIDC_JWKS_URL', 'OIDC_AUDIENCE', 'MAIL_FROM', 'MAIL_DIR', 'PORTAL_URL'],
  ...['METRICS_PORT', 'METRICS_HOST', 'CLOCK_FILE', 'DRAIN_SECONDS', 'ENGINES_WAIT_SECONDS'],
  ...['CATCH_UP_PROCESSES_FROM', 'REQUESTS_PER_MINUTE', 'TRUSTED_PROXIES'],
];
/** INJECTED by Kubernetes and by links of containers, for each service beside us that bears such a name. */
const INJECTED = /_(SERVICE|PORT|ENV)(_|$)/;

/**
 * assertNamesMeant: a setting under a name that nobody reads would be passed over in silence, and the default used in its place. Others may set
 * what begins like ours: only what is nearly one of ours is refused, and only while that one is not set.
 */
export function assertNamesMeant(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(env)) {
    const meant = meantBy(name);
    const isSet = [meant, `${meant}_FILE`].some((one) => one !== name && env[one ?? ''] !== undefined);
    if (meant !== undefined && !isSet) throw new SettingsError(`${name} is no setting: is ${meant} meant?`);
  }
}

/** meantBy a name that is none of ours: the one of ours that it is nearly, that it goes on, or that goes on after it. */
function meantBy(name: string): string | undefined {
  if (NAMES.includes(name) || INJECTED.test(name)) return undefined;
  const alike = NAMES.filter((one) => prefixOf(one) === prefixOf(name));
  const rest = (one: string) => one.slice(prefixOf(one).length);
  const near = (one: string) => distance(rest(name), rest(one)) <= (rest(one).length < 6 ? 1 : 2);
  const more = (one: string) => name.startsWith(`${one}_`) || (rest(name).length > 2 && one.startsWith(name));
  return alike.find(near) ?? alike.find(more);
}

function prefixOf(name: string): string {
  return name.slice(0, name.indexOf('_') + 1);
}

/** distance in letters put in, left out, exchanged, or swapped with the next one. */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const steps = [at(rows[i - 1], j) + 1, at(row, j - 1) + 1, at(rows[i - 1], j - 1) + same];
      row.push(Math.min(...steps, ...(swapped ? [at(rows[i - 2], j - 2) + 1] : [])));
    }
    rows.push(row);
  }
  return at(rows[one.length], other.length);
}

function at(row: readonly number[] | undefined, place: number): number {
  return row?.[place] ?? Infinity;
}
