import { Invalid } from '@second-opinion/kernel';
import type { SqliteConnection, SqliteDatabase } from '@second-opinion/sqlite';
import {
  AccessLog,
  type AccessLogPage,
  type AccessLogProof,
  type AccessLogQuery,
  type AccessRecord,
} from '../access-log';
import { chained, FIRST } from '../chain';

const SCHEMA = `
create table if not exists access_log (
  number integer primary key,
  id text not null unique,
  person_id text not null,
  case_id text not null,
  record text not null,
  previous text not null,
  hash text not null
) strict;
create index if not exists access_log_person on access_log (person_id, number);
create index if not exists access_log_case on access_log (case_id, number) where case_id <> '';
create trigger if not exists access_log_no_update before update on access_log
begin select raise(abort, 'the access log is append-only'); end;
create trigger if not exists access_log_no_delete before delete on access_log
begin select raise(abort, 'the access log is append-only'); end;
create trigger if not exists access_log_only_next before insert on access_log
when new.number <> (select coalesce(max(number), 0) + 1 from access_log)
begin select raise(abort, 'the access log only grows at its end'); end;
`;

const WALK = 1_000;

interface StoredRecord {
  readonly number: number;
  readonly record: string;
}

/** SqliteAccessLog keeps the log in one table that refuses change and removal; give it a file of its own. */
export class SqliteAccessLog extends AccessLog {
  constructor(private readonly database: SqliteDatabase) {
    super();
    database.schema(SCHEMA);
  }

  async write(records: readonly AccessRecord[]): Promise<void> {
    if (records.length === 0) return;
    const rows = records.map((record) => ({ record, text: JSON.stringify(record) }));
    await this.database.write((connection) => {
      let { number, hash } = last(connection);
      for (const { record, text } of rows) {
        if (connection.get('select 1 from access_log where id = ?', record.id)) continue;
        const previous = hash;
        hash = chained(previous, text);
        connection.run(
          'insert into access_log (number, id, person_id, case_id, record, previous, hash) values (?, ?, ?, ?, ?, ?, ?)',
          ++number,
          record.id,
          record.personId,
          record.caseId ?? '',
          text,
          previous,
          hash,
        );
      }
    });
  }

  async read({ personId, caseId, limit, cursor }: AccessLogQuery): Promise<AccessLogPage> {
    const after = placeOf(cursor);
    const size = Math.min(Math.max(Math.trunc(limit ?? 100), 1), 500);
    const conditions = ['number > ?'];
    const values: (string | number)[] = [after];
    if (personId !== undefined) {
      conditions.push('person_id = ?');
      values.push(personId);
    }
    if (caseId !== undefined) {
      conditions.push("case_id = ? and case_id <> ''");
      values.push(caseId);
    }
    const rows = this.database.read.all<StoredRecord>(
      `select number, record from access_log where ${conditions.join(' and ')} order by number limit ?`,
      ...values,
      size + 1,
    );
    const page = rows.slice(0, size);
    const end = page.at(-1);
    return {
      records: page.map((row) => JSON.parse(row.record) as AccessRecord),
      ...(rows.length > size && end ? { next: String(end.number) } : {}),
    };
  }

  async prove(): Promise<AccessLogProof> {
    let records = 0;
    let head = FIRST;
    for (;;) {
      const rows = this.database.read.all<StoredRecord & { previous: string; hash: string }>(
        'select number, record, previous, hash from access_log where number > ? order by number limit ?',
        records,
        WALK,
      );
      for (const { number, record, previous, hash } of rows) {
        const whole = number === records + 1 && previous === head && hash === chained(previous, record);
        if (!whole) return { records, head, brokenAt: records + 1 };
        records = number;
        head = hash;
      }
      if (rows.length < WALK) return { records, head };
    }
  }
}

function last(connection: SqliteConnection): { number: number; hash: string } {
  return (
    connection.get<{ number: number; hash: string }>(
      'select number, hash from access_log order by number desc limit 1',
    ) ?? { number: 0, hash: FIRST }
  );
}

function placeOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (!/^[1-9][0-9]{0,14}$/.test(cursor)) throw new Invalid('invalid-cursor');
  return Number(cursor);
}
