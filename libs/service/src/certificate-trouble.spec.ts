import { Unavailable } from '@second-opinion/kernel';
import { certificateTrouble } from './certificate-trouble';

/** chain of errors, the outermost first, as a client wraps them. */
const chain = (...errors: Error[]): Error => errors.reduceRight((cause, error) => Object.assign(error, { cause }));
const node = (code: string, message = '') => Object.assign(new Error(message), { code });

describe('why a certificate was not taken', () => {
  it.each([
    ['has ended', 'CERT_HAS_EXPIRED', 'certificate has expired'],
    [
      'is for another name',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      "Hostname/IP does not match certificate's altnames: Host: a.",
    ],
    ['is not trusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'],
    ['is not trusted', 'SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'],
    ['is not trusted', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
    ['is not trusted', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'],
    ['does not hold yet', 'CERT_NOT_YET_VALID', 'certificate is not yet valid'],
  ])('it %s (%s), by whichever client', (trouble, code, words) => {
    const mongo = chain(new Unavailable('mongodb-unreachable'), new Error(words), new Error(words), node(code, words));
    const kafka = chain(
      new Error('Kafka at kafka:9092 did not answer within 60 s.'),
      new Unavailable('message-bus.unreachable'),
      node(code, `Connection error: ${words}`),
    );
    const grpc = Object.assign(
      new Error(`14 UNAVAILABLE: No connection established. Last error: Error: ${words}. Resolution note: `),
      { code: 14, type: 'unavailable' },
    );
    const events = chain(new Unavailable('event-store.unreachable'), new Unavailable('event-store.unavailable'), grpc);
    const keys = chain(new TypeError('fetch failed'), node(code));
    for (const error of [mongo, kafka, events, keys])
      expect(certificateTrouble(error)).toContain(`its certificate ${trouble}`);
  });

  it('is not said of what has other causes', () => {
    const refused = node('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1');
    for (const error of [chain(new Unavailable('mongodb-unreachable'), refused), new Error('other'), undefined, 'text'])
      expect(certificateTrouble(error)).toBeUndefined();
    expect(certificateTrouble(Object.assign(refused, { cause: refused }))).toBeUndefined();
  });
});
