/**
 * What each service may: which key-encryption keys it is given, what it publishes and hears. One place for the secrets that are made, the
 * users and rights in the engines, and the check that docker-compose.yml and infra/README.md say the same.
 */

/** CONTEXTS are the six services. */
export const CONTEXTS = ['intake', 'scheduling', 'reporting', 'billing', 'notification', 'records'];

/** topicOf a context: its only public one, which it alone writes; beside it stand the private ones of its own policies. */
export const topicOf = (context) => `${context}.events.v1`;

/** KEKS lists the key-encryption keys. */
export const KEKS = ['identity', 'contact', 'medical', 'billing', 'secrets'];

/**
 * RIGHTS of each service. `secrets` is with all: it compares logins and request bodies, and opens no text. Intake makes all other data
 * keys of a case; notification opens the address and the motivation of a refusal, which it tells the employee.
 */
export const RIGHTS = {
  intake: {
    keks: ['identity', 'contact', 'medical', 'billing', 'secrets'],
    hears: ['scheduling', 'reporting', 'billing', 'records'],
  },
  scheduling: { keks: ['secrets'], hears: ['intake', 'reporting', 'billing'] },
  reporting: { keks: ['medical', 'secrets'], hears: ['intake', 'scheduling', 'billing', 'notification'] },
  billing: { keks: ['billing', 'secrets'], hears: ['intake', 'scheduling', 'reporting'] },
  notification: {
    keks: ['contact', 'medical', 'secrets'],
    hears: ['intake', 'scheduling', 'reporting', 'billing', 'records'],
  },
  records: { keks: ['secrets'], hears: [] },
};
