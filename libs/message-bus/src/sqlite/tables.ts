/**
 * BUS_SCHEMA: messages in the order they were published, how far each group is, what waits for a person, what was dropped and why, and by which
 * messages that is known when they are told again (rows of `bus_skipped` that earlier versions wrote have none there: what they name comes again).
 */
export const BUS_SCHEMA = `
  create table if not exists bus_messages (
    position integer primary key autoincrement,
    topic text not null,
    key text not null,
    event text not null
  ) strict;
  create table if not exists bus_offsets (
    consumers text not null,
    topic text not null,
    position integer not null,
    primary key (consumers, topic)
  ) strict, without rowid;
  create table if not exists bus_parked (
    parked integer primary key autoincrement,
    consumers text not null,
    position integer not null,
    topic text not null,
    key text not null,
    event text not null,
    reason text not null,
    attempts integer not null,
    parked_at text not null,
    replay integer not null,
    unique (consumers, key, position)
  ) strict;
  create index if not exists bus_parked_events on bus_parked (consumers, key, topic, event ->> '$.id');
  create index if not exists bus_parked_replays on bus_parked (consumers, key) where replay = 1;
  create table if not exists bus_skipped (
    parked integer primary key,
    consumers text not null,
    topic text not null,
    key text not null,
    event_id text not null,
    failure text not null,
    reason text not null,
    skipped_at text not null
  ) strict;
  create table if not exists bus_skipped_messages (
    consumers text not null,
    topic text not null,
    print text not null,
    primary key (consumers, topic, print)
  ) strict, without rowid`;
