import { randomUUIDv7 } from 'node:crypto';
import type { SqliteConnection, SqliteDatabase } from '@second-opinion/sqlite';
import { LRUCache } from 'lru-cache';
import { RevisionConflict, type Append, type Created, type CreatedId, type Derived } from '../event-store';

/** OLDER_LOG is the command of a row that says that events were here before this table. */
const OLDER_LOG = '';
const TABLE =
  'create table if not exists created_ids (command_id text not null primary key, id text not null) strict, without rowid';
const MARK_OLDER = `insert or ignore into created_ids select '${OLDER_LOG}', '' where exists (select 1 from events)`;
const ID_OF = 'select id from created_ids where command_id = ?';
const KEEP = 'insert or ignore into created_ids (command_id, id) values (?, ?)';
const STANDS = 'select 1 from events where stream = ? limit 1';
/** MOST_GIVEN are remembered from the question to the append, so that the same command asked twice at once has one id. */
const MOST_GIVEN = 2_000;

/** Given is an id, and whether it is in the table. */
interface Given {
  readonly id: string;
  readonly kept: boolean;
}

/**
 * CreatedIds gives what commands create ids that begin with the time (UUIDv7), and keeps them with the first append: the index of streams and
 * the tables of views are in the order of names, so that what begins together is written to the same pages, and not each to one of its own.
 */
export class CreatedIds {
  private readonly given = new LRUCache<string, Given>({ max: MOST_GIVEN });
  /** older: some things of this log may have been created under ids that follow from the command alone. */
  private readonly older: boolean;

  /** The table of events must be there. */
  constructor(private readonly database: SqliteDatabase) {
    if (!database.read.get("select 1 from sqlite_schema where name = 'created_ids'"))
      database.schema(`${TABLE};${MARK_OLDER}`);
    this.older = this.kept(OLDER_LOG) !== undefined;
  }

  /** for a command: see `EventStore.idFor`. */
  for(commandId: string, derived: () => Derived): CreatedId {
    const known = this.given.get(commandId)?.id ?? this.kept(commandId);
    const before = known ?? (this.older ? this.standing(derived()) : undefined);
    const id = before ?? randomUUIDv7();
    if (known === undefined) this.given.set(commandId, { id, kept: false });
    return { id, isNew: before === undefined };
  }

  /** keep the id with the append of which it is, in its transaction; throws {@link RevisionConflict} when the command has another. */
  keep(connection: SqliteConnection, { stream, expected, created }: Omit<Append, 'events'>): void {
    if (!created) return;
    const { commandId, id } = created;
    const given = this.given.get(commandId);
    if (given?.kept && given.id === id) return;
    if (connection.run(KEEP, commandId, id).changes > 0) return;
    const first = connection.get<{ id: string }>(ID_OF, commandId)?.id;
    if (first === id) return;
    this.given.delete(commandId);
    throw new RevisionConflict(stream, expected, 'no-stream');
  }

  /** committed: what was kept is in the table from now on. */
  committed({ commandId, id }: Created): void {
    this.given.set(commandId, { id, kept: true });
  }

  /** standing: the id of what was created under it before. */
  private standing({ id, stream }: Derived): string | undefined {
    return this.database.read.get(STANDS, stream) ? id : undefined;
  }

  private kept(commandId: string): string | undefined {
    return this.database.read.get<{ id: string }>(ID_OF, commandId)?.id;
  }
}
