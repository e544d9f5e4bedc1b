import { createSecretKey, randomBytes, randomUUIDv7, type KeyObject } from 'node:crypto';
import { Refused, Unavailable } from '@second-opinion/kernel';
import { LRUCache } from 'lru-cache';
import type { Keks, Wrapping } from './keks';
import type { DestroyScope, KeyScope, KeyStore, WrappedKey } from './key-store';
import { KEY_BYTES, unwrap, wrap } from './wrapping';

/** PlainKey is a key that can be used now. */
export interface PlainKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

/** A key is gone from memory at most 60 s after it was loaded: 45 s of use, and a sweep every third of that; by real time. */
const CACHE = { ttl: 45_000, max: 20_000 };

/** WantedKey is the scope of a key that is wanted; `isFirst` as far as the asker knows, so that it is made without being looked for. */
export type WantedKey = KeyScope & { readonly isFirst?: boolean };

/** Answer of the store: a key, or that it was destroyed. */
export type Answer = PlainKey | 'destroyed';

/**
 * DataKeys finds and makes the data keys of (person, case, category) and the content keys under them. Plain data keys are kept for a short
 * time where this process alone uses the key store; beside others every use asks the store, so that destroyed is destroyed for all at once.
 */
export class DataKeys {
  private readonly cache: LRUCache<string, PlainKey> | undefined;
  private readonly making = new Map<string, Promise<Answer>>();
  private sweeper: NodeJS.Timeout | undefined;
  private evictions = 0;

  constructor(
    private readonly store: KeyStore,
    private readonly keks: Keks,
  ) {
    if (store.alone) this.cache = new LRUCache(CACHE);
  }

  /**
   * keysFor gives a key for every scope, by `nameOf`, and makes the missing ones in one durable write; throws
   * `Refused('person-forgotten')` when one of them is destroyed. All who ask at once for the same scope get the same key.
   */
  async keysFor(scopes: readonly WantedKey[]): Promise<ReadonlyMap<string, PlainKey>> {
    const ready = new Map<string, PlainKey>();
    const coming = new Map<string, Promise<Answer>>();
    const missing: WantedKey[] = [];
    for (const scope of scopes) {
      const name = nameOf(scope);
      if (ready.has(name) || coming.has(name)) continue;
      const known = this.cache?.get(name);
      if (known) {
        ready.set(name, known);
        continue;
      }
      const making = this.making.get(name);
      if (!making) missing.push(scope);
      coming.set(name, making ?? NOT_YET);
    }
    if (missing.length > 0) this.begin(missing).forEach((answer, name) => coming.set(name, answer));
    const names = [...coming.keys()];
    (await Promise.all(coming.values())).forEach((answer, index) => {
      if (answer === 'destroyed') throw new Refused('person-forgotten');
      ready.set(names[index] ?? '', answer);
    });
    return ready;
  }

  /** living gives the data key that a seal names; 'destroyed' when it was; `Unavailable('key-missing')` when the store does not know it. */
  async living(scope: KeyScope, keyId: string): Promise<Answer> {
    const name = nameOf(scope);
    const known = this.cache?.get(name);
    if (known?.keyId === keyId) return known;
    const evictions = this.evictions;
    const found = await this.store.find(scope);
    if (found === 'destroyed') return found;
    if (found?.keyId !== keyId) return this.lost(keyId);
    const plain = this.unwrapped(found);
    if (evictions === this.evictions) this.keep(name, plain);
    return plain;
  }

  /** newContentKey makes a content key of its own for one encryption of an object, durable before it is used. */
  async newContentKey(scope: KeyScope, object: string): Promise<PlainKey> {
    const by = (await this.keysFor([scope])).get(nameOf(scope));
    if (!by) throw new Refused('person-forgotten');
    const plain = randomBytes(KEY_BYTES);
    const place = { ...scope, keyId: randomUUIDv7(), object };
    const wrapped = wrap(plain, by.key, placeOf(place));
    const [kept] = await this.store.put([{ ...place, kekVersion: 0, wrapped }]);
    if (kept === 'destroyed') throw new Refused('person-forgotten');
    return { keyId: place.keyId, key: createSecretKey(plain) };
  }

  /** contentKey that a document names, when it is of this place; as `living` otherwise. */
  async contentKey(scope: KeyScope, object: string, keyId: string): Promise<Answer> {
    const found = await this.store.byId(keyId);
    if (found === 'destroyed') return found;
    if (found?.object !== object || nameOf(found) !== nameOf(scope)) return this.lost(keyId);
    const by = await this.dataKeyOf(scope);
    if (by === 'destroyed') return by;
    return { keyId, key: createSecretKey(unwrap(found.wrapped, by.key, placeOf(found))) };
  }

  /** isDestroyed tells whether an object's content keys were destroyed, alone or with its case. */
  async isDestroyed(scope: KeyScope, object: string): Promise<boolean> {
    return (await this.store.find(scope, object)) === 'destroyed';
  }

  /** evict forgets the plain keys of a scope that is being destroyed, also those that are just being loaded. */
  evict(scope: DestroyScope): void {
    this.evictions++;
    for (const name of this.cache?.keys() ?? []) if (covers(scope, name)) this.cache?.delete(name);
  }

  private begin(missing: readonly WantedKey[]): ReadonlyMap<string, Promise<Answer>> {
    const all = this.findOrMake(missing);
    const each = new Map<string, Promise<Answer>>();
    missing.forEach((scope, index) => {
      const name = nameOf(scope);
      const one = all.then((answers) => answers[index] ?? 'destroyed');
      each.set(name, one);
      this.making.set(name, one);
      const done = () => this.making.delete(name);
      one.then(done, done);
    });
    return each;
  }

  private async findOrMake(scopes: readonly WantedKey[]): Promise<readonly Answer[]> {
    const evictions = this.evictions;
    const find = async (scope: WantedKey) => (scope.isFirst ? undefined : this.store.find(scope));
    const found = await Promise.all(scopes.map(find));
    const fresh = new Map<number, { plain: KeyObject; wrapped: WrappedKey }>();
    scopes.forEach((scope, index) => {
      if (found[index] === undefined) fresh.set(index, this.fresh(scope));
    });
    const kept = fresh.size === 0 ? [] : await this.store.put([...fresh.values()].map(({ wrapped }) => wrapped));
    const inForce = new Map([...fresh.keys()].map((index, order) => [index, kept[order]]));
    return scopes.map((scope, index) => {
      const key = found[index] ?? inForce.get(index) ?? 'destroyed';
      if (key === 'destroyed') return key;
      const mine = fresh.get(index);
      const plain = mine?.wrapped.keyId === key.keyId ? { keyId: key.keyId, key: mine.plain } : this.unwrapped(key);
      if (evictions === this.evictions) this.keep(nameOf(scope), plain);
      return plain;
    });
  }

  private fresh({ personId, caseId, category }: KeyScope): { plain: KeyObject; wrapped: WrappedKey } {
    const { version, key } = this.keks.current(category);
    const bytes = randomBytes(KEY_BYTES);
    const place = { personId, caseId, category, keyId: randomUUIDv7() };
    const wrapped = { ...place, kekVersion: version, wrapped: wrap(bytes, key, placeOf(place)) };
    return { plain: createSecretKey(bytes), wrapped };
  }

  private unwrapped(key: WrappedKey): PlainKey {
    return { keyId: key.keyId, key: createSecretKey(this.keks.unwrap(wrappingOf(key))) };
  }

  private async dataKeyOf(scope: KeyScope): Promise<Answer> {
    const found = this.cache?.get(nameOf(scope)) ?? (await this.store.find(scope));
    if (found === undefined) throw new Unavailable('key-missing', { category: scope.category });
    if (found === 'destroyed' || 'key' in found) return found;
    return this.unwrapped(found);
  }

  private async lost(keyId: string): Promise<'destroyed'> {
    if ((await this.store.byId(keyId)) === 'destroyed') return 'destroyed';
    throw new Unavailable('key-missing', { keyId });
  }

  private keep(name: string, plain: PlainKey): void {
    if (!this.cache) return;
    this.cache.set(name, plain);
    this.sweeper ??= this.sweep(this.cache);
  }

  // Only while there is something to forget, and never a reason for the process to stay.
  private sweep(cache: LRUCache<string, PlainKey>): NodeJS.Timeout {
    const sweeper = setInterval(() => {
      cache.purgeStale();
      if (cache.size > 0) return;
      clearInterval(sweeper);
      this.sweeper = undefined;
    }, CACHE.ttl / 3);
    return sweeper.unref();
  }
}

const NOT_YET = Promise.resolve<Answer>('destroyed');

/** nameOf a scope, as the key of maps; ids of ours contain no space. */
export function nameOf({ personId, caseId, category }: KeyScope): string {
  return `${category} ${personId} ${caseId}`;
}

/** wrappingOf a data key. */
export function wrappingOf(key: WrappedKey): Wrapping {
  return { kek: key.category, version: key.kekVersion, wrapped: key.wrapped, place: placeOf(key) };
}

/** placeOf is what the wrapping of a key is bound to. */
export function placeOf({
  keyId,
  personId,
  caseId,
  category,
  object,
}: Omit<WrappedKey, 'wrapped' | 'kekVersion'>): string {
  return JSON.stringify(['second-opinion/key/v1', keyId, personId, caseId, category, object ?? null]);
}

function covers({ personId, caseId, category }: DestroyScope, name: string): boolean {
  const [ofCategory, ofPerson, ofCase] = name.split(' ');
  return (
    ofPerson === personId &&
    (caseId === undefined || ofCase === caseId) &&
    (category === undefined || ofCategory === category)
  );
}
