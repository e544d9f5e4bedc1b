import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { isOfCommand } from './own-events.mjs';

/**
 * The baseline, in a process of its own: the events that the commands of a round appended, appended again one by one, each with its own
 * commit, into the same table with the same index. WAL, synchronous=FULL, the default autocheckpoint; making JSON is part of it.
 */
const { LOG_SCHEMA } = createRequire(import.meta.url)('../../libs/event-store/dist/sqlite/entry.js');

process.on('message', ({ log, after, upTo, into }) => {
  const events = eventsOfCommands(log, after, upTo);
  const database = new DatabaseSync(into);
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  database.exec(LOG_SCHEMA);
  const insert = database.prepare(
    'insert into events (stream, revision, id, type, data, metadata) values (?, ?, ?, ?, ?, ?)',
  );
  const began = performance.now();
  for (const { stream, revision, id, type, data, metadata } of events) {
    insert.run(stream, revision, id, type, JSON.stringify(data), JSON.stringify(metadata));
  }
  const seconds = (performance.now() - began) / 1000;
  database.close();
  process.send({ events: events.length, seconds });
});

function eventsOfCommands(log, after, upTo) {
  const database = new DatabaseSync(log, { readOnly: true });
  const rows = database
    .prepare(
      'select stream, revision, id, type, data, metadata from events where position > ? and position <= ? order by position',
    )
    .all(after, upTo);
  database.close();
  return rows
    .map((row) => ({ ...row, data: JSON.parse(row.data), metadata: JSON.parse(row.metadata) }))
    .filter(isOfCommand);
}
