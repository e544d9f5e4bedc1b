import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';

/** Settings of a standalone deployment, as read from the environment and checked. */
export interface Settings {
  readonly host: string;
  readonly port: number;
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
  readonly logLevel: string;
  /** env as it was read, for the key files (`VAULT_KEK_<CATEGORY>_FILE`). */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** SettingsError says in one sentence which setting is wrong and what it may be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];

/** settingsFrom reads and checks the environment, in which empty is the same as absent; throws {@link SettingsError}. */
export function settingsFrom(given: Readonly<Record<string, string | undefined>>, cwd: string): Settings {
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const deployment = oneOf('DEPLOYMENT', env['DEPLOYMENT'] ?? 'demo', ['demo', 'test', 'production'] as const);
  const dataDir = path.resolve(cwd, env['DATA_DIR'] ?? '.data');
  const host = env['HOST'] ?? '127.0.0.1';
  const port = whole('PORT', env['PORT'] ?? '3000', 0, 65_535);
  const oidcIssuer = env['OIDC_ISSUER'];
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
  if (env['OIDC_JWKS_URL'] === undefined) url('OIDC_ISSUER', oidcIssuer);
  const oidcJwksUrl = url(
    'OIDC_JWKS_URL',
    env['OIDC_JWKS_URL'] ?? (oidcIssuer === undefined ? undefined : `${oidcIssuer}/protocol/openid-connect/certs`),
  );
  if (deployment === 'production' && oidcJwksUrl !== undefined) assertTrusted(oidcJwksUrl);
  return {
    host,
    port,
    dataDir,
    deployment,
    clockFile: path.resolve(cwd, env['CLOCK_FILE'] ?? path.join(dataDir, 'clock-offset')),
    smtpUrl: url('SMTP_URL', env['SMTP_URL']),
    mailDir: path.resolve(cwd, env['MAIL_DIR'] ?? path.join(dataDir, 'mail')),
    mailFrom: env['MAIL_FROM'] ?? 'noreply@portaal.invalid',
    portalUrl: url('PORTAL_URL', env['PORTAL_URL']) ?? `http://${host}:${port}`,
    oidcIssuer,
    oidcAudience: env['OIDC_AUDIENCE'] ?? 'second-opinion',
    oidcJwksUrl,
    requestsPerMinute: whole('REQUESTS_PER_MINUTE', env['REQUESTS_PER_MINUTE'] ?? '6000', 0, 10_000_000),
    logLevel: oneOf('LOG_LEVEL', env['LOG_LEVEL'] ?? (deployment === 'production' ? 'info' : 'warn'), LEVELS),
    env,
  };
}

/** makeDataDir makes the data folder, readable for its owner only; throws {@link SettingsError} when it cannot be used. */
export function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SettingsError(
      `DATA_DIR (${dataDir}) cannot be made, read or written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): check the folder and its owner, or choose another.`,
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

function url(name: string, value: string | undefined): string | undefined {
  if (value === undefined || URL.canParse(value)) return value;
  throw new SettingsError(`${name} must be a URL.`);
}
