import { randomBytes } from 'node:crypto';
import { Unavailable } from '@second-opinion/kernel';
import { wrappingOf } from './data-keys';
import type { Keks, KekVersion, Wrapping } from './keks';
import type { KeyStore } from './key-store';
import { Secrets, secretPlaceOf } from './secrets';
import { KEY_BYTES, wrap } from './wrapping';

const CHECK = /^kek\.([A-Z]+)\.([0-9]+)$/;

/**
 * assertKeks compares every key-encryption key that this process was given with the one that the deployment knows: call it before anything is
 * sealed or opened. The check value of a version is 32 random bytes, wrapped by it, among the secrets of the key store: made once, by
 * whoever uses that version first, and only if it opens one of the keys that are wrapped by that version already. It says no more about the
 * key than each wrapped data key does: AES-256-GCM, a fresh nonce, and a plain text that nobody knows and nothing else uses. Throws
 * `Unavailable`: `kek-wrong` (another key than the deployment's; nothing was written then that was not right), `kek-version-missing` (a file of before
 * the last `addKekVersion`).
 */
export async function assertKeks(keys: KeyStore, keks: Keks): Promise<void> {
  const known = new Set(await keys.secretNames());
  const given = keks.versions();
  assertNewest(known, keks);
  const fresh = given.filter((one) => !known.has(checkOf(one)));
  for (const one of given) if (!fresh.includes(one)) await assertSame(keys, keks, one);
  await assertOpening(keys, keks, fresh);
  for (const one of fresh) await assertSame(keys, keks, one);
}

/** A file of before the last version would wrap new keys with a key that may be retired, and opens nothing of the newer one. */
function assertNewest(known: Iterable<string>, keks: Keks): void {
  for (const name of known) {
    const [, category = '', digits = ''] = CHECK.exec(name) ?? [];
    const version = Number(digits);
    const ours = keks.versions().filter((one) => one.name === category);
    if (ours.length > 0 && ours.every((one) => one.version < version))
      throw new Unavailable('kek-version-missing', { category, version });
  }
}

/** assertSame key as stands in the key store; where none stands it is this one, unless another process was quicker. */
async function assertSame(keys: KeyStore, keks: Keks, one: KekVersion): Promise<void> {
  const place = secretPlaceOf(checkOf(one));
  const wrapped = await keys.secret(checkOf(one), () => wrap(randomBytes(KEY_BYTES), one.key, place));
  keks.unwrap({ kek: one.name, version: one.version, wrapped, place });
}

/**
 * assertOpening: where something is wrapped by such a key it must open some of it (not all: a key that was lost may have been used under the
 * same version); where nothing is, it is a key of its own.
 */
async function assertOpening(keys: KeyStore, keks: Keks, fresh: readonly KekVersion[]): Promise<void> {
  const unproved = new Map(fresh.map((one) => [checkOf(one), one]));
  const failures = new Map<string, unknown>();
  const prove = (wrapping: Wrapping) => {
    const name = checkOf({ name: wrapping.kek, version: wrapping.version });
    if (!unproved.has(name)) return;
    try {
      keks.unwrap(wrapping);
      unproved.delete(name);
      failures.delete(name);
    } catch (error) {
      failures.set(name, error);
    }
  };
  if (unproved.size > 0) for (const wrapping of await new Secrets(keys, keks).wrappings()) prove(wrapping);
  if (unproved.size > 0)
    for await (const key of keys.living()) {
      if (key.object === undefined) prove(wrappingOf(key));
      if (unproved.size === 0) break;
    }
  for (const failure of failures.values()) throw failure;
  for (const { name, version, key } of unproved.values())
    if (keks.versions().some((other) => other.name !== name && other.key.equals(key)))
      throw new Unavailable('kek-wrong', { category: name, version });
}

function checkOf({ name, version }: Pick<KekVersion, 'name' | 'version'>): string {
  return `kek.${name}.${version}`;
}
