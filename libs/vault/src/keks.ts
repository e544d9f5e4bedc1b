import { createSecretKey, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CATEGORIES, Forbidden, Unavailable, type Category } from '@second-opinion/kernel';
import { KEY_BYTES, unwrap } from './wrapping';

/**
 * KekName names a key-encryption key. Each category has its own, given only to the services that need it. `SECRETS` wraps what every
 * service needs to know a login and compare bodies (secrets.ts); the blind index and invitations are under IDENTITY.
 */
export type KekName = Category | 'SECRETS';

/** KEK_NAMES lists all. */
export const KEK_NAMES: readonly KekName[] = [...CATEGORIES, 'SECRETS'];

/** KekSources: a file for each name that this process was given, and a folder in which missing ones are made (standalone only). */
export interface KekSources {
  readonly files?: Partial<Record<KekName, string>>;
  readonly folder?: string;
}

/** KekVersion is one version of a key-encryption key. */
export interface KekVersion {
  readonly name: KekName;
  readonly version: number;
  readonly key: KeyObject;
}

/** Wrapping is what stands wrapped by a version of a key-encryption key, and the place to which it is bound. */
export interface Wrapping {
  readonly kek: KekName;
  readonly version: number;
  readonly wrapped: Uint8Array;
  readonly place: string;
}

interface KekFile {
  readonly current: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** Keks are the key-encryption keys that this process was given. A file holds all versions that still wrap something. */
export class Keks {
  private constructor(private readonly keks: ReadonlyMap<KekName, { current: number; keys: Map<number, KeyObject> }>) {}

  /**
   * load reads the files. A file that was named and cannot be read is an error (`Unavailable('kek-unreadable')`), never made anew: a new
   * key would open nothing. With a folder, `<folder>/<name>.kek` is made at the first start for names without a file, readable by its
   * owner alone; two processes that start at once end up with the same key.
   */
  static load({ files = {}, folder }: KekSources): Keks {
    const keks = new Map<KekName, { current: number; keys: Map<number, KeyObject> }>();
    for (const name of KEK_NAMES) {
      const file = files[name] ?? (folder === undefined ? undefined : made(join(folder, `${name.toLowerCase()}.kek`)));
      if (file === undefined) continue;
      const { current, versions } = read(file, name);
      const keys = Object.entries(versions).map(
        ([version, key]) => [Number(version), createSecretKey(key, 'base64url')] as const,
      );
      keks.set(name, { current, keys: new Map(keys) });
    }
    return new Keks(keks);
  }

  has(name: KekName): boolean {
    return this.keks.has(name);
  }

  /** current version, with which new keys are wrapped; `Forbidden('category-not-ours')` when this process was not given it. */
  current(name: KekName): { readonly version: number; readonly key: KeyObject } {
    const version = this.given(name).current;
    return { version, key: this.key(name, version) };
  }

  /** versions of every key that this process was given. */
  versions(): readonly KekVersion[] {
    return [...this.keks].flatMap(([name, { keys }]) => [...keys].map(([version, key]) => ({ name, version, key })));
  }

  /**
   * unwrap what a version has wrapped. Throws `Unavailable`: `kek-version-missing` when the file no longer (or not yet) holds it, `kek-wrong`
   * when it is another key than the one that wrapped this, or these bytes are for another place.
   */
  unwrap({ kek, version, wrapped, place }: Wrapping): Buffer {
    const key = this.key(kek, version);
    try {
      return unwrap(wrapped, key, place);
    } catch (error) {
      throw new Unavailable('kek-wrong', { category: kek, version }, { cause: error });
    }
  }

  private key(name: KekName, version: number): KeyObject {
    const key = this.given(name).keys.get(version);
    if (!key) throw new Unavailable('kek-version-missing', { category: name, version });
    return key;
  }

  private given(name: KekName) {
    const kek = this.keks.get(name);
    if (!kek) throw new Forbidden('category-not-ours', { category: name });
    return kek;
  }
}

/** addKekVersion puts a new key into a file and makes it the current one; the earlier ones stay until `retireKekVersions`. */
export function addKekVersion(file: string, name: KekName): number {
  const { current, versions } = read(file, name);
  const version = Math.max(current, ...Object.keys(versions).map(Number)) + 1;
  replace(file, { current: version, versions: { ...versions, [version]: newKey() } });
  return version;
}

/** retireKekVersions removes all but the current version: nothing that an older backup holds can be unwrapped any more. */
export function retireKekVersions(file: string, name: KekName): void {
  const { current, versions } = read(file, name);
  replace(file, { current, versions: { [current]: versions[current] ?? '' } });
}

function made(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = written(file, { current: 1, versions: { 1: newKey() } });
  try {
    linkSync(temporary, file);
    syncFolder(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  return file;
}

function replace(file: string, content: KekFile): void {
  renameSync(written(file, content), file);
  syncFolder(file);
}

function written(file: string, content: KekFile): string {
  const temporary = `${file}.${randomUUID()}`;
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(content)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return temporary;
}

function syncFolder(file: string): void {
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

function read(file: string, name: KekName): KekFile {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isKekFile(content)) return content;
  } catch (error) {
    throw new Unavailable('kek-unreadable', { category: name }, { cause: error });
  }
  throw new Unavailable('kek-unreadable', { category: name });
}

function isKekFile(content: unknown): content is KekFile {
  if (typeof content !== 'object' || content === null || !('current' in content) || !('versions' in content))
    return false;
  const { current, versions } = content;
  if (typeof current !== 'number' || typeof versions !== 'object' || versions === null) return false;
  const entries: readonly [string, unknown][] = Object.entries(versions);
  const whole = entries.every(
    ([version, key]) =>
      /^[1-9][0-9]{0,8}$/.test(version) &&
      typeof key === 'string' &&
      Buffer.from(key, 'base64url').length === KEY_BYTES,
  );
  return whole && Object.hasOwn(versions, String(current));
}
