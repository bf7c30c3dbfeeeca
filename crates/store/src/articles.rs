//! Clean texts with their versions.

use reveille_model::{
    Article, ArticleId, BriefId, CanonicalUrl, ItemId, Published, SourceId, StoryId, UnixMillis,
};

use crate::{
    Store, StoreError, Tx,
    digest::fingerprint,
    sql::{Row, args, json, sql},
};

/// An article as just read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewArticle {
    /// The item that led to it.
    pub item: Option<ItemId>,
    /// The source of that item.
    pub source: SourceId,
    /// Where it was read.
    pub url: CanonicalUrl,
    /// What was read.
    pub article: Article,
    /// When.
    pub fetched_at: UnixMillis,
}

/// What became of an article that was put into the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upserted {
    /// Its row.
    pub id: ArticleId,
    /// Counted from 1; one more with each change.
    pub version: u32,
    /// Whether it is new or differs from the version before.
    pub changed: bool,
}

/// A row of `articles`, with what its source says of the carrier.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredArticle {
    /// Its row.
    pub id: ArticleId,
    /// Its source.
    pub source: SourceId,
    /// The source's carrier.
    pub carrier: String,
    /// The source's weight.
    pub weight: f64,
    /// Where it stands.
    pub url: CanonicalUrl,
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
            "select a.id, a.source_id, s.carrier, s.weight, a.url, a.article, a.published_at, a.fetched_at,
               a.version, a.story_id
             from articles a join sources s on s.id = a.source_id ",
            $rest
        )
    };
}
pub(crate) use select as select_articles;

/// Puts an article into the store. Where its address is known and the text the same, nothing changes; where it
/// differs, the old version is kept beside and the article waits to be folded anew. Its source stays.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn upsert(tx: &mut Tx, new: &NewArticle) -> Result<Upserted, StoreError> {
    let doing = "keep an article";
    let whole = json(&new.article)?;
    let hash = fingerprint(&whole);
    let published = new.article.published.map_or(new.fetched_at, Published::latest);
    let text = "insert into articles
                  (item_id, source_id, url, version, article, title, text, published_at, fetched_at, hash)
                values ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)
                on conflict (url) do nothing returning id";
    let body = new.article.text();
    let title = &new.article.title;
    let args = args![
        new.item,
        new.source,
        &new.url,
        whole.as_str(),
        title,
        &body,
        published,
        new.fetched_at,
        &hash
    ];
    if let Some(row) = tx.row(sql(doing, text), args).await? {
        return Ok(Upserted {
            id: row.get("id")?,
            version: 1,
            changed: true,
        });
    }
    // The update changes nothing: it holds the row, so that of two nodes the second sees the first one's version.
    let held = "update articles set hash = hash where url = $1 returning id, version, hash, published_at";
    let row = tx
        .row(sql(doing, held), args![&new.url])
        .await?
        .ok_or(StoreError::Vanished { doing })?;
    let (id, version): (ArticleId, u32) = (row.get("id")?, row.get("version")?);
    if row.get::<String>("hash")? == hash {
        return Ok(Upserted {
            id,
            version,
            changed: false,
        });
    }
    let keep = "insert into article_versions (article_id, version, article, fetched_at)
                select id, version, article, fetched_at from articles where id = $1";
    tx.run(sql(doing, keep), args![id]).await?;
    let published = if new.article.published.is_some() {
        published
    } else {
        row.get("published_at")?
    };
    let change = "update articles set version = version + 1, article = $2, title = $3, text = $4,
                    published_at = $5, fetched_at = $6, hash = $7, story_id = null
                  where id = $1";
    let args = args![id, whole, title, body, published, new.fetched_at, hash];
    tx.run(sql(doing, change), args).await?;
    Ok(Upserted {
        id,
        version: version + 1,
        changed: true,
    })
}

/// The article with this id.
pub async fn find(store: &Store, id: ArticleId) -> Result<Option<StoredArticle>, StoreError> {
    let row = store
        .row(sql("find an article", select!("where a.id = $1")), args![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The article at this address.
pub async fn find_by_url(store: &Store, url: &CanonicalUrl) -> Result<Option<StoredArticle>, StoreError> {
    let row = store
        .row(sql("find an article", select!("where a.url = $1")), args![url])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The versions of an article before the latest, oldest first.
pub async fn versions(store: &Store, id: ArticleId) -> Result<Vec<ArticleVersion>, StoreError> {
    let text =
        "select version, article, fetched_at from article_versions where article_id = $1 order by version";
    let rows = store
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

/// The articles published from `from` and before `to`, in order of publication, then address; only those of the
/// brief's sources where one is named.
pub async fn window(
    store: &Store,
    from: UnixMillis,
    to: UnixMillis,
    brief: Option<BriefId>,
) -> Result<Vec<StoredArticle>, StoreError> {
    let text = select!(
        "where a.published_at >= $1 and a.published_at < $2 and (
           $3 is null
           or a.source_id in (select source_id from brief_sources where brief_id = $3)
           or not exists (select 1 from brief_sources where brief_id = $3))
         order by a.published_at, a.url"
    );
    let rows = store
        .rows(sql("list articles", text), args![from, to, brief])
        .await?;
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

/// How many articles published from `from` and before `to` no story holds in their latest version.
pub async fn unfolded(store: &Store, from: UnixMillis, to: UnixMillis) -> Result<u64, StoreError> {
    let text = "select count(*) as articles from articles
                where published_at >= $1 and published_at < $2 and story_id is null";
    let row = store
        .row(sql("count articles without a story", text), args![from, to])
        .await?;
    row.map_or(Ok(0), |row| row.get("articles"))
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
        source: row.get("source_id")?,
        carrier: row.get("carrier")?,
        weight: row.get("weight")?,
        url: row.get("url")?,
        article: row.json("article")?,
        published_at: row.get("published_at")?,
        fetched_at: row.get("fetched_at")?,
        version: row.get("version")?,
        story: row.maybe("story_id")?,
    })
}
