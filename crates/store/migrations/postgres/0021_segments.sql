-- How many readers there are by brief, state, country, zone and the month in which they came, in UTC: a segment of
-- millions is counted from here. Each change of a reader adds rows of what came and what went, which is cheap, and rows of
-- one kind are added up when they are read, and now and then for good. The database does so itself, but for new readers:
-- they come by the million, and are counted by the statement that adds them.
create table reader_tally (
  brief_id bigint not null,
  state text not null,
  -- Empty where it is not known.
  country text not null,
  zone text not null,
  month text not null,
  readers bigint not null
);

create function month_of(at bigint) returns text language sql immutable as
  $$ select to_char(to_timestamp(at / 1000.0) at time zone 'UTC', 'YYYY-MM') $$;

insert into reader_tally
  select brief_id, state, coalesce(country, ''), zone, month_of(created_at), count(*)
  from subscribers group by 1, 2, 3, 4, 5;

create function tally_deleted() returns trigger language plpgsql as $$ begin
  insert into reader_tally
    select brief_id, state, coalesce(country, ''), zone, month_of(created_at), -count(*)
    from gone group by 1, 2, 3, 4, 5;
  return null;
end $$;
create function tally_updated() returns trigger language plpgsql as $$ begin
  insert into reader_tally
    select brief_id, state, coalesce(country, ''), zone, month_of(created_at), sum(change)
    from (select brief_id, state, country, zone, created_at, 1 as change from came
          union all select brief_id, state, country, zone, created_at, -1 from gone) moved
    group by 1, 2, 3, 4, 5 having sum(change) <> 0;
  return null;
end $$;
create trigger subscribers_tally_delete after delete on subscribers
  referencing old table as gone for each statement execute function tally_deleted();
create trigger subscribers_tally_update after update on subscribers
  referencing old table as gone new table as came for each statement execute function tally_updated();

-- Readers by what they have in common, under a name. JSON: the model's Segment.
create table segments (
  name text primary key,
  segment text not null,
  created_at bigint not null
);
