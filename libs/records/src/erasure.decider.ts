import { CATEGORIES, Refused, type Category, type Decider, type InstancesOf } from '@second-opinion/kernel';
import type * as commands from './erasure.commands';
import type { ErasureBasis, ErasureDecided, ErasureEvent } from './erasure.events';
import { assertForgettable } from './retention.rules';

/** What of a person was decided to be forgotten: scopes, and the keys that were named. */
export interface Erasure {
  readonly scopes: readonly string[];
  readonly keyIds: readonly string[];
}

type Scope = ErasureDecided['data'];

export const erasure: Decider<InstancesOf<typeof commands>, Erasure, ErasureEvent> = {
  category: 'records.erasure',
  rulesVersion: 'erasure-2',
  initial: { scopes: [], keyIds: [] },
  streamId: ({ personId }) => String(personId),
  decide: {
    DestroyKeys: ({ personId, caseId, category, basis, keys = [], cases = [] }, state, { now }) => {
      const categories = categoriesOf(category, basis);
      const ofCase = caseId === undefined ? {} : { caseId };
      const scope: Scope = { personId, ...ofCase, categories, basis };
      const fresh = keys.filter((key) => categories.includes(key.category) && !state.keyIds.includes(key.keyId));
      if (fresh.length === 0 && state.scopes.includes(nameOf(scope))) return [];
      assertForgettable(scope, cases, now);
      const destroyed = fresh.map(({ keyId, caseId: of, category: kind, object }): ErasureEvent => {
        const data = { keyId, personId, ...(of === '' ? {} : { caseId: of }), category: kind, basis };
        return { type: 'SubjectKeyDestroyed', data: object === undefined ? data : { ...data, object } };
      });
      return [{ type: 'ErasureDecided', data: scope }, ...destroyed];
    },
  },
  evolve: (state, event) =>
    event.type === 'ErasureDecided'
      ? { ...state, scopes: [...state.scopes, nameOf(event.data)] }
      : { ...state, keyIds: [...state.keyIds, event.data.keyId] },
};

/** Bills stay as long as the tax office may ask for them, whatever the employee wishes (AVG 17(3)); at the end of their term they go too. */
export function categoriesOf(category: Category | undefined, basis: ErasureBasis): Category[] {
  const billingMustStay = basis === 'EMPLOYEE_REQUEST';
  if (category === 'BILLING' && billingMustStay) throw new Refused('records.tax-duty', { category });
  if (category !== undefined) return [category];
  return CATEGORIES.filter((each) => !(each === 'BILLING' && billingMustStay));
}

function nameOf({ caseId = '', categories }: Scope): string {
  return [caseId, ...categories].join('/');
}
