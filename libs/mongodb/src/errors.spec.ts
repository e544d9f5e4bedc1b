import {
  BulkWriteResult,
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  type WriteConcernError,
} from 'mongodb';
import { storageError } from './errors';

describe('what a server says, and what its connection does', () => {
  it.each([
    ['a write conflict', 112],
    ['a server that shuts down', 91],
    ['a transaction that it does not know any more', 251],
    ['no longer the primary', 10_107],
    ['a password that is being changed', 18],
    ['a user who is being made', 11],
  ])('%s is storage that is away: it may have happened or not', (_, code) => {
    expect(storageError(new MongoServerError({ code }))).toMatchObject({
      kind: 'unavailable',
      code: 'storage-unavailable',
      facts: { mongodb: code },
    });
  });

  it('a connection that the other side ended under a write is storage that is away, though the driver hands out what Node said', () => {
    const ended = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
    expect(storageError(ended)).toMatchObject({ code: 'storage-unavailable', facts: { mongodb: 'EPIPE' } });
    const other = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    expect(storageError(other)).toBe(other);
  });

  it('what breaks the connection under a bulk write is known, though it comes in an error of the bulk write', () => {
    const ended = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
    for (const [cause, mongodb] of [
      [ended, 'EPIPE'],
      [new MongoNetworkError('connection closed'), 'MongoNetworkError'],
    ] as const) {
      const bulk = new MongoBulkWriteError(cause as unknown as WriteConcernError, {} as BulkWriteResult);
      expect(storageError(bulk)).toMatchObject({ code: 'storage-unavailable', facts: { mongodb } });
    }
  });

  it('no free connection in time is storage that is away', () => {
    const waited = Object.assign(new MongoError('Timed out while checking out a connection'), {});
    Object.defineProperty(waited, 'name', { value: 'MongoWaitQueueTimeoutError' });
    expect(storageError(waited)).toMatchObject({ code: 'storage-unavailable' });
  });

  it('what this user may not do is refused, and anything else stays what it is', () => {
    expect(storageError(new MongoServerError({ code: 13 }))).toMatchObject({ code: 'storage-refused' });
    const wrong = new MongoServerError({ code: 2 });
    expect(storageError(wrong)).toBe(wrong);
  });
});
