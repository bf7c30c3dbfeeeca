-- Full text of what editions printed, for their archive.
alter table entries add column search tsvector generated always as (
  setweight(to_tsvector('simple', left(headline, 1000)), 'A')
  || setweight(to_tsvector('simple', left(summary, 10000)), 'B')
  || setweight(to_tsvector('simple', left(carrier || ' ' || coalesce(original, ''), 1000)), 'B')
) stored;
create index entries_search on entries using gin (search);
