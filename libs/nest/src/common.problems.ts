import type { Problems } from './problems';

/** Generated from the sources by `npm run docs`; do not edit: what every command and every read can answer. */
export const COMMON_PROBLEMS: { readonly command: Problems; readonly read: Problems } = {
  command: {
    invalid: [
      'event-store.invalid-append',
      'event-store.invalid-position',
      'idempotency-key-invalid',
      'idempotency-key-missing',
      'invalid-request',
    ],
    forbidden: ['category-not-ours', 'forbidden'],
    'not-found': ['not-found'],
    refused: ['vault.secret-destroyed'],
    conflict: ['precondition-failed', 'too-busy'],
    unprocessable: ['idempotency-key-reused'],
    unavailable: [
      'event-store.foreign-event',
      'event-store.unavailable',
      'identity-provider-unavailable',
      'kek-version-missing',
      'kek-wrong',
      'storage-closed',
      'storage-refused',
      'storage-unavailable',
    ],
  },
  read: {
    invalid: ['event-store.invalid-position', 'invalid-position'],
    forbidden: ['category-not-ours', 'forbidden'],
    refused: ['vault.secret-destroyed'],
    unavailable: [
      'event-store.unavailable',
      'identity-provider-unavailable',
      'kek-version-missing',
      'kek-wrong',
      'storage-closed',
      'storage-refused',
      'storage-unavailable',
      'view-behind',
    ],
  },
};
