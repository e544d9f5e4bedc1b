import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { accessLogContract, accessRecord } from '../access-log.contract';
import { SqliteAccessLog } from './sqlite-access-log';

accessLogContract('SqliteAccessLog', async () => new SqliteAccessLog(SqliteDatabase.open()));

describe('SqliteAccessLog', () => {
  let folder: string;
  let database: SqliteDatabase;
  let log: SqliteAccessLog;
  const file = () => join(folder, 'access.db');
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'access-log-'));
    database = SqliteDatabase.open(file());
    log = new SqliteAccessLog(database);
    await log.write(['1', '2', '3', '4'].map((id) => accessRecord(id)));
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses to change, remove or insert in the middle, also by hand', async () => {
    const attempts = [
      "update access_log set record = '{}' where number = 2",
      'delete from access_log where number = 2',
      "insert into access_log values (9, '9', 'p', '', '{}', 'x', 'x')",
    ];
    for (const attempt of attempts)
      await expect(database.write((connection) => connection.run(attempt))).rejects.toThrow(/access log/);
    expect(await log.prove()).toMatchObject({ records: 4 });
    expect((await log.prove()).brokenAt).toBeUndefined();
  });

  it.each([
    ['a changed record', "update access_log set record = replace(record, 'doctor-2', 'doctor-3') where number = 3", 3],
    ['a removed record', 'delete from access_log where number = 3', 3],
    ['a removed first record', 'delete from access_log where number = 1', 1],
    [
      'swapped records',
      'update access_log set record = (select record from access_log where number = 4) where number = 3',
      3,
    ],
  ])('shows %s to whoever proves the chain', async (_, tampering, brokenAt) => {
    database.close();
    const outsider = new DatabaseSync(file());
    outsider.exec('drop trigger access_log_no_update; drop trigger access_log_no_delete');
    outsider.exec(tampering);
    outsider.close();
    database = SqliteDatabase.open(file());
    expect(await new SqliteAccessLog(database).prove()).toMatchObject({ brokenAt });
  });

  it('goes on with the same chain after it was opened again', async () => {
    const before = await log.prove();
    database.close();
    database = SqliteDatabase.open(file());
    log = new SqliteAccessLog(database);
    expect(await log.prove()).toEqual(before);
    await log.write([accessRecord('5')]);
    expect(await log.prove()).toMatchObject({ records: 5 });
  });

  it('rejects when the file is closed, so that the door stays shut', async () => {
    database.close();
    await expect(log.write([accessRecord('9')])).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
