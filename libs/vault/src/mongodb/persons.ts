import type { Category } from '@second-opinion/kernel';
import { binaryOf, bytesOf } from '@second-opinion/mongodb';
import type { Binary, Document, Filter } from 'mongodb';
import type { DestroyScope, KeyScope, WrappedKey } from '../key-store';

/** PersonDocument: all keys of one person, living and destroyed, in one document, so that putting and destroying exclude each other. */
export interface PersonDocument {
  readonly _id: string;
  readonly keys?: readonly KeyEntry[];
  /** scopes destroyed for ever; what is left out of one stands for all of it. */
  readonly scopes?: readonly Omit<DestroyScope, 'personId'>[];
  readonly destroyed?: readonly DestroyedEntry[];
}

/** DestroyedEntry remembers a key that is no more; `object` is empty for data keys. */
export interface DestroyedEntry {
  readonly keyId: string;
  readonly caseId: string;
  readonly category: Category;
  readonly object: string;
}

/** KeyEntry is a living key, in the order in which it came. */
export interface KeyEntry extends DestroyedEntry {
  readonly kekVersion: number;
  readonly wrapped: Binary;
}

/** entryOf a key. */
export function entryOf({ keyId, caseId, category, object, kekVersion, wrapped }: WrappedKey): KeyEntry {
  return { keyId, caseId, category, object: object ?? '', kekVersion, wrapped: binaryOf(wrapped) };
}

/** keyOf an entry of this person. */
export function keyOf(
  personId: string,
  { keyId, caseId, category, object, kekVersion, wrapped }: KeyEntry,
): WrappedKey {
  return {
    keyId,
    personId,
    caseId,
    category,
    kekVersion,
    wrapped: bytesOf(wrapped),
    ...(object === '' ? {} : { object }),
  };
}

/** isWithin tells whether a key lies in a scope. */
export function isWithin(scope: Omit<DestroyScope, 'personId'>, entry: Omit<DestroyedEntry, 'keyId'>): boolean {
  return (
    (scope.caseId === undefined || scope.caseId === entry.caseId) &&
    (scope.category === undefined || scope.category === entry.category) &&
    (scope.object === undefined || scope.object === entry.object)
  );
}

/** answerOf what stands in a person's document: the key in force for this place, 'destroyed', or undefined when a new one may come. */
export function answerOf(
  person: PersonDocument | null,
  place: KeyScope,
  object: string | undefined,
): WrappedKey | 'destroyed' | undefined {
  const at = { caseId: place.caseId, category: place.category, object: object ?? '' };
  const entry = person?.keys?.findLast((key) => isWithin(at, key));
  if (entry) return keyOf(place.personId, entry);
  return person?.scopes?.some((scope) => isWithin(scope, at)) ? 'destroyed' : undefined;
}

/** freeFor is the condition under which these keys may be added: no scope over them destroyed, no data key there already, none of them twice. */
export function freeFor(entries: readonly KeyEntry[]): Filter<PersonDocument> {
  const conditions = entries.flatMap(({ caseId, category, object }): Filter<PersonDocument>[] => [
    { scopes: { $not: { $elemMatch: over(caseId, category, object) } } },
    ...(object === '' ? [{ keys: { $not: { $elemMatch: { caseId, category, object } } } }] : []),
  ]);
  return { $and: [...conditions, { 'keys.keyId': { $nin: entries.map(({ keyId }) => keyId) } }] };
}

function over(caseId: string, category: Category, object: string): Document {
  const or = (value: string) => ({ $in: [value, null] });
  return { caseId: or(caseId), category: or(category), object: or(object) };
}

/** destruction of a scope, in one update: the scope and its keys' ids are remembered, the keys go. */
export function destruction({ caseId, category, object }: DestroyScope): Document[] {
  const fields = Object.entries({ caseId, category, object }).filter(([, value]) => value !== undefined);
  const inside = { $and: fields.map(([field, value]) => ({ $eq: [`$$key.${field}`, { $literal: value }] })) };
  const keys = { $ifNull: ['$keys', []] };
  const scopes = { $ifNull: ['$scopes', []] };
  const scope = { $literal: Object.fromEntries(fields) };
  return [
    {
      $set: {
        scopes: { $cond: [{ $in: [scope, scopes] }, scopes, { $concatArrays: [scopes, [scope]] }] },
        destroyed: {
          $concatArrays: [
            { $ifNull: ['$destroyed', []] },
            {
              $map: {
                input: { $filter: { input: keys, as: 'key', cond: inside } },
                as: 'key',
                in: {
                  keyId: '$$key.keyId',
                  caseId: '$$key.caseId',
                  category: '$$key.category',
                  object: '$$key.object',
                },
              },
            },
          ],
        },
        keys: { $filter: { input: keys, as: 'key', cond: { $not: [inside] } } },
      },
    },
  ];
}
