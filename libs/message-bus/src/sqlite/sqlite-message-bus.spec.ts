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
