//! Clean texts with their versions.

mod names;
mod upsert;

use reveille_model::{
    Article, ArticleId, ArticleState, BriefId, CanonicalUrl, ItemId, Revision, SourceId, StoryId, UnixMillis,
    Uri,
};

use crate::{
    Store, StoreError, Tx, View,
    sql::{BATCH, Row, args, built, places, sql},
};

pub use names::address;
pub use upsert::upsert;

/// An article as just read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewArticle {
    /// The item that led to it.
    pub item: Option<ItemId>,
    /// The source of that item.
    pub source: SourceId,
    /// Where it was read, or the name of the message that it is.
    pub url: Uri,
    /// What was read.
    pub article: Article,
    /// What its agency says of this version, where it is a wire message.
    pub wire: Option<WireVersion>,
    /// When it was read.
    pub fetched_at: UnixMillis,
}

/// What an agency says of one version of a message, beyond its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireVersion {
    /// Which version it is.
    pub revision: Revision,
    /// Whether it may be used.
    pub state: ArticleState,
    /// What the agency says of that.
    pub note: Option<String>,
    /// Not to be printed before.
    pub not_before: Option<UnixMillis>,
}

/// What a page is asked with again, as its host gave it (RFC 9110, section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// The entity tag.
    pub etag: Option<String>,
    /// The time of its last change, as written.
    pub last_modified: Option<String>,
}

/// What became of an article that was put into the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upserted {
    /// Its row.
    pub id: ArticleId,
    /// Counted from 1; one more with each change.
    pub version: u32,
    /// Whether it is new, or differs in text or state from the version before.
    pub changed: bool,
}

/// A row of `articles`, with what its source says of the carrier.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// Its row.
    pub id: ArticleId,
    /// The item that led to it.
    pub item: Option<ItemId>,
    /// Its source.
    pub source: SourceId,
    /// The source's carrier, or the outlet's own name where the source only carried a copy.
    pub carrier: String,
    /// The source's weight.
    pub weight: f64,
    /// Where it stands, or the name of the message that it is.
    pub url: Uri,
    /// Its latest version.
    pub article: Article,
    /// For order: when it was published, as late as its date allows; where it has none, when it was first read.
    pub published_at: UnixMillis,
    /// When this version was read.
    pub fetched_at: UnixMillis,
    /// Which version this is, counted from 1.
    pub version: u32,
    /// The story that it was folded into.
    pub story: Option<StoryId>,
    /// Whether it stands.
    pub state: ArticleState,
    /// Why it does not, in words.
    pub state_note: Option<String>,
    /// Which version of a wire message it is.
    pub revision: Revision,
    /// Not to be printed before.
    pub not_before: Option<UnixMillis>,
    /// What its page is asked with again.
    pub validators: Validators,
}

impl StoredArticle {
    /// Where a reader can read it, if that is anywhere on the web; else its name.
    #[must_use]
    pub fn place(&self) -> Uri {
        let elsewhere = || self.article.canonical_url.clone().map(Uri::Web);
        match self.url {
            Uri::Web(_) => self.url.clone(),
            Uri::Other(_) => elsewhere().unwrap_or_else(|| self.url.clone()),
        }
    }
}

/// An earlier version of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleVersion {
    /// Which version, counted from 1.
    pub version: u32,
    /// What it said.
    pub article: Article,
    /// When it was read.
    pub fetched_at: UnixMillis,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select a.id, a.item_id, a.source_id, coalesce(i.carrier, s.carrier) as carrier, s.weight, a.url, a.article, a.published_at, a.fetched_at,
               a.version, a.story_id, a.state, a.state_note, a.revision, a.revised_at, a.not_before, a.etag,
               a.last_modified
             from articles a join sources s on s.id = a.source_id left join items i on i.id = a.item_id ",
            $rest
        )
    };
}
pub(crate) use select as select_articles;

/// Says whether an article stands, and why not. `false`: it was in that state before, or is withdrawn for good by now.
pub async fn set_state(
    tx: &mut Tx,
    id: ArticleId,
    state: ArticleState,
    note: Option<&str>,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let text = "update articles set state = $2, state_note = $3, checked_at = $4
                where id = $1 and state <> $2 and state <> 'withdrawn'";
    let changed = tx
        .run(
            sql("change an article's state", text),
            args![id, state, note, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Records that an article's page was asked again, and with what to ask the next time.
pub async fn checked(
    tx: &mut Tx,
    id: ArticleId,
    validators: &Validators,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let text = "update articles set etag = $2, last_modified = $3, checked_at = $4 where id = $1";
    let Validators { etag, last_modified } = validators;
    let args = args![id, etag.as_deref(), last_modified.as_deref(), now];
    tx.run(sql("record that a page was asked again", text), args)
        .await
        .map(drop)
}

/// When the pages of printed articles are asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recheck {
    /// Editions compiled before are past caring for.
    pub compiled_since: UnixMillis,
    /// Before their edition is sent: those last asked before this instant.
    pub open_before: UnixMillis,
    /// Afterwards: those last asked before this one.
    pub sent_before: UnixMillis,
}

/// The printed articles whose pages are to be asked again, in the order of their ids.
pub async fn to_recheck(store: &Store, when: Recheck) -> Result<Vec<(ArticleId, CanonicalUrl)>, StoreError> {
    let text = "select distinct a.id, a.url
                from entries e join editions d on d.id = e.edition_id join articles a on a.id = e.article_id
                where d.compiled_at >= $1 and a.state in ('standing', 'missing') and a.url like 'http%'
                  and coalesce(a.checked_at, a.fetched_at)
                    < case when d.state in ('sent', 'corrected') then $3 else $2 end
                order by a.id";
    let args = args![when.compiled_since, when.open_before, when.sent_before];
    let rows = store.rows(sql("list pages to ask again", text), args).await?;
    rows.iter()
        .map(|row| Ok((row.get("id")?, row.get("url")?)))
        .collect()
}

/// The article with this id.
pub async fn find(store: &Store, id: ArticleId) -> Result<Option<StoredArticle>, StoreError> {
    let row = store
        .row(sql("find an article", select!("where a.id = $1")), args![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The articles with these ids, in any order; an id that is not known is left out.
pub async fn find_all(
    view: impl Into<View<'_>>,
    ids: &[ArticleId],
) -> Result<Vec<StoredArticle>, StoreError> {
    let mut view = view.into();
    let mut found = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let text = format!("{} in ({})", select!("where a.id"), places(1, batch.len()));
        let args = batch.iter().flat_map(|id| args![*id]).collect();
        let rows = view.rows(built("find articles", text), args).await?;
        for row in &rows {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

/// The article at this address.
pub async fn find_by_url(store: &Store, url: &Uri) -> Result<Option<StoredArticle>, StoreError> {
    let row = store
        .row(sql("find an article", select!("where a.url = $1")), args![url])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The versions of an article before the latest, oldest first.
pub async fn versions(view: impl Into<View<'_>>, id: ArticleId) -> Result<Vec<ArticleVersion>, StoreError> {
    let text =
        "select version, article, fetched_at from article_versions where article_id = $1 order by version";
    let rows = view
        .into()
        .rows(sql("list an article's versions", text), args![id])
        .await?;
    let read = |row: &Row| {
        Ok(ArticleVersion {
            version: row.get("version")?,
            article: row.json("article")?,
            fetched_at: row.get("fetched_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The time that a folding looks at, and when it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Articles published from then on.
    pub from: UnixMillis,
    /// And before then.
    pub to: UnixMillis,
    /// Articles under an embargo beyond this instant are not there yet.
    pub now: UnixMillis,
}

/// The articles of the window that may be printed, in order of publication, then address; only those of the brief's
/// sources where one is named.
pub async fn window(
    store: &Store,
    window: Window,
    brief: Option<BriefId>,
) -> Result<Vec<StoredArticle>, StoreError> {
    let text = select!(
        "where a.published_at >= $1 and a.published_at < $2
           and a.state in ('standing', 'missing') and coalesce(a.not_before, $3) <= $3 and (
           $4 is null
           or a.source_id in (select source_id from brief_sources where brief_id = $4)
           or not exists (select 1 from brief_sources where brief_id = $4))
         order by a.published_at, a.url"
    );
    let args = args![window.from, window.to, window.now, brief];
    let rows = store.rows(sql("list articles", text), args).await?;
    rows.iter().map(read).collect()
}

/// The articles published from `from` and before `to` that a released edition printed, in order of publication, then
/// address: what later stories may carry on.
pub async fn printed(
    store: &Store,
    from: UnixMillis,
    to: UnixMillis,
) -> Result<Vec<StoredArticle>, StoreError> {
    let text = select!(
        "where a.published_at >= $1 and a.published_at < $2 and a.id in (
           select e.article_id from entries e join editions d on d.id = e.edition_id
           where d.state in ('approved', 'sent', 'corrected'))
         order by a.published_at, a.url"
    );
    let rows = store
        .rows(sql("list printed articles", text), args![from, to])
        .await?;
    rows.iter().map(read).collect()
}

/// Whether an article of the window waits for a folding: no story holds its latest version, or one still holds what may no
/// longer be printed. Asked every second, so that each half has an index, whose condition it repeats.
pub async fn has_unfolded(store: &Store, window: Window) -> Result<bool, StoreError> {
    let text = "select 1 as found
                where exists (select 1 from articles
                              where story_id is null and state in ('standing', 'missing')
                                and published_at >= $1 and published_at < $2
                                and (not_before is null or not_before <= $3))
                   or exists (select 1 from articles
                              where story_id is not null
                                and (state not in ('standing', 'missing') or not_before is not null)
                                and published_at >= $1 and published_at < $2
                                and (state not in ('standing', 'missing') or not_before > $3))";
    let args = args![window.from, window.to, window.now];
    let row = store
        .row(sql("look for articles without a story", text), args)
        .await?;
    Ok(row.is_some())
}

/// How many articles there are.
pub async fn count(store: &Store) -> Result<u64, StoreError> {
    let row = store
        .row(
            sql("count articles", "select count(*) as articles from articles"),
            args![],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("articles"))
}

pub(crate) fn read(row: &Row) -> Result<StoredArticle, StoreError> {
    Ok(StoredArticle {
        id: row.get("id")?,
        item: row.maybe("item_id")?,
        source: row.get("source_id")?,
        carrier: row.get("carrier")?,
        weight: row.get("weight")?,
        url: row.get("url")?,
        article: row.json("article")?,
        published_at: row.get("published_at")?,
        fetched_at: row.get("fetched_at")?,
        version: row.get("version")?,
        story: row.maybe("story_id")?,
        state: row.get("state")?,
        state_note: row.maybe("state_note")?,
        revision: revision(row)?,
        not_before: row.maybe("not_before")?,
        validators: Validators {
            etag: row.maybe("etag")?,
            last_modified: row.maybe("last_modified")?,
        },
    })
}

fn revision(row: &Row) -> Result<Revision, StoreError> {
    Ok(Revision {
        number: row.maybe("revision")?,
        at: row.maybe("revised_at")?,
    })
}
