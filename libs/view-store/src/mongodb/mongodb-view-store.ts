import type { Position } from '@second-opinion/kernel';
import { ensureSchema, inserted, isSpent, retried, upserted, type MongoConnection } from '@second-opinion/mongodb';
import type { ClientSession } from 'mongodb';
import { cursorOf, limitOf, placeOf } from '../cursor';
import {
  ViewStore,
  type Change,
  type Lease,
  type Page,
  type Query,
  type StoredRow,
  type ViewDeclaration,
} from '../view-store';
import { Collections, NOWHERE, valueOf, type RowDocument } from './collections';
import { endSession, Leases, sessionId } from './leases';
import { countedBy, matching, pageFilter, sortOf, type Counted } from './questions';
import { applied, patched, storedRow, textsOf } from './rows';
import { Writes } from './writes';

const PAGE = 500;
const ONLY_ROW = { _id: 1, row: 1, position: 1 } as const;

/**
 * MongoViewStore keeps each view in a collection of its own. A row is kept as its JSON text, so that it comes back byte by byte whatever
 * its field names are, with the declared fields beside it for the indexes. Rows and checkpoint move in one transaction, which also writes
 * the lease: a lease taken over meanwhile makes it conflict. Leases go by the server's clock. A row with its indexed fields may have
 * 16,000,000 bytes; a larger one is refused with `Invalid('view-row-too-large')`, before anything is written.
 */
export class MongoViewStore extends ViewStore {
  private readonly declared = new Map<string, readonly string[]>();
  private readonly known = new Set<string>();
  private readonly queues = new Map<string, Writes>();
  private readonly collections: Collections;
  private readonly leases: Leases;
  private session: ClientSession | undefined;

  private constructor(
    private readonly connection: MongoConnection,
    database: string,
  ) {
    super();
    this.collections = new Collections(connection.database(database));
    this.leases = new Leases(connection, this.collections);
  }

  /** open the views of this database, made when missing. Throws `Unavailable`: `storage-not-ours`, `storage-too-new`. */
  static async open(connection: MongoConnection, database: string): Promise<MongoViewStore> {
    await ensureSchema(connection.database(database));
    return new MongoViewStore(connection, database);
  }

  async declare(view: ViewDeclaration): Promise<void> {
    const { checkpoints, writers } = this.collections;
    const _id = view.name;
    const [known, writer] = await Promise.all([
      retried(() => checkpoints.findOne({ _id })),
      retried(() => writers.findOne({ _id })),
    ]);
    if (known?.dropping) await this.finishDrop(_id);
    if (writer) await endSession(this.connection, writer.session, this.own);
    await this.collections.declare(view);
    const session = sessionId(this.own);
    await upserted(() => writers.updateOne({ _id }, { $set: { session } }, UPSERT));
    // Never written when it is there: a holder who was killed may have left it locked, until whoever takes his lease over ends that.
    if (!known || known.dropping) await inserted(() => checkpoints.insertOne({ _id, position: NOWHERE }));
    this.declared.set(_id, [...new Set(view.indexes.flat())]);
  }

  async get<Row extends object>(view: string, key: string): Promise<StoredRow<Row> | undefined> {
    const rows = this.rows(view);
    const found = await retried(() => rows.findOne<RowDocument>({ _id: key }, { projection: ONLY_ROW }));
    return found ? storedRow<Row>(found) : undefined;
  }

  async getMany<Row extends object>(
    view: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, StoredRow<Row>>> {
    const rows = this.rows(view);
    if (keys.length === 0) return new Map();
    const found = await retried(() =>
      rows.find<RowDocument>({ _id: { $in: [...keys] } }, { projection: ONLY_ROW }).toArray(),
    );
    return new Map(found.map((row) => [row._id, storedRow<Row>(row)]));
  }

  async find<Row extends object>(view: string, query: Query): Promise<Page<Row>> {
    const rows = this.rows(view, [...Object.keys(query.where ?? {}), ...(query.orderBy ? [query.orderBy] : [])]);
    const limit = limitOf(query);
    const filter = pageFilter(query, placeOf(view, query));
    const found = await retried(() =>
      rows.find<RowDocument>(filter, { projection: ONLY_ROW, sort: sortOf(query), limit: limit + 1 }).toArray(),
    );
    const page = found.slice(0, limit).map((row) => storedRow<Row>(row));
    const last = page.at(-1);
    if (found.length <= limit || !last) return { rows: page };
    const value = query.orderBy === undefined ? null : valueOf(last.row, query.orderBy);
    return { rows: page, next: cursorOf(view, query, { value, key: last.key }) };
  }

  async count(view: string, where: Query['where'] = {}): Promise<number> {
    const rows = this.rows(view, Object.keys(where));
    return retried(() => rows.countDocuments(matching(where)));
  }

  async countBy(view: string, field: string, where: Query['where'] = {}) {
    const rows = this.rows(view, [...Object.keys(where), field]);
    const found = await retried(() => rows.aggregate<Counted>(countedBy(field, where)).toArray());
    return new Map(found.map(({ _id, count }) => [_id, count]));
  }

  async apply(view: string, changes: readonly Change[], position: Position, lease?: Lease): Promise<boolean> {
    const rows = this.rows(view);
    const operations = textsOf(view, changes, this.fields(view)).map(applied);
    const at = BigInt(position);
    return this.write(lease, operations.length, async (session) => {
      if (!(await this.moved(view, at, session))) return false;
      if (operations.length > 0) await rows.bulkWrite(operations, { session, ordered: true });
      return true;
    });
  }

  async patch(view: string, changes: readonly Pick<Change, 'key' | 'row'>[], lease?: Lease): Promise<boolean> {
    const rows = this.rows(view);
    const texts = textsOf(
      view,
      changes.map((change) => ({ ...change, position: '0' })),
      this.fields(view),
    );
    const operations = texts.map(patched);
    if (operations.length === 0) return lease === undefined || this.write(lease, 0, () => Promise.resolve(true));
    // One operation is whole by itself.
    if (!lease && operations.length === 1) {
      await upserted(() => rows.bulkWrite(operations));
      return true;
    }
    return this.write(lease, operations.length, async (session) => {
      await rows.bulkWrite(operations, { session, ordered: true });
      return true;
    });
  }

  async drop(view: string): Promise<void> {
    // Said first, so that a drop cut off by a crash is finished by the next `declare`, and no rows stay without their position.
    await upserted(() =>
      this.collections.checkpoints.updateOne({ _id: view }, { $set: { position: NOWHERE, dropping: true } }, UPSERT),
    );
    await this.finishDrop(view);
    this.declared.delete(view);
    this.known.delete(view);
  }

  async *all<Row extends object>(view: string): AsyncIterable<StoredRow<Row>> {
    let after: string | undefined;
    for (;;) {
      const rows = this.rows(view);
      const filter = after === undefined ? {} : { _id: { $gt: after } };
      const page = await retried(() =>
        rows.find<RowDocument>(filter, { projection: ONLY_ROW, sort: { _id: 1 }, limit: PAGE }).toArray(),
      );
      for (const row of page) yield storedRow<Row>(row);
      if (page.length < PAGE) return;
      after = page.at(-1)?._id;
    }
  }

  async checkpoint(name: string): Promise<Position | undefined> {
    const found = await retried(() => this.collections.checkpoints.findOne({ _id: name }));
    return found && found.position !== NOWHERE ? String(found.position) : undefined;
  }

  async saveCheckpoint(name: string, position: Position, lease?: Lease): Promise<boolean> {
    const at = BigInt(position);
    if (!this.known.has(name)) {
      await upserted(() =>
        this.collections.checkpoints.updateOne({ _id: name }, { $setOnInsert: { position: NOWHERE } }, UPSERT),
      );
      this.known.add(name);
    }
    if (!lease) {
      await retried(() => this.moved(name, at));
      return true;
    }
    return this.write(lease, 1, async (session) => {
      await this.moved(name, at, session);
      return true;
    });
  }

  acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    return this.leases.acquire(name, holder, ttlMs);
  }

  async release(lease: Lease): Promise<void> {
    await this.leases.release(lease);
  }

  /** own session, for writes without a lease. */
  private get own(): ClientSession {
    if (!this.session || isSpent(this.session)) this.session = this.connection.session();
    return this.session;
  }

  /** write runs in a transaction, in the queue of its lease. */
  private write(
    lease: Lease | undefined,
    rows: number,
    run: (session: ClientSession) => Promise<boolean>,
  ): Promise<boolean> {
    const name = lease?.name ?? '';
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Writes(this.leases, () => (lease ? this.leases.session(name) : this.own));
      this.queues.set(name, queue);
    }
    return queue.add({ rows, run }, lease);
  }

  /** moved sets the checkpoint forward; false when it is there or beyond already, or its view was dropped. */
  private async moved(name: string, position: bigint, session?: ClientSession): Promise<boolean> {
    const result = await this.collections.checkpoints.updateOne(
      { _id: name, position: { $lt: position }, dropping: { $exists: false } },
      { $set: { position } },
      session ? { session } : {},
    );
    return result.matchedCount === 1;
  }

  private async finishDrop(view: string): Promise<void> {
    await retried(() => this.collections.rows(view).drop());
    await retried(() => this.collections.checkpoints.deleteOne({ _id: view, dropping: true }));
  }

  private rows(view: string, asked: readonly string[] = []) {
    const declared = this.fields(view);
    for (const field of asked)
      if (!declared.includes(field)) throw new TypeError(`${view} has no declared index on ${field}`);
    return this.collections.rows(view);
  }

  private fields(view: string): readonly string[] {
    const fields = this.declared.get(view);
    if (!fields) throw new TypeError(`view ${view} is not declared`);
    return fields;
  }
}

const UPSERT = { upsert: true } as const;
