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
      settledEnd: () => 7n,
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

describe('a subscription that the server lets fall behind without a word', () => {
  it('has not caught up before it has been where the log ended a second ago', async () => {
    const subscription = Object.assign(new PassThrough({ objectMode: true }), { unsubscribe: () => Promise.resolve() });
    const client = { subscribeToAll: () => subscription } as unknown as EventStoreDBClient;
    const closed = new AbortController();
    let end = 3n;
    const log: FollowedLog = {
      closed: closed.signal,
      open: (place, categories) => Promise.resolve(new Feed(client, place, 3n, categories)),
      knownEnd: () => end,
      settledEnd: () => end,
      askedEnd: () => 0n,
      watchEnd: () => undefined,
      next: () => Promise.resolve([]),
    };
    const event = (place: bigint) => ({
      event: {
        ...{ streamId: 'a.case-1', revision: place, id: `event-${place}`, type: 'Noted', isJson: true },
        ...{ data: {}, metadata: {}, position: { commit: place, prepare: place } },
      },
    });
    const seen: unknown[] = [];
    setImmediate(() => subscription.emit('caughtUp'));
    for await (const { position, caughtUp } of follow(log, { after: '1', signal: closed.signal })) {
      seen.push([position, caughtUp]);
      if (seen.length === 1) {
        end = 9n;
        subscription.push(event(5n));
      }
      if (seen.length === 2) subscription.push(event(9n));
      if (seen.length === 3) closed.abort();
    }
    expect(seen).toEqual([
      ['3', true],
      ['5', false],
      ['9', true],
    ]);
  });
});
