import { WrongExpectedVersionError, type EventStoreDBClient } from '@eventstore/db-client';
import { Unavailable } from '@second-opinion/kernel';
import { Connection } from './connection';
import { Feed } from './feed';
import { LogEnd } from './log-reads';
import { isRefused } from './passing-errors';
import { FROM_LEADER } from './records';

/** LAYOUT of what this product writes, kept as metadata of a stream that has no events; a later one is refused. */
const LAYOUT = 1;
const LAYOUT_STREAM = 'event-store.layout-1';
const SILENT_MS = 5_000;

/** gRPC: nobody knows this user, or not with this password. */
const UNAUTHENTICATED = 16;

/**
 * checkServer waits until the server answers, and refuses it with a sentence's worth of reason: unreachable, unknown user, no right, too old to
 * say when a subscription has caught up, or a log of a later version of this product. It leaves the mark of the layout in a log that has none:
 * where users have no right to that, the step that prepares the server has called it as one who does.
 */
export async function checkServer(url: string, waitMs: number): Promise<void> {
  const server = hostsOf(url);
  const connection = connectionTo(url, server);
  try {
    const patience = { attemptMs: SILENT_MS, giveUpMs: waitMs };
    await connection
      .call((client) => checkAnswers(client, server), patience)
      .catch((error: unknown) => {
        throw reasonOf(error, server, waitMs);
      });
  } finally {
    await connection.close();
  }
}

function connectionTo(url: string, server: string): Connection {
  try {
    return Connection.to(url);
  } catch (error) {
    // The client says of a file that is not there, or not to be read, nothing but this.
    const unread = error instanceof Error && /^Failed to load .*file/.test(error.message);
    throw new Unavailable(unread ? 'event-store.file-unreadable' : 'event-store.bad-url', { server }, { cause: error });
  }
}

/** hostsOf the URL, without what it says of users and passwords. */
function hostsOf(url: string): string {
  return /^[a-z+]+:\/\/(?:[^@/?]*@)?([^/?]+)/.exec(url)?.[1] ?? '';
}

function reasonOf(error: unknown, server: string, waitMs: number): unknown {
  if (!(error instanceof Unavailable) || error.code !== 'event-store.unavailable') return error;
  const { cause } = error;
  if (!isRefused(cause))
    return new Unavailable('event-store.unreachable', { server, waitedMs: waitMs }, { cause: error });
  // To a user whom the server knows it answers otherwise, when he has no right to this.
  const { code } = cause as { code?: unknown };
  const refused = code === UNAUTHENTICATED ? 'event-store.access-denied' : 'event-store.not-permitted';
  return new Unavailable(refused, { server }, { cause });
}

async function checkAnswers(client: EventStoreDBClient, server: string): Promise<void> {
  const end = await new LogEnd().find(client, SILENT_MS);
  await checkSubscriptions(client, end ?? 0n, server);
  await checkLayout(client, server);
}

/**
 * checkSubscriptions: servers before 23.10 never say that a subscription has caught up. One that is away or frozen says nothing either: only
 * who answers a read in the middle of the silence is too old.
 */
async function checkSubscriptions(client: EventStoreDBClient, end: bigint, server: string): Promise<void> {
  const feed = new Feed(client, end, end, []);
  try {
    if (await isLiveWithin(feed, SILENT_MS)) return;
    await new LogEnd().find(client, SILENT_MS);
    if (!(await isLiveWithin(feed, SILENT_MS))) throw new Unavailable('event-store.unsupported-server', { server });
  } finally {
    feed.close();
  }
}

/** isLiveWithin waits until the server has said that the feed has caught up, so long at most; throws what breaks it. */
async function isLiveWithin(feed: Feed, ms: number): Promise<boolean> {
  const silence = AbortSignal.timeout(ms);
  while (!feed.isLive && !feed.isOver() && !silence.aborted) {
    await feed.wait(ms, silence);
    feed.take(1);
  }
  return feed.isLive || feed.isOver();
}

async function checkLayout(client: EventStoreDBClient, server: string): Promise<void> {
  const layout = (await client.getStreamMetadata<{ layout?: number }>(LAYOUT_STREAM, FROM_LEADER)).metadata?.layout;
  if (layout === LAYOUT) return;
  if (layout !== undefined) throw new Unavailable('event-store.too-new', { server, layout, known: LAYOUT });
  try {
    await client.setStreamMetadata(
      LAYOUT_STREAM,
      { layout: LAYOUT },
      { expectedRevision: 'no_stream', ...FROM_LEADER },
    );
  } catch (error) {
    // Another process was first.
    if (error instanceof WrongExpectedVersionError) return checkLayout(client, server);
    throw error;
  }
}
