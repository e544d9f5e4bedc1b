import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Unavailable } from '@second-opinion/kernel';
import { sqliteCode } from './errors';

const BUSY = 5;

/**
 * onlyProcess makes this process the only one that works on a data folder, until the returned function is called or the process is gone:
 * the operating system lets the lock go with it, also after a SIGKILL. Throws `Unavailable('storage-in-use')` while another has it.
 */
export function onlyProcess(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec(
      'pragma locking_mode = exclusive; begin exclusive; create table if not exists held (by integer) strict; commit',
    );
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (((sqliteCode(error) ?? 0) & 0xff) === BUSY) throw new Unavailable('storage-in-use', {}, { cause: error });
    throw new Unavailable('storage-unopenable', {}, { cause: error });
  }
}

/**
 * sharedBy lets several processes work on a data folder together, but none beside one that has it alone ({@link onlyProcess} on the same
 * file, either way round). Throws `Unavailable('storage-in-use')`.
 */
export function sharedBy(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(file, { timeout: 2_000 });
  try {
    // Made once; afterwards an open read transaction holds the operating system's shared lock until it ends.
    lock.exec('create table if not exists held (by integer) strict; begin');
    lock.prepare('select count(*) from held').get();
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (((sqliteCode(error) ?? 0) & 0xff) === BUSY) throw new Unavailable('storage-in-use', {}, { cause: error });
    throw new Unavailable('storage-unopenable', {}, { cause: error });
  }
}
