/** Category of a seal; one data key per (person, case, category). */
export type Category = 'IDENTITY' | 'CONTACT' | 'MEDICAL' | 'BILLING';
/** CATEGORIES lists all categories, in a stable order. */
export const CATEGORIES: readonly Category[] = ['IDENTITY', 'CONTACT', 'MEDICAL', 'BILLING'];

declare const personal: unique symbol;
/**
 * Personal marks a field of a command that identifies or describes a person. It is a plain string for validation and OpenAPI,
 * and a {@link Seal} in everything behind the rim. Which category it has is declared with `@IsPersonal` (libs/nest).
 */
export type Personal = string & { readonly [personal]?: true };

declare const seal: unique symbol;
/** Seal is a compact JWE (`dir`, `A256GCM`): all that the domain ever sees of personal text. Only the vault makes or opens one. */
export type Seal = string & { readonly [seal]: true };

type IsPersonal<T> = typeof personal extends keyof NonNullable<T> ? true : false;
/** Sealed is a command as deciders see it: every {@link Personal} has become a {@link Seal}, all else is as it was. */
export type Sealed<T> = {
  [K in keyof T]: IsPersonal<T[K]> extends true
    ? Seal | Extract<T[K], undefined>
    : T[K] extends string | number | boolean | undefined | null
      ? T[K]
      : T[K] extends readonly (infer Item)[]
        ? (Item extends object ? (IsPersonal<Item> extends true ? Seal : Sealed<Item>) : Item)[]
        : NonNullable<T[K]> extends object
          ? Sealed<NonNullable<T[K]>> | Extract<T[K], undefined>
          : T[K];
};
