//! Puts a new folding in the place of the old one, and keeps the ids of stories that go on.

use std::collections::{BTreeSet, HashMap, HashSet};

use reveille_model::{ArticleId, StoryId, UnixMillis};

use super::{Beside, NewCopy, NewStory};
use crate::{
    StoreError, Tx,
    sql::{Param, Row, args, built, json, sql},
};

/// What the last folding left: each story's lead, each article's story, and what each story is to others.
struct Before {
    lead: HashMap<ArticleId, StoryId>,
    story: HashMap<ArticleId, StoryId>,
    ties: HashMap<StoryId, Ties>,
}

/// The story that one carries on, and those that it stands beside.
#[derive(Default, PartialEq)]
struct Ties {
    follows: Option<StoryId>,
    beside: Vec<Beside>,
}

/// Replaces the stories that reach into the time since `from`, and the copies among the articles published since.
/// Gives back the story ids in the order of `stories`.
///
/// A story keeps its id where its lead stays; else where it holds more articles of an old story than any other
/// new one does. An old story that goes on in none is removed, unless an edition printed it.
///
/// # Errors
/// Where the database fails.
pub async fn replace_window(
    tx: &mut Tx,
    from: UnixMillis,
    stories: &[NewStory],
    copies: &[NewCopy],
    now: UnixMillis,
) -> Result<Vec<StoryId>, StoreError> {
    let before = before(tx, from, stories).await?;
    let kept = matched(&before, stories);
    let mut ids = Vec::with_capacity(stories.len());
    for (story, kept) in stories.iter().zip(&kept) {
        ids.push(write(tx, *kept, story, now).await?);
    }
    assign(tx, &before, stories, &ids).await?;
    link(tx, &before, stories, &ids).await?;
    let going_on: HashSet<StoryId> = ids.iter().copied().collect();
    remove(
        tx,
        before
            .lead
            .values()
            .filter(|id| !going_on.contains(id))
            .copied()
            .collect(),
    )
    .await?;
    replace_copies(tx, from, copies).await?;
    Ok(ids)
}

async fn before(tx: &mut Tx, from: UnixMillis, stories: &[NewStory]) -> Result<Before, StoreError> {
    let doing = "read the last folding";
    let text = "select id, lead_article_id, follows_story_id, beside from stories where last_at >= $1";
    let open = tx.rows(sql(doing, text), args![from]).await?;
    // An article that leads an older story cannot lead a second one.
    let leads: Vec<ArticleId> = stories.iter().map(|story| story.lead).collect();
    let led = rows_in(
        tx,
        doing,
        "select id, lead_article_id, follows_story_id, beside from stories where lead_article_id",
        &leads,
    )
    .await?;
    let (mut lead, mut ties) = (HashMap::new(), HashMap::new());
    for row in open.iter().chain(&led) {
        let id: StoryId = row.get("id")?;
        lead.insert(row.get("lead_article_id")?, id);
        let (follows, beside) = (row.maybe("follows_story_id")?, row.json("beside")?);
        ties.insert(id, Ties { follows, beside });
    }

    let named = |story: &NewStory| {
        story
            .articles
            .iter()
            .copied()
            .chain(story.follows)
            .collect::<Vec<_>>()
    };
    let articles: Vec<ArticleId> = stories.iter().flat_map(named).collect();
    let known: Vec<StoryId> = lead.values().copied().collect();
    let held = "select id, story_id from articles where story_id is not null and id";
    let mut placed = rows_in(tx, doing, held, &articles).await?;
    placed.extend(
        rows_in(
            tx,
            doing,
            "select id, story_id from articles where story_id",
            &known,
        )
        .await?,
    );
    let story = placed
        .iter()
        .map(|row| Ok((row.get("id")?, row.get("story_id")?)))
        .collect::<Result<_, StoreError>>()?;
    Ok(Before { lead, story, ties })
}

/// The rows of `text in (ids)`.
async fn rows_in<T>(tx: &mut Tx, doing: &'static str, text: &str, ids: &[T]) -> Result<Vec<Row>, StoreError>
where
    T: Copy + Param<'static>,
{
    let text = format!("{text} in ({{rows}})");
    let rows = ids.iter().map(|id| args![*id]);
    tx.rows_many(built(doing, text), args![], rows.collect()).await
}

/// Which old story each new one goes on from. Leads decide first; then the number of shared articles, and of equal
/// numbers the older story and the earlier new one, so that the outcome never hangs on the order of a map.
fn matched(before: &Before, stories: &[NewStory]) -> Vec<Option<StoryId>> {
    let mut kept: Vec<Option<StoryId>> = stories
        .iter()
        .map(|story| before.lead.get(&story.lead).copied())
        .collect();
    let mut taken: HashSet<StoryId> = kept.iter().flatten().copied().collect();
    let open: HashSet<StoryId> = before.lead.values().copied().collect();
    let mut shared: HashMap<(usize, StoryId), usize> = HashMap::new();
    for (at, story) in stories.iter().enumerate().filter(|(at, _)| kept[*at].is_none()) {
        for old in story
            .articles
            .iter()
            .filter_map(|article| before.story.get(article))
        {
            if open.contains(old) && !taken.contains(old) {
                *shared.entry((at, *old)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<_> = shared.into_iter().collect();
    pairs.sort_by_key(|((at, old), count)| (std::cmp::Reverse(*count), *old, *at));
    for ((at, old), _) in pairs {
        if kept[at].is_none() && taken.insert(old) {
            kept[at] = Some(old);
        }
    }
    kept
}

async fn write(
    tx: &mut Tx,
    kept: Option<StoryId>,
    story: &NewStory,
    now: UnixMillis,
) -> Result<StoryId, StoreError> {
    let doing = "keep a story";
    let original = story.original.as_ref();
    let mut args = args![
        story.lead,
        original.map(|original| original.name.as_str()),
        original.and_then(|original| original.article),
        json(&original)?,
        story.independent,
        story.first,
        story.last,
        story.rank,
        json(&story.reasons)?,
        now,
    ];
    if let Some(id) = kept {
        let text = "update stories set lead_article_id = $1, original_name = $2, original_article_id = $3,
                      original = $4, independent = $5, first_at = $6, last_at = $7, rank = $8, reasons = $9,
                      updated_at = $10
                    where id = $11";
        args.extend(args![id]);
        tx.run(sql(doing, text), args).await?;
        return Ok(id);
    }
    let text =
        "insert into stories (lead_article_id, original_name, original_article_id, original, independent,
                  first_at, last_at, rank, reasons, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id";
    let row = tx
        .row(sql(doing, text), args)
        .await?
        .ok_or(StoreError::Vanished { doing })?;
    row.get("id")
}

/// Writes each article's story where it changed.
async fn assign(
    tx: &mut Tx,
    before: &Before,
    stories: &[NewStory],
    ids: &[StoryId],
) -> Result<(), StoreError> {
    let doing = "fold articles into stories";
    let mut after: HashMap<ArticleId, StoryId> = HashMap::new();
    for (story, id) in stories.iter().zip(ids) {
        after.extend(story.articles.iter().map(|article| (*article, *id)));
    }
    let changed: Vec<(ArticleId, StoryId)> = after
        .iter()
        .filter(|(article, id)| before.story.get(article) != Some(id))
        .map(|(article, id)| (*article, *id))
        .collect();
    let text = "update articles set story_id = v.column2 from ({rows}) as v where articles.id = v.column1";
    let rows = changed.into_iter().map(|(article, id)| args![article, id]);
    tx.run_many(sql(doing, text).unkept(), args![], rows.collect())
        .await?;
    let out: Vec<ArticleId> = before
        .story
        .keys()
        .filter(|article| !after.contains_key(article))
        .copied()
        .collect();
    let text = "update articles set story_id = null where id in ({rows})";
    let rows = out.into_iter().map(|id| args![id]);
    tx.run_many(sql(doing, text).unkept(), args![], rows.collect())
        .await
        .map(drop)
}

/// Writes what each story is to others, where that changed.
async fn link(tx: &mut Tx, before: &Before, stories: &[NewStory], ids: &[StoryId]) -> Result<(), StoreError> {
    let leads = stories.iter().map(|story| story.lead);
    let after: HashMap<ArticleId, StoryId> = leads.zip(ids.iter().copied()).collect();
    let mut changed = Vec::new();
    for (story, &id) in stories.iter().zip(ids) {
        let led = |lead: ArticleId| after.get(&lead).or_else(|| before.story.get(&lead)).copied();
        let other = |lead| led(lead).filter(|&other| other != id);
        let beside = story.beside.iter();
        let ties = Ties {
            follows: story.follows.and_then(other),
            beside: beside
                .filter_map(|&(lead, likeness)| other(lead).map(|story| Beside { story, likeness }))
                .collect(),
        };
        if *before.ties.get(&id).unwrap_or(&Ties::default()) != ties {
            changed.push(args![id, ties.follows, json(&ties.beside)?]);
        }
    }
    let text = "update stories set follows_story_id = v.column2, beside = v.column3 from ({rows}) as v
                where stories.id = v.column1";
    tx.run_many(
        sql("link stories to one another", text).unkept(),
        args![],
        changed,
    )
    .await
    .map(drop)
}

async fn remove(tx: &mut Tx, stories: BTreeSet<StoryId>) -> Result<(), StoreError> {
    let text = "delete from stories where id in ({rows})
                and not exists (select 1 from entries where entries.story_id = stories.id)";
    let rows = stories.into_iter().map(|id| args![id]);
    tx.run_many(
        sql("remove stories that do not go on", text).unkept(),
        args![],
        rows.collect(),
    )
    .await
    .map(drop)
}

async fn replace_copies(tx: &mut Tx, from: UnixMillis, copies: &[NewCopy]) -> Result<(), StoreError> {
    let text = "delete from copies where article_id in (select id from articles where published_at >= $1)";
    tx.run(sql("remove old copies", text), args![from]).await?;
    let text = "insert into copies (article_id, of_article_id, link, overlap, evidence) {rows}
                on conflict (article_id) do update set of_article_id = excluded.of_article_id,
                  link = excluded.link, overlap = excluded.overlap, evidence = excluded.evidence";
    let row = |copy: &'_ NewCopy| {
        args![
            copy.article,
            copy.of,
            copy.link,
            copy.overlap,
            copy.evidence.clone()
        ]
    };
    tx.run_many(
        sql("keep copies", text),
        args![],
        copies.iter().map(row).collect(),
    )
    .await
    .map(drop)
}
