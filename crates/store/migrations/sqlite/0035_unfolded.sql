-- Whether an article waits for a folding is asked every second: of a night's articles hardly one is in these. The first
-- column of the first, which says nothing, has SQLite prefer it to the index of stories.
create index articles_without_story on articles (story_id, published_at)
  where story_id is null and state in ('standing', 'missing');
create index articles_to_take_out on articles (published_at)
  where story_id is not null and (state not in ('standing', 'missing') or not_before is not null);
