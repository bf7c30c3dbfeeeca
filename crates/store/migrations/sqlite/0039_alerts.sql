-- Mails that tell editors what an edition needs of them.
create table alerts (
  id integer primary key autoincrement,
  edition_id integer not null references editions on delete cascade,
  kind text not null,
  at integer not null,
  email text not null,
  words text,
  -- When it is tried next; null once it has left or nobody needs it.
  due_at integer,
  tries integer not null default 0,
  unique (edition_id, kind, at, email)
) strict;
create index alerts_due on alerts (due_at, id) where due_at is not null;
