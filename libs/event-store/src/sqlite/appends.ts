import type { RecordedEvent } from '@second-opinion/kernel';
import type { SqliteConnection } from '@second-opinion/sqlite';
import type { SerialisedEvent } from '../append-rules';
import { RevisionConflict, type AppendResult, type ExpectedRevision } from '../event-store';

const VALUES = 'into events (stream, revision, id, type, data, metadata) values';
/**
 * INSERT_FIRST inserts only where the stream ends right before: one statement checks and writes. A revision that is not next becomes NULL,
 * which the column refuses and `or ignore` passes over; an `insert … select` from its own table would gather its row in a table of its own first.
 */
const INSERT_FIRST = `insert or ignore ${VALUES}
  (?1, iif(?2 = (select coalesce(max(revision), -1) + 1 from events where stream = ?1), ?2, null), ?3, ?4, ?5, ?6)`;
/** INSERT_AFTER an event that is there, or at the beginning: the unique index alone refuses what is not next. */
const INSERT_AFTER = `insert or ignore ${VALUES} (?, ?, ?, ?, ?, ?)`;
const INSERT_NEXT = `insert ${VALUES} (?, ?, ?, ?, ?, ?)`;
const MOST_KNOWN = 5_000;

/** Written is what came of a batch: `fresh` events, with so many characters of JSON; none when this very batch stood there already. */
export interface Written {
  readonly result: AppendResult;
  readonly fresh: readonly RecordedEvent[];
  readonly characters: number;
}

/** Appends writes batches into the table of events, each exactly after the revision that it expects. */
export class Appends {
  /** there: of each of these streams a revision that stands in the log; since nothing is ever taken out of it, it always will. */
  private readonly there = new Map<string, number>();

  /** write appends in a transaction; throws {@link RevisionConflict}, having written nothing. */
  write(
    connection: SqliteConnection,
    stream: string,
    expected: ExpectedRevision,
    batch: readonly SerialisedEvent[],
  ): Written {
    let characters = 0;
    let revision = expected === 'no-stream' ? -1 : expected;
    const first = revision === -1 || this.there.get(stream) === revision ? INSERT_AFTER : INSERT_FIRST;
    const fresh: RecordedEvent[] = [];
    for (const { id, type, data, metadata, event } of batch) {
      const insert = fresh.length === 0 ? first : INSERT_NEXT;
      const { changes, rowId } = connection.run(insert, stream, ++revision, id, type, data, metadata);
      if (changes === 0) return { result: standing(connection, stream, expected, batch), fresh: [], characters: 0 };
      characters += data.length + metadata.length;
      fresh.push({ stream, revision, position: String(rowId), id, type, data: event.data, metadata: event.metadata });
    }
    return { result: { stream, revision, position: (fresh.at(-1) as RecordedEvent).position }, fresh, characters };
  }

  /** committed: what was written stands in the log from now on. */
  committed({ result: { stream, revision } }: Written): void {
    // What is known only saves a look, so all of it may go at once; keeping the order of use would cost as much as it saves.
    if (this.there.size >= MOST_KNOWN) this.there.clear();
    this.there.set(stream, revision);
  }
}

/** standing gives the first result of a batch that stands there already; throws the conflict when it does not. */
function standing(
  connection: SqliteConnection,
  stream: string,
  expected: ExpectedRevision,
  batch: readonly SerialisedEvent[],
): AppendResult {
  const before = expected === 'no-stream' ? -1 : expected;
  const actual =
    connection.get<{ last: number | null }>('select max(revision) as last from events where stream = ?', stream)
      ?.last ?? -1;
  const earlier = actual > before ? sameBatch(connection, stream, before + 1, batch) : undefined;
  if (!earlier) throw new RevisionConflict(stream, expected, actual === -1 ? 'no-stream' : actual);
  return earlier;
}

function sameBatch(
  connection: SqliteConnection,
  stream: string,
  first: number,
  batch: readonly SerialisedEvent[],
): AppendResult | undefined {
  const last = first + batch.length - 1;
  const rows = connection.all<{ id: string; position: number }>(
    'select id, position from events where stream = ? and revision between ? and ? order by revision',
    stream,
    first,
    last,
  );
  if (rows.length !== batch.length || rows.some((row, index) => row.id !== batch[index]?.id)) return undefined;
  return { stream, revision: last, position: String(rows.at(-1)?.position), stood: true };
}
