import { Unavailable } from '@second-opinion/kernel';

/** Result codes that mean the storage is at fault, not the statement: busy, locked, read-only, I/O, corrupt, full, cannot open, no database. */
const STORAGE_CODES: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26]);

/** sqliteCode gives SQLite's extended result code of an error, or undefined when it is not SQLite's. */
export function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** isStorageError tells an error of the storage from a broken constraint or a bug. */
export function isStorageError(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && STORAGE_CODES.has(code & 0xff);
}

/** storageError wraps it for callers: whether the write happened is then unknown only if the commit itself failed. */
export function storageError(error: unknown): Unavailable {
  return new Unavailable('storage-unavailable', { sqlite: sqliteCode(error) ?? 0 }, { cause: error });
}
