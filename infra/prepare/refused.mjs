/** What prepare says when it fails. */

/** REFUSED is how each engine says that it has another password for its administrator: by status, code or type. */
const REFUSED = {
  EventStoreDB: (error) => / answered 401 /.test(error.message) || error.type === 'access-denied',
  Kafka: (error) => error.type === 'SASL_AUTHENTICATION_FAILED' || error.name === 'KafkaJSSASLAuthenticationError',
  MongoDB: (error) => error.code === 18 || error.code === 'mongodb-credentials-refused',
};

/** sentenceOf an engine's failure: what went wrong, and what to do when the engine knows another password than the secret. */
export function sentenceOf(engine, error) {
  const chain = [error];
  while (chain.at(-1).cause instanceof Error) chain.push(chain.at(-1).cause);
  const said = chain.map(({ message }) => message).join(': ');
  if (!chain.some(REFUSED[engine])) return said;
  return `${engine} refuses the password of its administrator: it has another one than infra/.secrets. Put the file back from its copy, or give the engine the new one ("Passwords and keys" in infra/README.md). (${said})`;
}
