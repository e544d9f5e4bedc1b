import {
  CATEGORIES,
  Refused,
  type Category,
  type Decider,
  type InstancesOf,
  type Instant,
  type Sealed,
} from '@second-opinion/kernel';
import type * as commands from './erasure.commands';
import type { NamedKey } from './erasure.commands';
import { ERASURE_BASES, type ErasureBasis, type ErasureDecided, type ErasureEvent } from './erasure.events';
import { assertForgettable, billsStayUntil, type CaseFacts } from './retention.rules';

/** What of a person was decided to be forgotten: scopes, and the keys that were named. */
export interface Erasure {
  readonly scopes: readonly string[];
  readonly keyIds: readonly string[];
}

type Scope = ErasureDecided['data'];
/** OF_PERSON: who he is and how he is reached belong to no case, and go with the last one. */
export const OF_PERSON: readonly Category[] = ['IDENTITY', 'CONTACT'];

export const erasure: Decider<InstancesOf<typeof commands>, Erasure, ErasureEvent> = {
  category: 'records.erasure',
  rulesVersion: 'erasure-3',
  initial: { scopes: [], keyIds: [] },
  streamId: ({ personId }) => String(personId),
  decide: {
    DestroyKeys: (command, state, { now }) => {
      const { personId, caseId, category, basis, keys = [], cases = [], personKeys = [] } = command;
      const categories = categoriesOf(category, basis);
      const scope: Scope = { personId, ...(caseId === undefined ? {} : { caseId }), categories, basis };
      const decided = decision(scope, keys, state);
      if (decided.length > 0) assertForgettable(scope, cases, now);
      const person: Scope = { personId, categories: [...OF_PERSON], basis };
      return isLastOfPerson(command, state, now) ? [...decided, ...decision(person, personKeys, state)] : decided;
    },
  },
  evolve: (state, event) =>
    event.type === 'ErasureDecided'
      ? { ...state, scopes: [...state.scopes, nameOf(event.data)] }
      : { ...state, keyIds: [...state.keyIds, event.data.keyId] },
};

/** decision to forget a scope, and the keys of it that were not named yet; nothing when all of that was decided before. */
function decision(scope: Scope, keys: readonly NamedKey[], { scopes, keyIds }: Erasure): ErasureEvent[] {
  const { personId, categories, basis } = scope;
  const fresh = keys.filter((key) => categories.includes(key.category) && !keyIds.includes(key.keyId));
  if (fresh.length === 0 && scopes.includes(nameOf(scope))) return [];
  const destroyed = fresh.map(({ keyId, caseId: of, category, object }): ErasureEvent => {
    const data = { keyId, personId, ...(of === '' ? {} : { caseId: of }), category, basis };
    return { type: 'SubjectKeyDestroyed', data: object === undefined ? data : { ...data, object } };
  });
  return [{ type: 'ErasureDecided', data: scope }, ...destroyed];
}

/**
 * isLastOfPerson: his other cases are forgotten as a whole and their bills need not be kept any more, and the term of this one, of which everything goes, has
 * ended. On his own request he still has his login, and hears what becomes of an open case, until its bills are out of term too; all of him goes
 * when he, or the end of a term, asks for it.
 */
function isLastOfPerson(
  { caseId, category, basis, ownCases = [] }: Sealed<commands.DestroyKeys>,
  { scopes }: Erasure,
  now: Instant,
): boolean {
  if (caseId === undefined || category !== undefined || basis === 'EMPLOYEE_REQUEST') return false;
  const isForgotten = (of: string) =>
    ERASURE_BASES.some((each) => scopes.includes(nameOf({ caseId: of, categories: categoriesOf(undefined, each) })));
  const isGone = (one: CaseFacts) => now >= billsStayUntil(one) && isForgotten(one.caseId);
  const others = ownCases.filter((one) => one.caseId !== caseId);
  return others.length < ownCases.length && others.every(isGone);
}

/** isPersonForgotten: who he is and how he is reached have gone with his last case. */
export function isPersonForgotten({ scopes }: Erasure): boolean {
  return scopes.includes(nameOf({ categories: OF_PERSON }));
}

/** Bills stay as long as the tax office may ask for them, whatever the employee wishes (AVG 17(3)); at the end of their term they go too. */
export function categoriesOf(category: Category | undefined, basis: ErasureBasis): Category[] {
  const billingMustStay = basis === 'EMPLOYEE_REQUEST';
  if (category === 'BILLING' && billingMustStay) throw new Refused('records.tax-duty', { category });
  if (category !== undefined) return [category];
  return CATEGORIES.filter((each) => !(each === 'BILLING' && billingMustStay));
}

function nameOf({ caseId = '', categories }: { caseId?: string; categories: readonly Category[] }): string {
  return [caseId, ...categories].join('/');
}
