import { AttemptTimedOut, backoffMs, CutOff, isPassing, isRefused, mayBeKept, movesOn } from './passing-errors';

const grpc = (code: number, message = '', type?: string) => Object.assign(new Error(message), { code, type });

describe('isPassing', () => {
  it.each([
    ['the server is away', grpc(14, 'No connection established')],
    ['the call was cancelled', grpc(1, 'Cancelled by the server')],
    ['the deadline has passed', grpc(4)],
    ['the consumer was too slow', grpc(10, 'Consumer too slow')],
    ['a clean stop', grpc(13, '13 INTERNAL: Received RST_STREAM with code 2 (Internal server error)')],
    ['a deadline of an append, which has no code', Object.assign(new Error(), { type: 'deadline-exceeded' })],
    ['a server that has just started', new Error('Could not recognize Server Is Not Ready')],
    ['a connection that is being replaced', new Error('Channel has been shut down')],
    ['a server that cannot read its users yet', grpc(2, '2 UNKNOWN: Internal server error')],
    ['a cluster without a leader', new Error('Failed to discover after 10 attempts.')],
    ['a node that knows of no leader', grpc(2, '2 UNKNOWN: No leader info available in response')],
    ['the same, to one append', new Error('Could not recognize No leader info available in response')],
    ['a busy server, to one append', new Error('Could not recognize Server Is Busy')],
    ['a leader elsewhere', Object.assign(new Error(), { type: 'not-leader' })],
    ['half an answer', new CutOff('the client was replaced meanwhile')],
    ['no answer at all', new AttemptTimedOut('no answer within 5000 ms')],
  ])('waits: %s', (_, error) => {
    expect(isPassing(error)).toBe(true);
  });

  it.each([
    ['too large a message', grpc(8)],
    ['an argument that cannot be sent', grpc(13, '13 INTERNAL: Request message serialization failure')],
    ['a position that is none', grpc(2)],
    ['no access', grpc(16, '', 'access-denied')],
    ['a conflict', Object.assign(new Error(), { type: 'wrong-expected-version' })],
    ['a bug', new TypeError('undefined is not a function')],
    ['no error', undefined],
  ])('does not wait: %s', (_, error) => {
    expect(isPassing(error)).toBe(false);
  });
});

describe('isRefused', () => {
  it.each([
    ['another password', grpc(16, '16 UNAUTHENTICATED: '), true],
    ['another password, as the client says it', grpc(16, '', 'access-denied'), true],
    ['no right to this', grpc(7, '7 PERMISSION_DENIED: Access Denied'), true],
    ['a server that is away', grpc(14), false],
    ['a bug', new TypeError('undefined is not a function'), false],
    ['no error', undefined, false],
  ])('%s', (_, error, refused) => {
    expect(isRefused(error)).toBe(refused);
  });
});

describe('movesOn', () => {
  it.each([
    ['the server is away', grpc(14, '', 'unavailable'), true],
    ['a leader elsewhere', Object.assign(new Error(), { type: 'not-leader' }), true],
    ['the server ended the call', grpc(1, '', 'cancelled'), true],
    ['the consumer was too slow', grpc(10, '', 'timeout'), false],
    ['no error', undefined, false],
  ])('%s', (_, error, moves) => {
    expect(movesOn(error)).toBe(moves);
  });
});

describe('mayBeKept', () => {
  it.each([
    ['a clean stop', grpc(13, '13 INTERNAL: Received RST_STREAM with code 2 (Internal server error)'), true],
    ['a cluster without a leader', new Error('Failed to discover after 10 attempts.'), true],
    ['a server that is away', grpc(14, 'No connection established'), false],
    ['an argument that cannot be sent', grpc(13, '13 INTERNAL: Request message serialization failure'), false],
    ['no answer at all', new AttemptTimedOut('no answer within 5000 ms'), false],
  ])('%s', (_, error, kept) => {
    expect(mayBeKept(error)).toBe(kept);
  });
});

describe('backoffMs', () => {
  it('grows with failures, is never the same for all, and has a bound', () => {
    for (const failures of [0, 3, 8, 1_000]) {
      const waits = Array.from({ length: 50 }, () => backoffMs(failures, 1_000));
      const most = Math.min(1_000, 25 * 2 ** failures);
      expect(Math.max(...waits)).toBeLessThanOrEqual(most);
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(most / 2);
      expect(new Set(waits).size).toBeGreaterThan(1);
    }
  });
});
