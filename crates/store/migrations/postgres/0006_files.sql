-- Files of watched folders, as they were when they were last looked into. A path is relative to its source's folder.
create table files (
  source_id bigint not null references sources on delete cascade,
  path text not null,
  size bigint not null,
  modified_at bigint not null,
  digest text not null,
  error text,
  read_at bigint not null,
  primary key (source_id, path)
);

-- Other names of an article: the ids of messages that changed or withdrew it under an id of their own.
create table aliases (
  alias text primary key,
  url text not null
);
