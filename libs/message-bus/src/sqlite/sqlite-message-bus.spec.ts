import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { messageBusContract, type BusUnderTest } from '../message-bus.contract';
import { SqliteMessageBus } from './sqlite-message-bus';

function onFile(): Promise<BusUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'bus-'));
  const file = join(folder, 'store.db');
  let database = SqliteDatabase.open(file);
  return Promise.resolve({
    bus: new SqliteMessageBus(database),
    restart: () => {
      database.close();
      database = SqliteDatabase.open(file);
      return Promise.resolve(new SqliteMessageBus(database));
    },
    close: () => {
      database.close();
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  });
}

messageBusContract('SqliteMessageBus', onFile);

describe('SqliteMessageBus over two processes', () => {
  it('hands on what the other process published, also when somebody asked meanwhile how far it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bus-'));
    const [here, there] = [
      SqliteDatabase.open(join(folder, 'store.db')),
      SqliteDatabase.open(join(folder, 'store.db')),
    ];
    const stop = new AbortController();
    const got: string[] = [];
    const consumption = await new SqliteMessageBus(here).consume({
      group: 'one',
      topics: ['a.events.v1'],
      startsAt: 'beginning',
      handle: (message) => Promise.resolve(void got.push(message.key)),
      signal: stop.signal,
    });
    await consumption.idle();
    const data = {};
    const of = { specversion: '1.0', id: 'i', source: '/s', type: 'T', subject: 'k', time: 't', data } as const;
    const event = { ...of, datacontenttype: 'application/json', correlationid: 'c', causationid: 'c' } as const;
    await new SqliteMessageBus(there).publish([{ topic: 'a.events.v1', key: 'k', event }]);
    await consumption.idle();
    expect(got).toEqual(['k']);
    stop.abort();
    await consumption.done;
    here.close();
    there.close();
    rmSync(folder, { recursive: true });
  });
});
