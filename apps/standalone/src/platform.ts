import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Provider } from '@nestjs/common';
import { SqliteAccessLog } from '@second-opinion/access-log/sqlite';
import { SqliteDocumentStore } from '@second-opinion/document-store/sqlite';
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import { dutchCalendar, Unavailable, type Clock } from '@second-opinion/kernel';
import { SqliteMessageBus } from '@second-opinion/message-bus/sqlite';
import {
  LinkedIdentities,
  OffsetClock,
  OidcTokens,
  SystemClock,
  type Platform,
  type TokenVerifier,
} from '@second-opinion/nest';
import { onlyProcess, SqliteDatabase } from '@second-opinion/sqlite';
import { KEK_NAMES, Keks, PersonLinks, SealingVault, VaultHashes } from '@second-opinion/vault';
import { SqliteKeyStore } from '@second-opinion/vault/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { createRemoteJWKSet } from 'jose';
import { DEV_ISSUER, DevIssuer } from './dev-issuer';
import type { Settings } from './settings';

/** OpenPlatform is a platform on SQLite files, with what must be closed at the end. */
export interface OpenPlatform {
  readonly platform: Platform;
  readonly issuer: DevIssuer | undefined;
  /** clean destroys the body keys of months that ended more than 35 days ago. */
  clean(): Promise<unknown>;
  close(): void;
}

/**
 * openPlatform opens the files of a standalone deployment: events, views, messages and documents in one, keys and access log each in one
 * of their own. Throws what the files throw (`storage-unopenable`, `storage-not-ours`, `kek-unreadable` …).
 */
export async function openPlatform(settings: Settings, more: readonly Provider[]): Promise<OpenPlatform> {
  const file = (name: string) => path.join(settings.dataDir, name);
  const release = onlyProcess(file('process.lock'));
  const opened: SqliteDatabase[] = [];
  const open = (name: string, secureDelete = false) => {
    const database = SqliteDatabase.open(file(name), { secureDelete });
    opened.push(database);
    return database;
  };
  const close = () => {
    for (const one of opened) one.close();
    release();
  };
  try {
    const keks = loadKeks(settings, file);
    const main = open('second-opinion.db');
    const keys = new SqliteKeyStore(open('keys.db', true));
    const accessLog = new SqliteAccessLog(open('access-log.db'));
    const clock: Clock = settings.deployment === 'production' ? new SystemClock() : new OffsetClock(settings.clockFile);
    const issuer =
      settings.deployment === 'production' ? undefined : await DevIssuer.open(settings.dataDir, settings.oidcAudience);
    const links = new PersonLinks(keys, keks);
    const hashes = await VaultHashes.open(keys, keks, clock);
    const platform: Platform = {
      events: new SqliteEventStore(main),
      bus: new SqliteMessageBus(main),
      views: new SqliteViewStore(main),
      documents: new SqliteDocumentStore(main),
      accessLog,
      keys,
      links,
      vault: new SealingVault({ keys, keks, accessLog, clock }),
      clock,
      calendar: dutchCalendar(),
      tokens: tokensOf(settings, issuer),
      identities: new LinkedIdentities(links),
      hashes,
      deployment: { application: 'standalone', kind: settings.deployment, replica: 'standalone', alone: true },
      more: [
        ...more,
        ...(issuer ? [{ provide: DevIssuer, useValue: issuer }] : []),
        ...(clock instanceof OffsetClock ? [{ provide: OffsetClock, useValue: clock }] : []),
      ],
    };
    return { platform, issuer, clean: () => hashes.destroyOldMacKeys(clock.now()), close };
  } catch (error) {
    close();
    throw error;
  }
}

function tokensOf({ oidcIssuer, oidcAudience, oidcJwksUrl }: Settings, issuer: DevIssuer | undefined): TokenVerifier {
  if (oidcIssuer !== undefined && oidcJwksUrl !== undefined)
    return new OidcTokens(oidcIssuer, oidcAudience, createRemoteJWKSet(new URL(oidcJwksUrl)));
  if (issuer === undefined) throw new TypeError('a production deployment has an OIDC issuer: settings see to it');
  return new OidcTokens(DEV_ISSUER, oidcAudience, issuer.keys());
}

/**
 * loadKeks makes missing key-encryption keys only where there is nothing yet that they could open: beside a key store that is there
 * already, a missing one was lost, and a new one would open nothing (`kek-missing`).
 */
function loadKeks(settings: Settings, file: (name: string) => string): Keks {
  const files: Readonly<Record<string, string>> = kekFiles(settings.env);
  const folder = file('keks');
  for (const name of existsSync(file('keys.db')) ? KEK_NAMES : []) {
    const lost = files[name] === undefined && !existsSync(path.join(folder, `${name.toLowerCase()}.kek`));
    if (lost) throw new Unavailable('kek-missing', { category: name });
  }
  return Keks.load({ files, folder });
}

function kekFiles(env: Settings['env']) {
  const named = KEK_NAMES.flatMap((name) => {
    const at = env[`VAULT_KEK_${name}_FILE`];
    return at === undefined ? [] : [[name, at] as const];
  });
  return Object.fromEntries(named);
}
