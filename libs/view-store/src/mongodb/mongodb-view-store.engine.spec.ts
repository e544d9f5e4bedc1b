import { setTimeout as pause } from 'node:timers/promises';
import type { MongoConnection } from '@second-opinion/mongodb';
import { dropDatabases, freshDatabase, openEngine } from '@second-opinion/mongodb/testing';
import { viewStoreContract } from '../view-store.contract';
import { MongoViewStore } from './mongodb-view-store';

const database = freshDatabase();
const opened: MongoConnection[] = [];
const open = async () => {
  const connection = await openEngine();
  opened.push(connection);
  return connection;
};
const closeAll = () => Promise.all(opened.splice(0).map((connection) => connection.close()));
afterAll(async () => {
  await closeAll();
  await dropDatabases([database]);
});

viewStoreContract('MongoViewStore', async () => ({
  views: await MongoViewStore.open(await open(), database),
  another: async () => MongoViewStore.open(await open(), database),
  restart: async () => {
    await closeAll();
    return MongoViewStore.open(await open(), database);
  },
  pass: (milliseconds) => pause(milliseconds),
  close: async () => {
    await closeAll();
  },
}));
