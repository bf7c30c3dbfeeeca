-- Files of watched folders, as they were when they were last looked into. A path is relative to its source's folder.
create table files (
  source_id integer not null references sources on delete cascade,
  path text not null,
  size integer not null,
  modified_at integer not null,
  digest text not null,
  error text,
  read_at integer not null,
  primary key (source_id, path)
) strict;

-- Other names of an article: the ids of messages that changed or withdrew it under an id of their own.
create table aliases (
  alias text primary key,
  url text not null
) strict;
