import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { writesOf, type Written } from './writes';

describe('a write that harms nothing', () => {
  let database: SqliteDatabase;
  let events: SqliteEventStore;
  let written: Written;
  const pings = () => Promise.allSettled(writesOf(written).map(({ ping }) => ping()));
  beforeEach(() => {
    database = SqliteDatabase.open();
    events = new SqliteEventStore(database);
    written = { events, views: new SqliteViewStore(database), files: [database] };
  });
  afterEach(() => database.close());

  it('leaves no event behind, however often it is made and by how many at once', async () => {
    const all = [...(await pings()), ...(await Promise.all([pings(), pings()])).flat()];
    expect(all.map(({ status }) => status)).toEqual(Array(9).fill('fulfilled'));
    expect(await events.end()).toBeUndefined();
  });

  it('is refused by what takes no writes', async () => {
    database.close();
    expect((await pings()).map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
  });

  it('is made to what commands write to, and to nothing else', () => {
    const names = (over: Written) => writesOf(over).map(({ name }) => name);
    expect(names(written)).toEqual(['event-store', 'mongodb', 'files']);
    expect(names({ files: [database] })).toEqual(['files']);
    expect(names({ events, files: [] })).toEqual(['event-store']);
  });
});
