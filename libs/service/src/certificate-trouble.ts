/** TROUBLES of a certificate, by the codes and words of Node and OpenSSL; EventStoreDB's client passes on the words alone. */
const TROUBLES: readonly (readonly [form: RegExp, trouble: string])[] = [
  [/CERT_HAS_EXPIRED|certificate has expired/, 'its certificate has ended: renew it'],
  [
    /CERT_NOT_YET_VALID|certificate is not yet valid/,
    'its certificate does not hold yet: set the clocks of both machines',
  ],
  [
    /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames/,
    'its certificate is for another name: give the name that stands in it, or make one for this name',
  ],
  [/CERT_REVOKED|certificate revoked/, 'its certificate was withdrawn: make a new one'],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|self[- ]signed certificate|unable to verify the first certificate|unable to get (?:local )?issuer certificate/,
    'its certificate is not trusted: name that of its authority (tlsCAFile in MONGODB_URL, tlsCaFile in EVENTSTOREDB_URL, NODE_EXTRA_CA_CERTS for all else)',
  ],
];

/**
 * certificateTrouble finds in an error, or in what caused it, why the certificate of whom it is about was not taken, and gives it as the end
 * of a sentence with what to do; undefined when it was nothing of that kind. Gives words of ours only.
 */
export function certificateTrouble(error: unknown): string | undefined {
  const seen = new Set<unknown>();
  for (let cause = error; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
    seen.add(cause);
    const said = `${String((cause as NodeJS.ErrnoException).code)} ${cause.message}`;
    const found = TROUBLES.find(([form]) => form.test(said));
    if (found) return found[1];
  }
  return undefined;
}
