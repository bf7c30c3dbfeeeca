-- How many deliveries of an edition were planned and how many were sent: the two that can be a million. The others are
-- counted when somebody asks.
create table tallies (
  edition_id integer primary key references editions on delete cascade,
  planned integer not null,
  sent integer not null
) strict;
insert into tallies (edition_id, planned, sent)
select edition_id, count(*), count(case state when 'sent' then 1 end) from deliveries group by edition_id;
