import { DatabaseSync } from 'node:sqlite';
import { CommitGroup } from './commit-group';
import { SqliteConnection } from './connection';
import { Disk } from './disk';

describe('CommitGroup', () => {
  let connection: SqliteConnection;
  let group: CommitGroup;
  let told: string[];
  let disk: { behind: boolean; resolve: () => void; reject: (error: Error) => void };
  beforeEach(() => {
    connection = new SqliteConnection(new DatabaseSync(':memory:'));
    connection.execute('create table notes (text text not null unique) strict');
    told = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    disk = { behind: false, resolve, reject };
    const stand = Object.assign(Object.create(Disk.prototype) as Disk, {
      committed: () => (disk.behind = true),
      reached: () => (disk.behind ? promise : undefined),
    });
    group = new CommitGroup(connection, () => ({ disk: stand }));
  });
  afterEach(() => connection.close());
  const add = (text: string, durable: boolean) =>
    group
      .add(
        (to) => to.run('insert into notes values (?)', text),
        durable,
        () => told.push(`${text} committed`),
      )
      .then(
        () => told.push(`${text} answered`),
        () => told.push(`${text} refused`),
      );
  const turns = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

  it('answers what must not be lost only when the disk has it, and commits the next group meanwhile', async () => {
    void add('case', true);
    void add('view', false);
    await turns();
    expect(told).toEqual(['case committed', 'view committed', 'view answered']);
    void add('next', true);
    await turns();
    expect(told).toContain('next committed');
    expect(told).not.toContain('case answered');
    disk.resolve();
    await turns();
    expect(told.slice(-2)).toEqual(['case answered', 'next answered']);
  });

  it('does not wait for the disk for what can be rebuilt', async () => {
    await add('view', false);
    expect(disk.behind).toBe(false);
  });

  it('refuses nobody before the disk has what he was refused for', async () => {
    void add('case', true);
    void add('case', true);
    await turns();
    expect(told).toEqual(['case committed']);
    disk.resolve();
    await turns();
    expect(told.slice(1)).toEqual(['case answered', 'case refused']);
  });

  it('refuses what must not be lost when the disk fails, and nothing else', async () => {
    void add('case', true);
    void add('view', false);
    await turns();
    disk.reject(new Error('EIO'));
    await turns();
    expect(told).toEqual(['case committed', 'view committed', 'view answered', 'case refused']);
  });

  it('commits nothing while it is held, unless told to, and all of it afterwards', async () => {
    const release = group.hold();
    void add('first', false);
    await turns();
    expect(told).toEqual([]);
    group.flush();
    expect(told).toEqual(['first committed']);
    void add('second', false);
    await turns();
    release();
    await turns();
    expect(told).toContain('second answered');
  });
});
