import type { KekName, Keks } from './keks';
import type { KeyStore, WrappedKey } from './key-store';
import { placeOf, wrappingOf } from './data-keys';
import { Secrets } from './secrets';
import { wrap } from './wrapping';

const AT_ONCE = 500;

/**
 * rotate wraps every living key and secret of this key-encryption key with its current version; returns how many. It may be interrupted
 * and repeated, and run while others seal and open. Afterwards nothing living needs the earlier versions: retire them
 * (`retireKekVersions`), and no older backup of the key store opens anything any more, the destroyed keys in it included.
 */
export async function rotate(keys: KeyStore, keks: Keks, name: KekName): Promise<number> {
  const { version, key } = keks.current(name);
  let count = await new Secrets(keys, keks).rewrap(name);
  let batch: WrappedKey[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    await keys.rewrap(batch);
    count += batch.length;
    batch = [];
  };
  for await (const old of keys.living()) {
    if (old.category !== name || old.object !== undefined || old.kekVersion >= version) continue;
    const plain = keks.unwrap(wrappingOf(old));
    batch.push({ ...old, kekVersion: version, wrapped: wrap(plain, key, placeOf(old)) });
    if (batch.length === AT_ONCE) await flush();
  }
  await flush();
  return count;
}
