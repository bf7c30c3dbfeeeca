-- How readers came and went, by brief, month in UTC, and what happened. Rows are only added, by whoever makes it happen, and
-- those of one kind are added up when they are read, and now and then for good. Of who was erased before, nothing is known.
create table reader_figures (
  brief_id integer not null,
  month text not null,
  what text not null,
  many integer not null
) strict;

insert into reader_figures
  select s.brief_id, strftime('%Y-%m', c.at / 1000, 'unixepoch'),
    case when c.kind <> 'left' then 'came' when c.line like '%"means":"complaint"%' then 'complained' else 'left' end,
    count(*)
  from consents c join subscribers s on s.id = c.subscriber_id
  where c.kind in ('confirmed', 'entered', 'left') group by 1, 2, 3;
insert into reader_figures
  select s.brief_id, strftime('%Y-%m', r.at / 1000, 'unixepoch'), r.kind, count(*)
  from returns r join subscribers s on s.id = r.subscriber_id
  where r.kind in ('hard', 'soft') group by 1, 2, 3;
