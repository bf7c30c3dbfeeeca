-- Which state of an edition is stored: who changes it says from which they started.
alter table editions add column revision integer not null default 1;

-- What editors and changed articles made of an edition: each change with what was before it.
create table edition_changes (
  edition_id integer not null references editions on delete cascade,
  revision integer not null,
  before text not null,
  made_by text not null,
  what text not null,
  at integer not null,
  primary key (edition_id, revision)
) strict;

-- What an editor took out of an edition is not told again by itself.
create table dropped_entries (
  id integer primary key autoincrement,
  edition_id integer not null references editions on delete cascade,
  story_id integer references stories on delete set null,
  article_id integer references articles on delete set null
) strict;
create index dropped_entries_edition on dropped_entries (edition_id);
create index dropped_entries_story on dropped_entries (story_id);
create index dropped_entries_article on dropped_entries (article_id);
