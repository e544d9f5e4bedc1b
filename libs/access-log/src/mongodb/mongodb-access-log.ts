import { Invalid } from '@second-opinion/kernel';
import { retried, type MongoConnection } from '@second-opinion/mongodb';
import { Timestamp, type Collection, type Db, type Filter } from 'mongodb';
import {
  AccessLog,
  type AccessLogPage,
  type AccessLogProof,
  type AccessLogQuery,
  type AccessRecord,
} from '../access-log';
import { chained, FIRST } from '../chain';
import { ChainWriter, placeOf } from './chain-writer';
import { assertPrepared, recordsOf, type RecordDocument } from './prepare';

const WALK = 1_000;
const GREATEST_STAMP = 2n ** 64n;

/**
 * MongoAccessLog keeps the log in a database of its own, whose users may insert records, and only one of them also read, see
 * `mongoRolesFor`; that nobody changes or removes a record is the server's affair. Each process writes a chain of its own, since it cannot
 * see what others wrote. Removing the end of a chain, or a whole chain, shows in `records` and `head` to whoever kept earlier ones.
 */
export class MongoAccessLog extends AccessLog {
  private readonly writer: ChainWriter;
  private readonly records: Collection<RecordDocument>;

  private constructor(connection: MongoConnection, database: Db) {
    super();
    this.writer = new ChainWriter(connection, database);
    this.records = recordsOf(database);
  }

  /** open a log that `prepareAccessLog` has made. Throws `Unavailable`: `storage-not-prepared`, `storage-not-ours`, `storage-too-new`. */
  static async open(connection: MongoConnection, database: string): Promise<MongoAccessLog> {
    await assertPrepared(connection.database(database));
    return new MongoAccessLog(connection, connection.database(database));
  }

  async write(records: readonly AccessRecord[]): Promise<void> {
    if (records.length > 0) await this.writer.write(records);
  }

  async read({ personId, caseId, limit, cursor }: AccessLogQuery): Promise<AccessLogPage> {
    const after = placeAfter(cursor);
    const size = Math.min(Math.max(Math.trunc(limit ?? 100), 1), 500);
    const filter: Filter<RecordDocument> = {
      ...(after === undefined ? {} : { stamp: { $gt: after } }),
      ...(personId === undefined ? {} : { personId: { $eq: personId } }),
      ...(caseId === undefined ? {} : { caseId: { $eq: caseId } }),
    };
    const found = await retried(() => this.records.find(filter, { sort: { stamp: 1 }, limit: size + 1 }).toArray());
    const page = found.slice(0, size);
    const end = page.at(-1);
    return {
      records: page.map(({ record }) => JSON.parse(record) as AccessRecord),
      ...(found.length > size && end ? { next: end.stamp.toBigInt().toString() } : {}),
    };
  }

  async prove(): Promise<AccessLogProof> {
    let records = 0;
    let heads = FIRST;
    let last: Link | undefined;
    let after = '';
    for (;;) {
      const page = await retried(() =>
        this.records.find({ _id: { $gt: after } }, { sort: { _id: 1 }, limit: WALK }).toArray(),
      );
      for (const document of page) {
        const chain = document._id.slice(0, document._id.lastIndexOf('.'));
        if (last && last.chain !== chain) {
          heads = headOf(heads, last);
          last = undefined;
        }
        const next = { chain, number: (last?.number ?? 0) + 1, hash: chained(last?.hash ?? FIRST, document.record) };
        if (!isNext(document, next, last?.hash ?? FIRST))
          return { records, head: headOf(heads, last), brokenAt: records + 1 };
        records++;
        last = next;
      }
      if (page.length < WALK) return { records, head: headOf(heads, last) };
      after = page.at(-1)?._id ?? after;
    }
  }
}

interface Link {
  readonly chain: string;
  readonly number: number;
  readonly hash: string;
}

/** isNext: the document stands at its place, follows the one before, and is asked for by what its record says. */
function isNext(document: RecordDocument, { chain, number, hash }: Link, previous: string): boolean {
  if (document._id !== placeOf(chain, number) || document.previous !== previous || document.hash !== hash) return false;
  const { id, personId, caseId } = JSON.parse(document.record) as AccessRecord;
  return document.id === id && document.personId === personId && (document.caseId ?? '') === (caseId ?? '');
}

/** headOf all chains so far, after one more. */
function headOf(heads: string, last: Link | undefined): string {
  return last ? chained(heads, `${placeOf(last.chain, last.number)} ${last.hash}`) : heads;
}

function placeAfter(cursor: string | undefined): Timestamp | undefined {
  if (cursor === undefined) return undefined;
  if (!/^[1-9][0-9]{0,19}$/.test(cursor) || BigInt(cursor) >= GREATEST_STAMP) throw new Invalid('invalid-cursor');
  return new Timestamp(BigInt(cursor));
}
