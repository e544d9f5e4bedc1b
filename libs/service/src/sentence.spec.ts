import { NotFound, Unavailable } from '@second-opinion/kernel';
import { sentence } from './sentence';
import { SettingsError } from './settings-error';

describe('what keeps a program from starting', () => {
  it.each([
    [
      'a host that nobody knows',
      Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }),
      /^HOST and PORT .* choose others\.$/,
    ],
    [
      'a resolver that does not answer',
      Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' }),
      /^HOST and PORT/,
    ],
    ['a port that is taken', Object.assign(new Error('listen'), { code: 'EADDRINUSE' }), /^The port is taken/],
    ['a setting', new SettingsError('KAFKA_BROKER is no setting.'), /^KAFKA_BROKER is no setting\.$/],
    [
      'the right of a user',
      new Unavailable('storage-refused', { mongodb: 13 }),
      /^The MongoDB user may not .*its own user, .*13/,
    ],
    ['a login', new Unavailable('mongodb-credentials-refused'), /^MongoDB refuses the user/],
    ['a file', new Unavailable('mongodb-file-unreadable', { why: 'ENOENT' }), /^The file .* MONGODB_URL .*ENOENT/],
    ['another file', new Unavailable('event-store.file-unreadable'), /^The file .* EVENTSTOREDB_URL/],
    [
      'brokers',
      new Error('Kafka at one:9092 did not answer within 5 s.'),
      /^Kafka at one:9092 did not answer within 5 s\.$/,
    ],
  ])('is said in one sentence: %s', (_, error, said) => {
    const one = sentence(error);
    expect(one).toMatch(said);
    expect(one).not.toContain('\n');
  });

  it('is told in words of whoever asks, when it is nothing of these', () => {
    expect(sentence(new NotFound('a.code'))).toBe('It cannot start (a.code {}).');
    expect(sentence(new NotFound('a.code'), 'It cannot be done')).toBe('It cannot be done (a.code {}).');
  });
});
