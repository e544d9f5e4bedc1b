import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { viewStoreContract, type ViewsUnderTest } from '../view-store.contract';
import { countByQuestion, countQuestion, pageQuestion } from './questions';
import { GatheringViewStore } from './gathering-view-store';
import { SqliteViewStore } from './sqlite-view-store';

function onFile(kind: typeof SqliteViewStore): ViewsUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'views-'));
  const file = join(folder, 'store.db');
  let now = 1_000_000;
  const opened: SqliteDatabase[] = [];
  const open = () => {
    const database = SqliteDatabase.open(file);
    opened.push(database);
    return new kind(database, { now: () => now });
  };
  const closeAll = () => {
    for (const database of opened.splice(0)) database.close();
  };
  const views = open();
  return {
    views,
    // The only process on a file has one store for all who write.
    another: () => Promise.resolve(kind === GatheringViewStore ? views : open()),
    restart: () => {
      closeAll();
      return Promise.resolve(open());
    },
    pass: (milliseconds) => Promise.resolve(void (now += milliseconds)),
    close: () => {
      closeAll();
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

viewStoreContract('SqliteViewStore', () => Promise.resolve(onFile(SqliteViewStore)));
viewStoreContract('GatheringViewStore', () => Promise.resolve(onFile(GatheringViewStore)));

describe('SqliteViewStore', () => {
  it('answers from the declared indexes, without looking at every row', async () => {
    const database = SqliteDatabase.open();
    const views = new SqliteViewStore(database);
    await views.declare({ name: 'a.tasks.v1', indexes: [['assignee', 'dueAt'], ['dueAt']] });
    const plan = (question: { sql: string; values: (string | number | bigint | Uint8Array | null)[] }) =>
      database.read
        .all<{ detail: string }>(`explain query plan ${question.sql}`, ...question.values)
        .map((row) => row.detail)
        .join('; ');
    const place = { value: '2026-01-01', key: 'k' };
    const page = (query: Parameters<typeof pageQuestion>[1], from?: typeof place) =>
      plan(pageQuestion('a.tasks.v1', query, from, 10));
    expect(page({ where: { assignee: 'x' }, orderBy: 'dueAt' }, place)).toMatch(/^SEARCH .* USING INDEX [^;]*$/);
    expect(page({ orderBy: 'dueAt' }, place)).toMatch(/^SEARCH .* USING INDEX [^;]*$/);
    expect(page({ orderBy: 'dueAt', descending: true })).toMatch(/^SCAN .* USING INDEX [^;]*$/);
    expect(plan(countQuestion('a.tasks.v1', { assignee: 'x' }))).toMatch(/^SEARCH .* INDEX/);
    const counted = plan(countByQuestion('a.tasks.v1', 'dueAt', { assignee: 'x' }));
    expect(counted).toMatch(/^SEARCH .* USING COVERING INDEX [^;]*$/);
    database.close();
  });
});

describe('GatheringViewStore', () => {
  it('leaves in the file, whenever it is cut off, places that are as old as the rows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'views-'));
    const file = join(folder, 'store.db');
    const database = SqliteDatabase.open(file);
    const views = new GatheringViewStore(database);
    await views.declare({ name: 'a.tasks.v1', indexes: [['level']] });
    const tell = async (level: number) => {
      const position = String(level);
      await views.apply('a.tasks.v1', [{ key: 'a', row: { level }, position }], position);
      await views.saveCheckpoint('a.progress', position);
    };
    // What another process finds in the file is what a crash at this moment would leave.
    const left = async () => {
      const other = SqliteDatabase.open(file);
      const store = new SqliteViewStore(other);
      await store.declare({ name: 'a.tasks.v1', indexes: [['level']] });
      const row = await store.get<{ level: number }>('a.tasks.v1', 'a');
      const found = [row?.row.level, await store.checkpoint('a.tasks.v1'), await store.checkpoint('a.progress')];
      other.close();
      return found;
    };
    await tell(1);
    expect((await views.get('a.tasks.v1', 'a'))?.row).toEqual({ level: 1 });
    expect(await left()).toEqual([undefined, undefined, undefined]);
    expect(await views.count('a.tasks.v1', { level: 1 })).toBe(1);
    expect(await left()).toEqual([1, '1', '1']);
    await tell(2);
    await tell(3);
    expect(await left()).toEqual([1, '1', '1']);
    database.close();
    expect(await left()).toEqual([3, '3', '3']);
    rmSync(folder, { recursive: true });
  });

  it('writes many rows at once, new ones, changed ones and those that are gone', async () => {
    const database = SqliteDatabase.open();
    const views = new GatheringViewStore(database);
    await views.declare({ name: 'a.tasks.v1', indexes: [['level']] });
    const key = (number: number) => `key-${String(number).padStart(2, '0')}`;
    const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
    const put = (from: number, to: number, level: number, position: string) =>
      numbers(from, to).map((number) => ({ key: key(number), row: { level, number }, position }));
    const inFile = () =>
      database.read
        .all<{ key: string; row: string; level: number }>(
          'select key, row, "field level" as level from "view a.tasks.v1" order by key',
        )
        .map(({ key: at, row, level }) => [at, (JSON.parse(row) as { number: number }).number, level]);
    await views.apply('a.tasks.v1', put(0, 21, 1, '5'), '5');
    await views.count('a.tasks.v1');
    const all = numbers(0, 21).map((number) => [key(number), number, 1]);
    expect(inFile()).toEqual(all);
    const gone = numbers(0, 5).map((number) => ({ key: key(number), row: null, position: '6' }));
    // Between those that change their level and those that are new, one keeps it.
    await views.apply(
      'a.tasks.v1',
      [...put(10, 20, 2, '6'), ...gone, ...put(20, 21, 1, '6'), ...put(21, 40, 2, '6')],
      '6',
    );
    await views.count('a.tasks.v1');
    const after = numbers(5, 40).map((number) => [key(number), number, number < 10 || number === 20 ? 1 : 2]);
    expect(inFile()).toEqual(after);
    database.close();
  });

  it('takes no row for absent that it lets go between look-up and use', async () => {
    const database = SqliteDatabase.open();
    const views = new GatheringViewStore(database);
    for (const name of ['a.tasks.v1', 'a.others.v1']) await views.declare({ name, indexes: [] });
    await views.apply('a.tasks.v1', [{ key: 'a', row: { level: 9 }, position: '9' }], '1');
    const lease = await views.acquire('a.lease', 'one', 1_000);
    // While the lease changes hands the change waits, and so many other rows are asked for that this one is let go.
    const handsOver = views.release(lease!);
    const applied = views.apply('a.tasks.v1', [{ key: 'a', row: { level: 2 }, position: '2' }], '2');
    for (let from = 0; from < 5_000; from += 250) {
      const others = Array.from({ length: 250 }, (_, index) => `other-${from + index}`);
      await views.getMany('a.others.v1', others);
    }
    await handsOver;
    expect(await applied).toBe(true);
    expect((await views.get('a.tasks.v1', 'a'))?.row).toEqual({ level: 9 });
    database.close();
  });

  it('takes no row for absent that begins while somebody looks for it', async () => {
    const database = SqliteDatabase.open();
    const views = new GatheringViewStore(database);
    await views.declare({ name: 'a.tasks.v1', indexes: [] });
    const looked = views.getMany('a.tasks.v1', ['a']);
    const applied = views.apply('a.tasks.v1', [{ key: 'a', row: { level: 1 }, position: '1', begins: true }], '1');
    expect([(await looked).size, await applied]).toEqual([0, true]);
    expect(await views.count('a.tasks.v1')).toBe(1);
    expect((await views.getMany('a.tasks.v1', ['a'])).get('a')?.row).toEqual({ level: 1 });
    database.close();
  });
});
