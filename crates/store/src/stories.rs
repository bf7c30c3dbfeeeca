//! Stories and the copies folded into them.

mod replace;

use std::{cmp::Reverse, collections::HashMap};

use reveille_model::{ArticleId, CanonicalUrl, CopyLink, Evidence, Reason, StoryId, UnixMillis};
use serde::{Deserialize, Serialize};

pub use replace::replace_window;

use crate::{
    Store, StoreError, View,
    articles::{self, StoredArticle, select_articles},
    sql::{BATCH, Param, Row, args, built, places, sql},
};

/// Who wrote what a story's copies carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryOriginal {
    /// The agency or outlet.
    pub name: String,
    /// Its own article, where the store has it.
    pub article: Option<ArticleId>,
    /// Where its own article stands, where a page links it.
    pub url: Option<CanonicalUrl>,
    /// What that rests on, strongest first.
    pub evidence: Vec<Evidence>,
}

/// A story as just folded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewStory {
    /// The article that stands for it.
    pub lead: ArticleId,
    /// All its articles, the lead among them.
    pub articles: Vec<ArticleId>,
    /// Who wrote it, where that is known.
    pub original: Option<StoryOriginal>,
    /// How many newsrooms reported it on their own.
    pub independent: usize,
    /// When its first article was published.
    pub first: UnixMillis,
    /// When its last article was published.
    pub last: UnixMillis,
    /// How high it ranks; more is higher.
    pub rank: f64,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The lead of the earlier story that it carries on.
    pub follows: Option<ArticleId>,
    /// The leads of stories of the same night that tell of its event too, the likest first, with how alike they are.
    pub beside: Vec<(ArticleId, f64)>,
}

/// A story of the same night that tells of the same event.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// It may be gone since that night.
    pub story: StoryId,
    /// How alike the two are, 0 to 1.
    pub likeness: f64,
}

/// An article found to be a copy of another.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCopy {
    /// The copy.
    pub article: ArticleId,
    /// What it is a copy of.
    pub of: ArticleId,
    /// How it relates to that.
    pub link: CopyLink,
    /// How much of its text is the other's, 0 to 1.
    pub overlap: f64,
    /// What that rests on, in words.
    pub evidence: String,
}

/// A row of `stories`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredStory {
    /// Its row. It stays when the story is folded anew with its lead or most of its articles.
    pub id: StoryId,
    /// The article that stands for it.
    pub lead: ArticleId,
    /// Who wrote it, where that is known.
    pub original: Option<StoryOriginal>,
    /// How many newsrooms reported it on their own.
    pub independent: usize,
    /// When its first article was published.
    pub first: UnixMillis,
    /// When its last article was published.
    pub last: UnixMillis,
    /// How high it ranks; more is higher.
    pub rank: f64,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The earlier story that it carries on.
    pub follows: Option<StoryId>,
    /// Those of the same night that tell of its event too, the likest first.
    pub beside: Vec<Beside>,
    /// When it was last folded.
    pub updated_at: UnixMillis,
}

/// A story with all that is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoryDetail {
    /// The story.
    pub story: StoredStory,
    /// Its articles in order of publication, then address.
    pub articles: Vec<StoredArticle>,
    /// Which of them are copies.
    pub copies: Vec<NewCopy>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, lead_article_id, original, independent, first_at, last_at, rank, reasons, follows_story_id,
               beside, updated_at
             from stories ",
            $rest
        )
    };
}

/// The stories that grew since `since`, highest rank first, then latest.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn list(store: &Store, since: UnixMillis, limit: u32) -> Result<Vec<StoredStory>, StoreError> {
    let text = select!("where last_at >= $1 order by rank desc, last_at desc, id limit $2");
    let rows = store.rows(sql("list stories", text), args![since, limit]).await?;
    rows.iter().map(read).collect()
}

/// The story with this id, its articles and copies.
pub async fn find(view: impl Into<View<'_>>, id: StoryId) -> Result<Option<StoryDetail>, StoreError> {
    let mut view = view.into();
    let Some(row) = view
        .row(sql("find a story", select!("where id = $1")), args![id])
        .await?
    else {
        return Ok(None);
    };
    let text = select_articles!("where a.story_id = $1 order by a.published_at, a.url");
    let articles = view.rows(sql("list a story's articles", text), args![id]).await?;
    let text = "select c.article_id, c.of_article_id, c.link, c.overlap, c.evidence
                from copies c join articles a on a.id = c.article_id
                where a.story_id = $1 order by a.published_at, a.url";
    let copies = view.rows(sql("list a story's copies", text), args![id]).await?;
    Ok(Some(StoryDetail {
        story: read(&row)?,
        articles: articles.iter().map(articles::read).collect::<Result<_, _>>()?,
        copies: copies.iter().map(read_copy).collect::<Result<_, _>>()?,
    }))
}

/// Which earlier story each story carries on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Threads(HashMap<StoryId, StoryId>);

impl Threads {
    /// The stories that one carries on, the nearest first.
    #[must_use]
    pub fn of(&self, story: StoryId) -> Vec<StoryId> {
        let mut thread = vec![story];
        // A ring ends where it began.
        while let Some(earlier) = thread.last().and_then(|last| self.0.get(last))
            && !thread.contains(earlier)
        {
            thread.push(*earlier);
        }
        thread.split_off(1)
    }
}

/// The threads of the stories that grew since `since`.
pub async fn threads(store: &Store, since: UnixMillis) -> Result<Threads, StoreError> {
    let text =
        "select id, follows_story_id from stories where follows_story_id is not null and last_at >= $1";
    let rows = store.rows(sql("list threads", text), args![since]).await?;
    let read = |row: &Row| Ok((row.get("id")?, row.get("follows_story_id")?));
    rows.iter().map(read).collect::<Result<_, _>>().map(Threads)
}

/// The headlines under which stories stand, the latest story first.
pub async fn headlines(store: &Store, ids: &[StoryId]) -> Result<Vec<(StoryId, String)>, StoreError> {
    let mut found: Vec<(UnixMillis, StoryId, String)> = Vec::new();
    for batch in ids.chunks(BATCH) {
        let text = format!(
            "select s.id, s.last_at, a.title from stories s join articles a on a.id = s.lead_article_id
             where s.id in ({})",
            places(1, batch.len())
        );
        let ids = batch.iter().map(|id| id.arg()).collect();
        for row in store.rows(built("list headlines", text), ids).await? {
            found.push((row.get("last_at")?, row.get("id")?, row.get("title")?));
        }
    }
    found.sort_by_key(|(last, id, _)| Reverse((*last, *id)));
    Ok(found.into_iter().map(|(_, id, title)| (id, title)).collect())
}

/// Every copy among the articles published since `since`, in order of publication, then address.
pub async fn copies(store: &Store, since: UnixMillis) -> Result<Vec<NewCopy>, StoreError> {
    let text = "select c.article_id, c.of_article_id, c.link, c.overlap, c.evidence
                from copies c join articles a on a.id = c.article_id
                where a.published_at >= $1 order by a.published_at, a.url";
    let rows = store.rows(sql("list copies", text), args![since]).await?;
    rows.iter().map(read_copy).collect()
}

fn read_copy(row: &Row) -> Result<NewCopy, StoreError> {
    Ok(NewCopy {
        article: row.get("article_id")?,
        of: row.get("of_article_id")?,
        link: row.get("link")?,
        overlap: row.get("overlap")?,
        evidence: row.get("evidence")?,
    })
}

fn read(row: &Row) -> Result<StoredStory, StoreError> {
    Ok(StoredStory {
        id: row.get("id")?,
        lead: row.get("lead_article_id")?,
        original: row.json("original")?,
        independent: row.get("independent")?,
        first: row.get("first_at")?,
        last: row.get("last_at")?,
        rank: row.get("rank")?,
        reasons: row.json("reasons")?,
        follows: row.maybe("follows_story_id")?,
        beside: row.json("beside")?,
        updated_at: row.get("updated_at")?,
    })
}
