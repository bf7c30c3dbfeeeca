-- Whether an edition's deliveries are planned for all its readers (1), or only for some yet (0).
alter table tallies add column is_whole integer not null default 1;
-- What waits since the mail server takes such messages from nobody, which may be few of a million.
create index deliveries_unfit on deliveries (edition_id, id)
  where state = 'queued' and substr(error, 1, 13) = 'waits, since ';
create index correction_deliveries_unfit on correction_deliveries (notice_id, id)
  where state = 'queued' and substr(error, 1, 13) = 'waits, since ';
