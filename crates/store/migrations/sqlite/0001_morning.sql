-- Instants are milliseconds since 1970 in UTC. States and kinds are the words of the model crate. JSON is text.
-- `autoincrement`: an id is never given twice, as on PostgreSQL, so a stale reference can only find nothing.

create table sources (
  id integer primary key autoincrement,
  url text not null unique,
  kind text not null,
  carrier text not null,
  site_url text,
  language text,
  weight real not null default 1.0,
  state text not null,
  etag text,
  last_modified text,
  next_fetch_at integer not null,
  last_fetch_at integer,
  last_success_at integer,
  failures integer not null default 0,
  last_error text,
  created_at integer not null
) strict;
create index sources_due on sources (next_fetch_at, id) where state = 'active';

create table items (
  id integer primary key autoincrement,
  source_id integer not null references sources on delete cascade,
  guid text not null,
  url text not null,
  title text not null,
  summary text not null,
  published_at integer,
  updated_at integer,
  seen_at integer not null,
  state text not null,
  error text,
  unique (source_id, guid)
) strict;
create index items_recent on items (source_id, seen_at, id);

create table articles (
  id integer primary key autoincrement,
  item_id integer references items on delete set null,
  source_id integer not null references sources on delete cascade,
  url text not null unique,
  version integer not null,
  article text not null,
  title text not null,
  text text not null,
  published_at integer not null,
  fetched_at integer not null,
  hash text not null,
  story_id integer references stories on delete set null
) strict;
create index articles_window on articles (published_at, url);
create index articles_item on articles (item_id);
create index articles_source on articles (source_id);
create index articles_story on articles (story_id);

create table article_versions (
  article_id integer not null references articles on delete cascade,
  version integer not null,
  article text not null,
  fetched_at integer not null,
  primary key (article_id, version)
) strict;

create table copies (
  article_id integer primary key references articles on delete cascade,
  of_article_id integer not null references articles on delete cascade,
  link text not null,
  overlap real not null,
  evidence text not null
) strict;
create index copies_of on copies (of_article_id);

create table stories (
  id integer primary key autoincrement,
  lead_article_id integer not null unique references articles on delete cascade,
  original_name text,
  original_article_id integer references articles on delete set null,
  original text,
  independent integer not null,
  first_at integer not null,
  last_at integer not null,
  rank real not null,
  reasons text not null,
  updated_at integer not null
) strict;
create index stories_last on stories (last_at);
create index stories_original on stories (original_article_id);

create table briefs (
  id integer primary key autoincrement,
  slug text not null unique,
  brief text not null,
  created_at integer not null
) strict;

-- A brief without rows here draws on every source.
create table brief_sources (
  brief_id integer not null references briefs on delete cascade,
  source_id integer not null references sources on delete cascade,
  primary key (brief_id, source_id)
) strict;
create index brief_sources_source on brief_sources (source_id);

create table editions (
  id integer primary key autoincrement,
  brief_id integer not null references briefs,
  day text not null,
  state text not null,
  edition text not null,
  findings text not null,
  compiled_at integer not null,
  approved_at integer,
  sent_at integer,
  unique (brief_id, day)
) strict;
create index editions_state on editions (state, day);

-- What was printed stays when its story or article goes.
create table entries (
  id integer primary key autoincrement,
  edition_id integer not null references editions on delete cascade,
  number integer not null,
  section text not null,
  headline text not null,
  carrier text not null,
  original text,
  summary text not null,
  link text not null,
  story_id integer references stories on delete set null,
  article_id integer references articles on delete set null,
  unique (edition_id, number)
) strict;
create index entries_story on entries (story_id);
create index entries_article on entries (article_id);

create table subscribers (
  id integer primary key autoincrement,
  brief_id integer not null references briefs,
  email text not null,
  email_key text not null,
  country text,
  zone text not null,
  state text not null,
  token text not null unique,
  created_at integer not null,
  unique (brief_id, email_key)
) strict;
create index subscribers_state on subscribers (brief_id, state, zone, id);

create table consents (
  id integer primary key autoincrement,
  subscriber_id integer not null references subscribers on delete cascade,
  kind text not null,
  at integer not null,
  sentence text not null,
  came_from text
) strict;
create index consents_subscriber on consents (subscriber_id, id);

create table deliveries (
  id integer primary key autoincrement,
  edition_id integer not null references editions,
  subscriber_id integer not null references subscribers,
  state text not null,
  due_at integer not null,
  attempts integer not null default 0,
  lease_until integer,
  message_id text not null,
  reply text,
  error text,
  updated_at integer not null,
  sent_at integer,
  unique (edition_id, subscriber_id)
) strict;
create index deliveries_live on deliveries (edition_id, due_at, id) where state in ('queued', 'sending');
create index deliveries_state on deliveries (edition_id, state, id);
create index deliveries_subscriber on deliveries (subscriber_id);

create table jobs (
  id integer primary key autoincrement,
  kind text not null,
  key text not null,
  lane text not null,
  state text not null,
  run_at integer not null,
  attempts integer not null default 0,
  lease_until integer,
  epoch integer not null default 0,
  error text,
  created_at integer not null,
  updated_at integer not null
) strict;
create unique index jobs_live on jobs (kind, key) where state in ('ready', 'running');
create index jobs_queue on jobs (run_at, id) where state in ('ready', 'running');
create index jobs_updated on jobs (updated_at);
create index jobs_failed on jobs (updated_at, id) where state = 'failed';

-- The index holds no text of its own; these triggers keep it in step with the articles.
create virtual table article_search using fts5 (
  title, text, content = 'articles', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0'
);
create trigger articles_search_insert after insert on articles begin
  insert into article_search (rowid, title, text) values (new.id, new.title, new.text);
end;
create trigger articles_search_delete after delete on articles begin
  insert into article_search (article_search, rowid, title, text) values ('delete', old.id, old.title, old.text);
end;
create trigger articles_search_update after update of title, text on articles begin
  insert into article_search (article_search, rowid, title, text) values ('delete', old.id, old.title, old.text);
  insert into article_search (rowid, title, text) values (new.id, new.title, new.text);
end;
