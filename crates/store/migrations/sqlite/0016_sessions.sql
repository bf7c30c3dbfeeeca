-- The links by which an editor signs in to the desk, each good once and for a few minutes. Links and sessions stand here by
-- their digest only: who reads the store can sign in with neither.
create table sign_ins (
  digest text primary key,
  editor text not null,
  made_at integer not null
) strict;

-- Browsers that are signed in.
create table sessions (
  id integer primary key autoincrement,
  digest text not null unique,
  editor text not null,
  -- What the browser called itself.
  agent text,
  made_at integer not null,
  seen_at integer not null
) strict;
