import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteKeyStore } from '@second-opinion/vault/sqlite';

/** destroyEveryKey destroys all keys of everybody in this file, which nothing else may have open; gives how many there were. */
export async function destroyEveryKey(file: string): Promise<number> {
  const database = SqliteDatabase.open(file, { secureDelete: true });
  try {
    const keys = new SqliteKeyStore(database);
    const persons: string[] = [];
    for await (const { personId } of keys.living()) persons.push(personId);
    for (const personId of new Set(persons)) await keys.destroy({ personId });
    return persons.length;
  } finally {
    database.close();
  }
}
