-- Whether an article stands as it was read, and why not.
alter table articles add column state text not null default 'standing';
alter table articles add column state_note text;
-- Which version of a wire message it is: the agency's number, and when that version was made.
alter table articles add column revision integer;
alter table articles add column revised_at integer;
-- Not to be printed before (embargo).
alter table articles add column not_before integer;
-- What its page is asked with again, and when it last was.
alter table articles add column etag text;
alter table articles add column last_modified text;
alter table articles add column checked_at integer;

-- What became of an article after an edition took it.
create table notices (
  id integer primary key autoincrement,
  edition_id integer not null references editions on delete cascade,
  article_id integer references articles on delete set null,
  kind text not null,
  state text not null,
  before text not null,
  after text,
  note text,
  at integer not null
) strict;
create index notices_edition on notices (edition_id, id);
create index notices_article on notices (article_id);
