import { existsSync } from 'node:fs';
import path from 'node:path';
import { Logger } from '@nestjs/common';
import { CATEGORIES, failureOf, Unavailable, type Clock } from '@second-opinion/kernel';
import { dutchCalendar } from '@second-opinion/kernel/dutch-calendar';
import {
  contextsHere,
  LinkedIdentities,
  OffsetClock,
  OidcTokens,
  ProviderKeys,
  SystemClock,
  type Platform,
  type TokenVerifier,
} from '@second-opinion/nest';
import { SqliteDatabase } from '@second-opinion/sqlite';
import {
  assertKeks,
  KEK_NAMES,
  Keks,
  PersonLinks,
  SealingVault,
  VaultHashes,
  type KekName,
} from '@second-opinion/vault';
import { SqliteKeyStore } from '@second-opinion/vault/sqlite';
import { Certificates, certificateSources } from './certificates';
import { certificateTrouble } from './certificate-trouble';
import { DEV_ISSUER, DevIssuer } from './dev-issuer';
import { claimFiles } from './files';
import { KEYS_FILE, replicaOf, type OpenFiles } from './open-files';
import { openPorts, type Ports } from './ports';
import type { ServiceDefinition } from './server';
import type { Settings } from './settings';

/** DESTROYS_SECRETS is the service that may destroy secrets for all (`mongoRolesFor` of libs/mongodb gives it the right to, and no other). */
export const DESTROYS_SECRETS = 'records';

/** OpenPlatform is a platform on open files and engines, with what must be closed at the end. */
export interface OpenPlatform {
  readonly platform: Platform;
  readonly issuer: DevIssuer | undefined;
  /** clean destroys the body keys of months that ended more than 35 days ago, and clears away what cut off uploads have left. */
  clean(): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * openPlatform opens what a deployment stands on. Without engines: events, views, messages and documents in one file, keys and access log
 * each in one of their own. Throws what files and engines throw (`storage-unopenable`, `storage-not-ours`, `kek-wrong` …).
 */
export async function openPlatform(
  settings: Settings,
  definition: ServiceDefinition,
  files: OpenFiles,
): Promise<OpenPlatform> {
  const { name, whole = false, providers } = definition;
  const { processes } = files;
  let ports: Ports | undefined;
  let certificates: Certificates | undefined;
  const close = async () => {
    processes?.stop();
    certificates?.stop();
    await ports?.close();
    files.close();
  };
  try {
    const keks = await loadKeks(settings, whole);
    ports = await openPorts(settings, { name, whole });
    if (!whole) await claimFiles(settings, ports);
    const { keys, accessLog } = ports;
    await assertKeks(keys, keks);
    const clock: Clock = settings.deployment === 'production' ? new SystemClock() : new OffsetClock(settings.clockFile);
    const issuer =
      settings.deployment === 'production' ? undefined : await DevIssuer.open(settings.dataDir, settings.oidcAudience);
    const links = new PersonLinks(keys, keks);
    const hashes = await VaultHashes.open(keys, keks, clock, { destroys: whole || name === DESTROYS_SECRETS });
    const { events, bus, views, documents } = ports;
    const { engines } = settings;
    const alone = whole && engines.eventStoreDb === undefined;
    const replica = alone ? name : replicaOf(name);
    certificates = new Certificates(certificateSources(settings));
    const providerKeys = providerKeysOf(settings);
    const platform: Platform = {
      ...{ events, bus, views, documents, keys, accessLog, links },
      vault: new SealingVault({ keys, keks, accessLog, clock }),
      clock,
      calendar: dutchCalendar(),
      tokens: tokensOf(settings, providerKeys, issuer),
      identities: new LinkedIdentities(links),
      hashes,
      deployment: {
        ...{
          application: name,
          kind: settings.deployment,
          replica,
          alone,
          engines: ports.engines,
          writes: ports.writes,
        },
        ...(ports.busEngine ? { bus: ports.busEngine } : {}),
        ...(processes ? { catchUp: processes.catchUp } : {}),
      },
      more: [
        ...(providers?.(settings) ?? []),
        { provide: Certificates, useValue: certificates },
        ...(providerKeys ? [{ provide: ProviderKeys, useValue: providerKeys }] : []),
        ...(issuer ? [{ provide: DevIssuer, useValue: issuer }] : []),
        ...(clock instanceof OffsetClock ? [{ provide: OffsetClock, useValue: clock }] : []),
      ],
    };
    const clean = () => Promise.all([hashes.destroyOldMacKeys(clock.now()), documents.clear()]);
    return { platform, issuer, clean, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function providerKeysOf({ oidcIssuer, oidcJwksUrl }: Settings): ProviderKeys | undefined {
  if (oidcIssuer === undefined || oidcJwksUrl === undefined) return undefined;
  return new ProviderKeys(oidcJwksUrl, { told: tellOfKeys });
}

function tokensOf(
  { oidcIssuer, oidcAudience }: Settings,
  keys: ProviderKeys | undefined,
  issuer: DevIssuer | undefined,
): TokenVerifier {
  if (oidcIssuer !== undefined && keys !== undefined) return new OidcTokens(oidcIssuer, oidcAudience, keys.find);
  if (issuer === undefined) throw new TypeError('a production deployment has an OIDC issuer: settings see to it');
  return new OidcTokens(DEV_ISSUER, oidcAudience, issuer.keys());
}

function tellOfKeys(why: unknown): void {
  const logger = new Logger('identity provider');
  if (why === undefined) return logger.log('gives its keys again');
  const trouble = certificateTrouble(why);
  logger.warn(
    { ...failureOf(why), ...(trouble === undefined ? {} : { trouble }) },
    'gives no keys: the last ones hold, where there are any',
  );
}

/**
 * loadKeks makes missing key-encryption keys only for the one process of a whole deployment, and only where there is nothing yet that they
 * could open: beside a key store that holds something already, a missing one was lost, and a new one would open nothing (`kek-missing`). A
 * service takes what it was given, in files or in the folder, and lacks none of those that its contexts seal with.
 */
async function loadKeks({ env, dataDir, engines }: Settings, whole: boolean): Promise<Keks> {
  const folder = path.join(dataDir, 'keks');
  const at = (name: KekName) => path.join(folder, `${name.toLowerCase()}.kek`);
  const named = KEK_NAMES.flatMap((name) => {
    const file = env[`VAULT_KEK_${name}_FILE`] ?? (existsSync(at(name)) ? at(name) : undefined);
    return file === undefined ? [] : [[name, file] as const];
  });
  const files: Partial<Record<KekName, string>> = Object.fromEntries(named);
  const wanted: readonly KekName[] = whole ? KEK_NAMES : ['SECRETS', ...sealedHere()];
  const lost = wanted.find((name) => files[name] === undefined);
  if (lost === undefined) return Keks.load({ files });
  if (whole && engines.mongoDb === undefined && (await isUnused(dataDir))) return Keks.load({ files, folder });
  throw new Unavailable('kek-missing', { category: lost });
}

/** isUnused: there is no key store yet, or nothing in it, as where something was asked of the files before the first start (`parked`, `rebuild`). */
async function isUnused(dataDir: string): Promise<boolean> {
  const file = path.join(dataDir, KEYS_FILE);
  if (!existsSync(file)) return true;
  const database = SqliteDatabase.open(file, { secureDelete: true });
  try {
    // A start makes secrets before all else.
    return (await new SqliteKeyStore(database, { alone: true }).secretNames()).length === 0;
  } finally {
    database.close();
  }
}

/** sealedHere are the categories in the events of the contexts here: without its key a command that seals one of them could not be carried out. */
function sealedHere(): readonly KekName[] {
  const declared = JSON.stringify(contextsHere().map(({ events }) => events));
  return CATEGORIES.filter((category) => declared.includes(`"x-sealed":"${category}"`));
}
