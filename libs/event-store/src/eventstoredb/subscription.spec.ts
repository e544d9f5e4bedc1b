import { PassThrough } from 'node:stream';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Batch } from '../event-store';
import { Feed } from './feed';
import { follow, type FollowedLog } from './subscription';

jest.setTimeout(30_000);

describe('a subscription that the server never answers', () => {
  it('is opened again, and comes to the end of the log with the next one', async () => {
    const subscriptions: PassThrough[] = [];
    const client = {
      subscribeToAll: () => {
        const subscription = Object.assign(new PassThrough({ objectMode: true }), {
          unsubscribe: () => Promise.resolve(),
        });
        subscriptions.push(subscription);
        // Only the second one has caught up.
        if (subscriptions.length === 2) setImmediate(() => subscription.emit('caughtUp'));
        return subscription;
      },
    } as unknown as EventStoreDBClient;
    const closed = new AbortController();
    const log: FollowedLog = {
      closed: closed.signal,
      open: (place, categories) => Promise.resolve(new Feed(client, place, 7n, categories)),
      knownEnd: () => 7n,
      askedEnd: () => 7n,
      watchEnd: () => undefined,
      next: () => Promise.resolve([]),
    };
    const batches: Batch[] = [];
    for await (const batch of follow(log, { after: '3', signal: closed.signal })) {
      batches.push(batch);
      closed.abort();
    }
    expect(batches).toEqual([{ events: [], position: '7', caughtUp: true }]);
    expect(subscriptions.map(({ destroyed }) => destroyed)).toEqual([true, true]);
  });
});
