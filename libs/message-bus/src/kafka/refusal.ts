/** LOGIN: the listener takes no login of this kind, or none at all. */
const LOGIN = ['UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE'];

/** isRefusal: the broker does not let this user in, or that is what something else was caused by. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KafkaJSSASLAuthenticationError' || LOGIN.includes(typeOf(error) ?? '')) return true;
  return isRefusal(error.cause);
}

/** isHidden: the user may not see this topic; of one that is not there he hears the same. */
export function isHidden(error: unknown): boolean {
  return typeOf(error) === 'TOPIC_AUTHORIZATION_FAILED';
}

/** isCutOff: who listens there took the connection and ended it, as a listener does that wants TLS, or none, or a login. */
export function isCutOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KafkaJSConnectionClosedError' || (error as NodeJS.ErrnoException).code === 'ECONNRESET')
    return true;
  return isCutOff(error.cause);
}

function typeOf(error: unknown): string | undefined {
  return (error as { type?: string } | undefined)?.type;
}
