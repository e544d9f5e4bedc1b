/** ALL stands in a destroyed scope for every case, category or object; no id of ours looks like it. */
export const ALL = '*';

/** KEY_SCHEMA: keys that live, scopes and keys that are destroyed for ever, keyed hashes, secrets. */
export const KEY_SCHEMA = `
create table if not exists data_keys (
  person_id text not null,
  case_id text not null,
  category text not null,
  key_id text not null unique,
  kek_version integer not null,
  wrapped blob not null,
  primary key (person_id, case_id, category)
) strict, without rowid;
create table if not exists content_keys (
  number integer primary key,
  key_id text not null unique,
  person_id text not null,
  case_id text not null,
  category text not null,
  object text not null check (object <> ''),
  wrapped blob not null
) strict;
create index if not exists content_keys_place on content_keys (person_id, case_id, category, object);
create table if not exists destroyed_scopes (
  person_id text not null,
  case_id text not null,
  category text not null,
  object text not null,
  primary key (person_id, case_id, category, object)
) strict, without rowid;
create table if not exists destroyed_keys (
  key_id text not null primary key,
  person_id text not null,
  case_id text not null,
  category text not null,
  object text not null
) strict, without rowid;
create index if not exists destroyed_keys_place on destroyed_keys (person_id, case_id, category, object);
create table if not exists links (
  number integer primary key,
  kind text not null,
  hash text not null,
  id text not null,
  unique (kind, hash, id)
) strict;
create index if not exists links_id on links (id);
create table if not exists secrets (name text not null primary key, wrapped blob not null) strict, without rowid;
create table if not exists destroyed_secrets (name text not null primary key) strict, without rowid;
`;
