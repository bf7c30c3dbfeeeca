-- Mails that came back for a reader, each once: bounces and complaints.
create table returns (
  id integer primary key autoincrement,
  subscriber_id integer not null references subscribers,
  digest text not null,
  kind text not null,
  reason text not null,
  status text,
  said text not null,
  at integer not null,
  unique (subscriber_id, digest)
) strict;
