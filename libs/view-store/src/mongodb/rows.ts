import { Invalid } from '@second-opinion/kernel';
import { BSON, type AnyBulkWriteOperation } from 'mongodb';
import type { Change, StoredRow } from '../view-store';
import { fieldsOf, type RowDocument } from './collections';

/** MOST_ROW_BYTES of a row with its key and indexed fields; MongoDB takes 16 MiB in one document. */
export const MOST_ROW_BYTES = 16_000_000;

type Operation = AnyBulkWriteOperation<RowDocument>;

/** RowText is a change whose row is text already: what the caller does to his object later is his own affair. */
export interface RowText {
  readonly key: string;
  readonly row: string | null;
  readonly fields: RowDocument['fields'];
  readonly position: bigint;
}

/** textsOf changes; throws `Invalid('view-row-too-large')` before anything is written. */
export function textsOf(view: string, changes: readonly Change[], declared: readonly string[]): readonly RowText[] {
  return changes.map(({ key, row, position }) => {
    const text = row && JSON.stringify(row);
    const change = {
      key,
      row: text,
      fields: text === null ? {} : fieldsOf(text, declared),
      position: BigInt(position),
    };
    if (text !== null && text.length > MOST_ROW_BYTES / 8 && BSON.calculateObjectSize(change) > MOST_ROW_BYTES)
      throw new Invalid('view-row-too-large', { view, mostBytes: MOST_ROW_BYTES });
    return change;
  });
}

/** applied sets or removes a row, unless a later event has changed it already. */
export function applied({ key, row, fields, position }: RowText): Operation {
  if (row === null) return { deleteOne: { filter: { _id: key, position: { $lte: position } } } };
  const document: RowDocument = { _id: key, row, position, fields };
  return {
    updateOne: {
      filter: { _id: key },
      update: [{ $replaceWith: { $cond: [{ $gt: ['$position', position] }, '$$ROOT', { $literal: document }] } }],
      upsert: true,
    },
  };
}

/** patched leaves the position as it is: what the next event says is still newer. */
export function patched({ key, row, fields }: RowText): Operation {
  if (row === null) return { deleteOne: { filter: { _id: key } } };
  return {
    updateOne: {
      filter: { _id: key },
      update: { $set: { row, fields }, $setOnInsert: { position: 0n } },
      upsert: true,
    },
  };
}

/** storedRow as the port gives it. */
export function storedRow<Row extends object>({ _id, row, position }: RowDocument): StoredRow<Row> {
  return { key: _id, row: JSON.parse(row) as Row, position: String(position) };
}
