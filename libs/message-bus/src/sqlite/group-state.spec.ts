import { SqliteDatabase } from '@second-opinion/sqlite';
import { GroupState, PARK } from './group-state';
import { BUS_SCHEMA } from './tables';
import { Published } from './topic-log';

const TOPIC = 'a.events.v1';
const MANY = 10;

describe('what waits under one key', () => {
  let database: SqliteDatabase;
  let state: GroupState;
  const textOf = (key: string, position: number) => JSON.stringify({ id: `${key}-${position}`, data: '.'.repeat(800) });
  const message = (key: string, position: number, of = position) =>
    new Published(position, TOPIC, key, textOf(key, of));
  const park = (key: string, position: number) => state.park(message(key, position), 'behind', 0);
  const waiting = () => database.read.get<{ count: number }>('select count(*) as count from bus_parked')?.count;

  beforeEach(async () => {
    database = SqliteDatabase.open();
    database.schema(BUS_SCHEMA);
    state = new GroupState(database, 'group', Date.now);
    await database.write((connection) => {
      for (let position = 1; position <= MANY; position++)
        connection.run(
          "insert into bus_parked (consumers, position, topic, key, event, reason, attempts, parked_at, replay) values ('group', ?, ?, 'full', ?, 'behind', 0, '', 0)",
          position,
          TOPIC,
          textOf('full', position),
        );
    });
  });
  afterEach(() => database.close());

  it('is never read through to lengthen it by one message, however long it is', () => {
    const values = ['group', 1, TOPIC, 'full', textOf('full', 1), 'behind', 0, ''];
    const plan = database.read.all<{ detail: string }>(`explain query plan ${PARK}`, ...values);
    const looks = plan.map(({ detail }) => detail).filter((detail) => /^(SCAN|SEARCH) bus_parked/.test(detail));
    expect(looks).toEqual([
      expect.stringMatching(/ USING INDEX bus_parked_events \(consumers=\? AND key=\? AND topic=\? AND <expr>=\?\)$/),
      expect.stringMatching(/ USING COVERING INDEX bus_parked_replays /),
    ]);
  });

  it('does not grow by a message that is told again, at its place or another, and is replayed as the rest of it is', async () => {
    await park('full', MANY);
    await state.park(message('full', MANY + 1, MANY), 'behind', 0);
    expect(waiting()).toBe(MANY);
    await state.askReplay('full');
    await park('full', MANY + 2);
    expect(state.toReplay()).toEqual(['full']);
    await database.write((connection) => connection.run('delete from bus_parked where position <= ?', MANY));
    expect(state.toReplay()).toEqual(['full']);
  });
});
