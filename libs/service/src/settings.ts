import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { CONTEXTS } from '@second-opinion/contracts';
import { KEK_NAMES } from '@second-opinion/vault';
import { assertNamesMeant } from './setting-names';
import { SettingsError } from './settings-error';

/** Settings of a deployment, as read from the environment and checked. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  /** metrics: where its numbers are given without a token; nowhere unless METRICS_PORT is set. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  readonly dataDir: string;
  readonly deployment: 'demo' | 'test' | 'production';
  readonly clockFile: string;
  readonly smtpUrl: string | undefined;
  readonly mailDir: string;
  readonly mailFrom: string;
  readonly portalUrl: string;
  readonly oidcIssuer: string | undefined;
  readonly oidcAudience: string;
  readonly oidcJwksUrl: string | undefined;
  readonly requestsPerMinute: number;
  /** trustedProxies: addresses and ranges of the gateways that tell us where a request comes from. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: string;
  /** catchUpProcessesFrom: views that lie so many events behind are caught up beside a program that is alone on its file; 0: never. */
  readonly catchUpProcessesFrom: number;
  /** engines beside us; what is absent is SQLite under DATA_DIR. */
  readonly engines: EngineSettings;
  /** drainMs: how long a stop may take before it is ended. */
  readonly drainMs: number;
  /** env as it was read, for the key files (`VAULT_KEK_<CATEGORY>_FILE`). */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** EngineSettings name the engines by their addresses: presence chooses the adapter, nothing else changes. */
export interface EngineSettings {
  readonly eventStoreDb: string | undefined;
  readonly kafka: KafkaSettings | undefined;
  readonly mongoDb: string | undefined;
  /** namespace keeps this deployment apart from others on the same engines. */
  readonly namespace: string | undefined;
  /** patienceMs: how long a start waits for engines that are not there yet. */
  readonly patienceMs: number;
}

/** KafkaSettings: brokers, and with a username the password from its file (SASL). */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly username?: string;
  readonly password?: string;
  /** mechanism by which the password is shown (default `scram-sha-512`). */
  readonly mechanism?: (typeof MECHANISMS)[number];
  readonly ssl: boolean;
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
/** KAFKA: what is about brokers, and nothing without them. */
const KAFKA = ['KAFKA_USERNAME', 'KAFKA_PASSWORD', 'KAFKA_PASSWORD_FILE', 'KAFKA_SASL_MECHANISM', 'KAFKA_SSL'];
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];

/** settingsFrom reads and checks the environment, in which empty is the same as absent; throws {@link SettingsError}. */
export function settingsFrom(given: Readonly<Record<string, string | undefined>>, cwd: string): Settings {
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const deployment = oneOf('DEPLOYMENT', env['DEPLOYMENT'] ?? 'demo', ['demo', 'test', 'production'] as const);
  const dataDir = path.resolve(cwd, env['DATA_DIR'] ?? '.data');
  const host = env['HOST'] ?? '127.0.0.1';
  const port = whole('PORT', env['PORT'] ?? '3000', 0, 65_535);
  const oidcIssuer = env['OIDC_ISSUER'];
  assertKeyFilesKnown(env);
  assertNamesMeant(env);
  if (env['DEPLOYMENT'] === undefined && (oidcIssuer !== undefined || !isThisMachine(host))) {
    throw new SettingsError(
      'Say DEPLOYMENT=production (or demo, or test): without it this would be a demo, with a clock and tokens for everybody who can reach it.',
    );
  }
  if (deployment === 'production' && oidcIssuer === undefined) {
    throw new SettingsError(
      'DEPLOYMENT=production needs OIDC_ISSUER (and OIDC_JWKS_URL, when its keys are not where Keycloak has them): the built-in development issuer exists only in demo and test.',
    );
  }
  if (env['OIDC_JWKS_URL'] !== undefined && oidcIssuer === undefined)
    throw new SettingsError('OIDC_JWKS_URL needs OIDC_ISSUER, whose keys are there.');
  if (env['OIDC_JWKS_URL'] === undefined) url('OIDC_ISSUER', oidcIssuer);
  const oidcJwksUrl = url(
    'OIDC_JWKS_URL',
    env['OIDC_JWKS_URL'] ?? (oidcIssuer && `${oidcIssuer.replace(/\/$/, '')}/protocol/openid-connect/certs`),
  );
  if (deployment === 'production' && oidcJwksUrl !== undefined) assertTrusted(oidcJwksUrl);
  return {
    host,
    port,
    metrics: metricsFrom(env, host, port),
    dataDir,
    deployment,
    clockFile: path.resolve(cwd, env['CLOCK_FILE'] ?? path.join(dataDir, 'clock-offset')),
    smtpUrl: url('SMTP_URL', secret(env, 'SMTP_URL'), ['smtp:', 'smtps:']),
    mailDir: path.resolve(cwd, env['MAIL_DIR'] ?? path.join(dataDir, 'mail')),
    mailFrom: senderFrom(env['MAIL_FROM'] ?? 'noreply@portaal.invalid'),
    portalUrl: url('PORTAL_URL', env['PORTAL_URL']) ?? `http://${host}:${port}`,
    oidcIssuer,
    oidcAudience: env['OIDC_AUDIENCE'] ?? 'second-opinion',
    oidcJwksUrl,
    requestsPerMinute: whole('REQUESTS_PER_MINUTE', env['REQUESTS_PER_MINUTE'] ?? '6000', 0, 10_000_000),
    trustedProxies: proxiesFrom(env['TRUSTED_PROXIES']),
    logLevel: oneOf('LOG_LEVEL', env['LOG_LEVEL'] ?? (deployment === 'production' ? 'info' : 'warn'), LEVELS),
    catchUpProcessesFrom: whole('CATCH_UP_PROCESSES_FROM', env['CATCH_UP_PROCESSES_FROM'] ?? '50000', 0, 1_000_000_000),
    engines: enginesFrom(env, deployment),
    drainMs: 1000 * whole('DRAIN_SECONDS', env['DRAIN_SECONDS'] ?? '30', 1, 600),
    env,
  };
}

/** assertKeyFilesKnown: a key file under a name that nobody reads would mean that another key is made and used in its place. */
function assertKeyFilesKnown(env: Readonly<Record<string, string | undefined>>): void {
  const known = KEK_NAMES.map((category) => `VAULT_KEK_${category}_FILE`);
  const other = Object.keys(env).find((name) => name.startsWith('VAULT_KEK_') && !known.includes(name));
  if (other !== undefined) throw new SettingsError(`${other} is no setting: it must be one of ${known.join(', ')}.`);
}

/** INJECTED by Kubernetes where the pod has no METRICS_PORT and a Service beside it is called `metrics`: nobody has set it. */
const INJECTED = /^(tcp|udp|sctp):\/\//;

/** metricsFrom: a port of its own, which can be kept from whoever may reach the other one. */
function metricsFrom(
  env: Readonly<Record<string, string | undefined>>,
  host: string,
  port: number,
): Settings['metrics'] {
  const given = env['METRICS_PORT'];
  if (given === undefined || INJECTED.test(given)) {
    if (env['METRICS_HOST'] === undefined) return undefined;
    throw new SettingsError('METRICS_HOST says where METRICS_PORT listens: give both, or neither.');
  }
  const metrics = { host: env['METRICS_HOST'] ?? host, port: whole('METRICS_PORT', given, 1, 65_535) };
  if (metrics.port === port) throw new SettingsError('METRICS_PORT must be another port than PORT.');
  return metrics;
}

/** enginesFrom reads the addresses of engines; a secret may stand in a file, named by the same variable with `_FILE`. */
function enginesFrom(
  env: Readonly<Record<string, string | undefined>>,
  deployment: Settings['deployment'],
): EngineSettings {
  return {
    eventStoreDb: address('EVENTSTOREDB_URL', secret(env, 'EVENTSTOREDB_URL'), /^esdb(\+discover)?:\/\/\S+$/),
    kafka: kafkaFrom(env),
    mongoDb: address('MONGODB_URL', secret(env, 'MONGODB_URL'), /^mongodb(\+srv)?:\/\/\S+$/),
    namespace: namespaceOf(env['NAMESPACE'], deployment),
    patienceMs: 1000 * whole('ENGINES_WAIT_SECONDS', env['ENGINES_WAIT_SECONDS'] ?? '60', 1, 3_600),
  };
}

/** RANGES that have a name. */
const RANGES = ['loopback', 'linklocal', 'uniquelocal'];

/** proxiesFrom reads addresses and ranges; everybody is no range: any client could say that he is another. */
function proxiesFrom(listed: string | undefined): readonly string[] {
  const proxies = listed?.split(',').map((one) => one.trim()) ?? [];
  for (const one of proxies) {
    const [, address = '', bits = '1'] = /^([^/]*)(?:\/([1-9]\d{0,2}))?$/.exec(one) ?? [];
    const most = { 4: 32, 6: 128 }[isIP(address)] ?? 0;
    if (Number(bits) > most && !RANGES.includes(one))
      throw new SettingsError(
        `TRUSTED_PROXIES must be a list of addresses and ranges like 10.0.0.1,10.4.0.0/16, or one of ${RANGES.join(', ')}.`,
      );
  }
  return proxies;
}

function namespaceOf(value: string | undefined, deployment: Settings['deployment']): string | undefined {
  if (value === undefined) return undefined;
  // The step that makes topics, users and rights knows of none.
  if (deployment === 'production')
    throw new SettingsError('NAMESPACE is for demo and test: give a production deployment engines of its own.');
  if (!/^[a-z][a-z0-9]{0,29}$/.test(value))
    throw new SettingsError('NAMESPACE must be small letters and digits, beginning with a letter.');
  // Its streams would be taken for those of a deployment without a namespace.
  if ((CONTEXTS as readonly string[]).includes(value))
    throw new SettingsError(`NAMESPACE must not be ${value}: that is what a part of the product is called.`);
  return value;
}

function kafkaFrom(env: Readonly<Record<string, string | undefined>>): KafkaSettings | undefined {
  const { KAFKA_BROKERS: listed, KAFKA_USERNAME: username, KAFKA_SSL: ssl = 'false' } = env;
  const { KAFKA_SASL_MECHANISM: named } = env;
  if (listed === undefined) {
    const left = Object.keys(env).find((name) => KAFKA.includes(name) && env[name] !== 'false');
    if (left === undefined) return undefined;
    throw new SettingsError(`${left} needs KAFKA_BROKERS: without brokers messages stand in a file.`);
  }
  const brokers = listed.split(',').map((broker) => broker.trim());
  for (const broker of brokers)
    if (!/^[^\s:/]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(broker))
      throw new SettingsError('KAFKA_BROKERS must be a list like kafka-1:9092,kafka-2:9092.');
  const password = secret(env, 'KAFKA_PASSWORD');
  if ((username === undefined) !== (password === undefined))
    throw new SettingsError('KAFKA_USERNAME and KAFKA_PASSWORD_FILE go together.');
  const encrypted = oneOf('KAFKA_SSL', ssl, ['true', 'false'] as const) === 'true';
  const mechanism = named === undefined ? undefined : oneOf('KAFKA_SASL_MECHANISM', named, MECHANISMS);
  if (mechanism !== undefined && username === undefined)
    throw new SettingsError('KAFKA_SASL_MECHANISM needs KAFKA_USERNAME and KAFKA_PASSWORD_FILE.');
  if (mechanism === 'plain' && !encrypted)
    throw new SettingsError(
      'KAFKA_SASL_MECHANISM=plain needs KAFKA_SSL=true: the password would travel for all to read.',
    );
  return {
    brokers,
    ssl: encrypted,
    ...(username === undefined || password === undefined ? {} : { username, password }),
    ...(mechanism === undefined ? {} : { mechanism }),
  };
}

/** secret reads NAME, or the file that NAME_FILE names; what it holds is never repeated in an error. */
function secret(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  if (file === undefined) return env[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new SettingsError(
      `${name}_FILE cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): check the path and its owner.`,
    );
  }
}

/** isThisMachine tells addresses that nobody else can reach. */
function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** assertTrusted: whoever can change these keys on their way can be anybody. */
function assertTrusted(keys: string): void {
  const { protocol, hostname } = new URL(keys);
  if (protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname.replace(/^\[|\]$/g, '')))) return;
  throw new SettingsError('OIDC_JWKS_URL must be an https address in production.');
}

function oneOf<const T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new SettingsError(`${name} must be one of ${allowed.join(', ')}.`);
  return found;
}

function whole(name: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max)
    throw new SettingsError(`${name} must be a whole number from ${min} to ${max}.`);
  return number;
}

function url(name: string, value: string | undefined, schemes = ['https:', 'http:']): string | undefined {
  const parsed = value === undefined ? undefined : URL.parse(value);
  if (parsed === undefined || (parsed && parsed.hostname !== '' && schemes.includes(parsed.protocol))) return value;
  const forms = schemes.map((one) => `${one}//`).join(' or ');
  throw new SettingsError(`${name} must be a URL that begins with ${forms} and names a host.`);
}

/** senderFrom checks what stands in the From of every mail: one address, perhaps with a name before it, and no second header. */
function senderFrom(sender: string): string {
  if (/^(?:[^\p{Cc}<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u.test(sender)) return sender;
  throw new SettingsError('MAIL_FROM must be an address like noreply@portaal.nl or Portaal <noreply@portaal.nl>.');
}

/** address of an engine: several hosts may stand in one, which no URL parser takes. */
function address(name: string, value: string | undefined, form: RegExp): string | undefined {
  if (value === undefined || form.test(value)) return value;
  throw new SettingsError(`${name} must be the address of its engine, as its client takes it.`);
}
