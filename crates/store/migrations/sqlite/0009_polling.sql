-- What visits have taught of how a source publishes and answers, as JSON: the model's Polling.
alter table sources add column polling text not null default '{}';
-- What had to be forgiven in its last answer, in words: a JSON list.
alter table sources add column forgiven text not null default '[]';
-- The site's picture, for lists.
alter table sources add column icon_url text;

-- Where a source moved for good, and when.
create table source_moves (
  id integer primary key autoincrement,
  source_id integer not null references sources on delete cascade,
  from_url text not null,
  to_url text not null,
  moved_at integer not null
) strict;
create index source_moves_source on source_moves (source_id, id);

-- The outlet's name, where a page was not listed by the source but named as the original of one that was.
alter table items add column carrier text;
create index items_url on items (url);
