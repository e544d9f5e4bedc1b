import { randomUUID } from 'node:crypto';
import { isDuplicateKey, retried, storageError, type MongoConnection } from '@second-opinion/mongodb';
import { MongoServerError, Timestamp, type Db, type Document } from 'mongodb';
import type { AccessRecord } from '../access-log';
import { chained, FIRST } from '../chain';
import { BY_ID, recordsOf, type RecordDocument } from './prepare';

interface Call {
  readonly records: readonly AccessRecord[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** MOST_RECORDS of one transaction. */
const MOST_RECORDS = 500;
const NUMBER_DIGITS = 12;

/**
 * ChainWriter appends the records of one process, which may insert and nothing else, as a chain of their own. The calls that wait while
 * an insert is on its way share the next one. When nobody can say whether an insert arrived, its calls fail and a new chain begins, so
 * that the old one is whole either way.
 */
export class ChainWriter {
  private chain = randomUUID();
  private number = 0;
  private head = FIRST;
  private waiting: Call[] = [];
  private running = false;

  constructor(
    private readonly connection: MongoConnection,
    private readonly database: Db,
  ) {}

  /** write resolves when all records are durable, each once; none is there when it rejects, unless the server was lost meanwhile. */
  write(records: readonly AccessRecord[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ records, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    // What is asked for in the same turn comes along.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.writeGroup(this.nextGroup());
    this.running = false;
  }

  private nextGroup(): readonly Call[] {
    let count = 0;
    let records = 0;
    for (const call of this.waiting) {
      records += call.records.length;
      if (count > 0 && records > MOST_RECORDS) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async writeGroup(group: readonly Call[]): Promise<void> {
    const records = new Map(group.flatMap((call) => call.records).map((record) => [record.id, record]));
    try {
      while (records.size > 0) {
        const documents = this.chained([...records.values()]);
        const standing = await this.insert(documents);
        if (standing === undefined) {
          const last = documents.at(-1);
          this.number += documents.length;
          this.head = last?.hash ?? this.head;
          break;
        }
        records.delete(standing);
      }
      for (const { resolve } of group) resolve();
    } catch (error) {
      this.chain = randomUUID();
      this.number = 0;
      this.head = FIRST;
      for (const { reject } of group) reject(storageError(error));
    }
  }

  private chained(records: readonly AccessRecord[]): readonly RecordDocument[] {
    let { number, head } = this;
    return records.map((record) => {
      const text = JSON.stringify(record);
      const previous = head;
      head = chained(previous, text);
      return {
        _id: placeOf(this.chain, ++number),
        id: record.id,
        personId: record.personId,
        ...(record.caseId ? { caseId: record.caseId } : {}),
        record: text,
        previous,
        hash: head,
        stamp: new Timestamp({ t: 0, i: 0 }),
      };
    });
  }

  /** insert all or none; gives the id of a record that stands there already, when that was the reason for none. */
  private async insert(documents: readonly RecordDocument[]): Promise<string | undefined> {
    try {
      const [only] = documents;
      if (only && documents.length === 1) await this.insertOne(only);
      else await this.insertTogether(documents);
      return undefined;
    } catch (error) {
      if (error instanceof Standing) return error.id;
      throw error;
    }
  }

  private async insertOne(document: RecordDocument): Promise<void> {
    await retried(async (again) => {
      try {
        await recordsOf(this.database).insertOne(document);
      } catch (error) {
        if (!isDuplicateKey(error) || !(error instanceof MongoServerError)) throw error;
        // The place in our own chain is looked at first: taken on a repetition, the first try has arrived.
        const byId = (error.errorResponse['keyPattern'] as Document | undefined)?.[BY_ID] !== undefined;
        if (byId) throw new Standing(document.id);
        if (!again) throw error;
      }
    });
  }

  private async insertTogether(documents: readonly RecordDocument[]): Promise<void> {
    await this.connection.transaction(async (session) => {
      // The command itself, because the driver's own error does not tell which index was hit.
      const answer = await this.database.command(
        { insert: recordsOf(this.database).collectionName, documents },
        { session },
      );
      const [error] = (answer['writeErrors'] ?? []) as readonly { index: number; keyPattern?: Document }[];
      const document = error && documents[error.index];
      if (document && error.keyPattern?.[BY_ID] !== undefined) throw new Standing(document.id);
      if (error) throw new MongoServerError(error);
    });
  }
}

/** placeOf a record: places of one chain sort by their number. */
export function placeOf(chain: string, number: number): string {
  return `${chain}.${String(number).padStart(NUMBER_DIGITS, '0')}`;
}

/** Standing: a record with this id stands in the log already, from an earlier try of the same call. */
class Standing extends Error {
  constructor(readonly id: string) {
    super('the record stands in the log already');
  }
}
