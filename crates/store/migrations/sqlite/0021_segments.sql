-- How many readers there are by brief, state, country, zone and the month in which they came, in UTC: a segment of
-- millions is counted from here. Each change of a reader adds rows of what came and what went, which is cheap, and rows of
-- one kind are added up when they are read, and now and then for good. The database does so itself, but for new readers:
-- they come by the million, and are counted by the statement that adds them.
create table reader_tally (
  brief_id integer not null,
  state text not null,
  -- Empty where it is not known.
  country text not null,
  zone text not null,
  month text not null,
  readers integer not null
) strict;

insert into reader_tally
  select brief_id, state, coalesce(country, ''), zone, strftime('%Y-%m', created_at / 1000, 'unixepoch'), count(*)
  from subscribers group by 1, 2, 3, 4, 5;

create trigger subscribers_tally_delete after delete on subscribers begin
  insert into reader_tally values (old.brief_id, old.state, coalesce(old.country, ''), old.zone,
    strftime('%Y-%m', old.created_at / 1000, 'unixepoch'), -1);
end;
create trigger subscribers_tally_update after update of brief_id, state, country, zone, created_at on subscribers
when (old.brief_id, old.state, old.country, old.zone, old.created_at)
     is not (new.brief_id, new.state, new.country, new.zone, new.created_at) begin
  insert into reader_tally values (old.brief_id, old.state, coalesce(old.country, ''), old.zone,
    strftime('%Y-%m', old.created_at / 1000, 'unixepoch'), -1);
  insert into reader_tally values (new.brief_id, new.state, coalesce(new.country, ''), new.zone,
    strftime('%Y-%m', new.created_at / 1000, 'unixepoch'), 1);
end;

-- Readers by what they have in common, under a name. JSON: the model's Segment.
create table segments (
  name text primary key,
  segment text not null,
  created_at integer not null
) strict;
