-- What editors decided on articles; every later folding keeps to it.
create table rulings (
  id integer primary key autoincrement,
  ruling text not null,
  article_id integer not null references articles on delete cascade,
  with_article_id integer references articles on delete cascade,
  made_at integer not null
) strict;
create index rulings_article on rulings (article_id);
create index rulings_with on rulings (with_article_id);

-- The earlier story that a story carries on.
alter table stories add column follows_story_id integer references stories on delete set null;
create index stories_follows on stories (follows_story_id);
