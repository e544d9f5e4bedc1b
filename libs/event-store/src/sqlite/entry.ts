import { categoryOf, type RecordedEvent } from '@second-opinion/kernel';

/** LOG_SCHEMA: one row per event; the position is the global order, the place in the stream is unique. */
export const LOG_SCHEMA = `
  create table if not exists events (
    position integer primary key autoincrement,
    stream text not null,
    revision integer not null,
    id text not null,
    type text not null,
    data text not null,
    metadata text not null,
    unique (stream, revision)
  ) strict`;

/** AFTER_EVERY_NAME, put after a prefix, comes after all streams that begin with it. */
export const AFTER_EVERY_NAME = '\u{10ffff}';

/** COLUMNS of an event, in the order of {@link Columns}. */
export const COLUMNS = 'position, stream, revision, id, type, data, metadata';
/** Columns of one event as they stand in the table. */
export type Columns = readonly [number, string, number, string, string, string, string];

/** Entry is one event of the log, parsed when somebody asks for it. */
export class Entry {
  private parsed: RecordedEvent | undefined;

  private constructor(
    readonly position: number,
    readonly category: string,
    private columns: Columns | undefined,
  ) {}

  /** of what stands in the table. */
  static of(columns: Columns): Entry {
    return new Entry(columns[0], categoryOf(columns[1]), columns);
  }

  /** ofEvent of what was just appended, so that nobody reads it again. */
  static ofEvent(event: RecordedEvent): Entry {
    const entry = new Entry(Number(event.position), categoryOf(event.stream), undefined);
    entry.parsed = event;
    return entry;
  }

  /** event, the same object for every reader. */
  get event(): RecordedEvent {
    return (this.parsed ??= this.parse());
  }

  private parse(): RecordedEvent {
    if (!this.columns) throw new TypeError('an entry has columns or an event');
    const event = eventOf(this.columns);
    this.columns = undefined;
    return event;
  }
}

/** eventOf what stands in the table. */
export function eventOf([position, stream, revision, id, type, data, metadata]: Columns): RecordedEvent {
  return {
    stream,
    revision,
    position: String(position),
    id,
    type,
    data: JSON.parse(data) as object,
    metadata: JSON.parse(metadata) as RecordedEvent['metadata'],
  };
}
