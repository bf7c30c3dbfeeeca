-- Mails that came back for a reader, each once: bounces and complaints.
create table returns (
  id bigint generated always as identity primary key,
  subscriber_id bigint not null references subscribers,
  digest text not null,
  kind text not null,
  reason text not null,
  status text,
  said text not null,
  at bigint not null,
  unique (subscriber_id, digest)
);
