import { closeSync, fsyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * Makes a log of a million events out of a played one, in a process of its own: every case again and again under other ids. The views are
 * gone afterwards, so that the next start builds them from nothing; everything else (publishers, history, policies) has no work left.
 */
process.on('message', ({ file, events: wanted }) => {
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = off');
  const template = database
    .prepare('select stream, revision, id, type, data, metadata from events order by position')
    .all()
    .filter(({ stream }) => ID.test(stream))
    .map(({ stream, revision, id, type, data, metadata }) => ({
      revision,
      type,
      texts: [stream, id, data, metadata].map(piecesOf),
    }));
  const events = copy(database, template, wanted);
  forgetViews(database);
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
  // A log that is rebuilt from has long been on disk: what was copied must not be written while that is measured.
  const log = openSync(file, 'r+');
  fsyncSync(log);
  closeSync(log);
  process.send({ events });
});

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const FIRST_PART = /([0-9a-f]{8})(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/;

/** piecesOf a text: what stays, and between it the first parts of ids as numbers. */
function piecesOf(text) {
  return text.split(FIRST_PART).map((piece, index) => (index % 2 === 0 ? piece : Number.parseInt(piece, 16)));
}

/** written gives the text with other ids, the same ones for the same copy. */
function written(pieces, copyNumber) {
  let text = '';
  for (const piece of pieces)
    text += typeof piece === 'string' ? piece : ((piece ^ copyNumber) >>> 0).toString(16).padStart(8, '0');
  return text;
}

function copy(database, template, wanted) {
  const insert = database.prepare(
    'insert into events (stream, revision, id, type, data, metadata) values (?, ?, ?, ?, ?, ?)',
  );
  let count = database.prepare('select count(*) as count from events').get().count;
  for (let number = 1; count < wanted; number++) {
    database.exec('begin');
    for (const { revision, type, texts } of template) {
      if (count === wanted) break;
      const [stream, id, data, metadata] = texts.map((pieces) => written(pieces, number));
      insert.run(stream, revision, id, type, data, metadata);
      count++;
    }
    database.exec('commit');
  }
  return count;
}

function forgetViews(database) {
  const { last } = database.prepare('select max(position) as last from events').get();
  const tables = database.prepare(`select name from sqlite_schema where type = 'table' and name like 'view %'`).all();
  for (const { name } of tables) {
    database.exec(`drop table "${name}"`);
    database.prepare('delete from view_checkpoints where name = ?').run(name.slice('view '.length));
  }
  database.exec(`delete from view_checkpoints where name like '%.progress.%'`);
  database.prepare('update view_checkpoints set position = ?').run(last);
}
