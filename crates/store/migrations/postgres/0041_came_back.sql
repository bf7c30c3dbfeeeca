-- What came back is of one mailing, where it names the message; null where it does not.
alter table returns add column edition_id bigint references editions on delete set null;
alter table returns add column notice_id bigint references notices on delete set null;
create index returns_edition on returns (edition_id, subscriber_id)
  where edition_id is not null and kind in ('hard', 'soft');
create index returns_notice on returns (notice_id, subscriber_id)
  where notice_id is not null and kind in ('hard', 'soft');
-- Calls of mail services whose proof does not cover what they bring: digests of the one and the other.
create table service_calls (
  token text primary key,
  event text not null,
  at bigint not null
);
