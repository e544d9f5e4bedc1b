import { createHash } from 'node:crypto';

/** FIRST is what the first record of a log carries as the hash before it. */
export const FIRST = '0'.repeat(64);

/** chained gives the hash of a record as it is stored, after the hash of the record before it. */
export function chained(previous: string, record: string): string {
  return createHash('sha256').update(`second-opinion/access/v1\n${previous}\n`).update(record, 'utf8').digest('hex');
}
