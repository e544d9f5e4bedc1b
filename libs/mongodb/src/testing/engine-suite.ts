import type { MongoConnection } from '../connection';
import { dropDatabases, freshDatabase, openEngine } from './engine';

/** EngineSuite is what the suite of an adapter stands on: databases of its own, and connections as two processes have them. */
export interface EngineSuite {
  /** open before all tests, and close after them, which drops the databases. */
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** fresh names a new database, or remembers that this one is used too. */
  readonly fresh: (name?: string) => string;
  readonly connection: MongoConnection;
  readonly another: MongoConnection;
}

/** engineSuite of one file of tests; it leaves nothing behind. */
export function engineSuite(): EngineSuite {
  const databases: string[] = [];
  let opened: readonly MongoConnection[] = [];
  const at = (index: number) => {
    const connection = opened[index];
    if (!connection) throw new Error('open the suite before its tests');
    return connection;
  };
  return {
    open: async () => {
      opened = await Promise.all([openEngine(), openEngine()]);
    },
    close: async () => {
      await Promise.all(opened.map((connection) => connection.close()));
      await dropDatabases(databases);
    },
    fresh: (name = freshDatabase()) => {
      databases.push(name);
      return name;
    },
    get connection() {
      return at(0);
    },
    get another() {
      return at(1);
    },
  };
}
