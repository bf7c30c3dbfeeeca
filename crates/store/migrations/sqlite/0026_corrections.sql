-- Corrections on their way to those who have the wrong entry: the columns of `deliveries`, with a notice in the place of an
-- edition, so that both are handed over by the same statements.
create table correction_deliveries (
  id integer primary key autoincrement,
  notice_id integer not null references notices on delete cascade,
  subscriber_id integer not null references subscribers,
  state text not null,
  due_at integer not null,
  late_at integer,
  attempts integer not null default 0,
  tries integer not null default 0,
  doubts integer not null default 0,
  lease_until integer,
  message_id text not null,
  reply text,
  error text,
  updated_at integer not null,
  sent_at integer,
  unique (notice_id, subscriber_id)
) strict;
create index correction_deliveries_waiting on correction_deliveries (notice_id, due_at, id) where state in ('queued', 'unknown');
create index correction_deliveries_leased on correction_deliveries (notice_id, lease_until, id) where state in ('sending', 'wire');
create index correction_deliveries_subscriber on correction_deliveries (subscriber_id);
-- Earlier releases mailed them by a job a reader, whose key this one does not read.
delete from jobs where kind = 'send_correction';
