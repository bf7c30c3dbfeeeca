//! Full text, which the two databases do in their own ways.

use reveille_model::{ArticleId, UnixMillis, Uri};

use crate::{
    Store, StoreError,
    db::Dialect,
    sql::{Row, args, sql},
};

/// An article that holds every word asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Its row.
    pub article: ArticleId,
    /// Its headline.
    pub title: String,
    /// Its source's carrier.
    pub carrier: String,
    /// Where it stands.
    pub url: Uri,
    /// When it was published.
    pub published_at: UnixMillis,
}

/// Words of a query that count; a pasted page must not become a query of thousands.
const MOST_WORDS: usize = 32;

/// The articles that hold every word of the query (the first 32), best first. Nothing in it is an operator.
///
/// # Errors
/// Where the database fails.
pub async fn articles(store: &Store, query: &str, limit: u32) -> Result<Vec<Hit>, StoreError> {
    let words: Vec<&str> = query
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let (text, query) = match store.dialect() {
        Dialect::Sqlite => (
            "select a.id, a.title, s.carrier, a.url, a.published_at
             from article_search f join articles a on a.id = f.rowid join sources s on s.id = a.source_id
             where article_search match $1
             order by bm25(article_search, 4.0, 1.0), a.published_at desc, a.url limit $2",
            words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" "),
        ),
        Dialect::Postgres => (
            "select a.id, a.title, s.carrier, a.url, a.published_at
             from articles a join sources s on s.id = a.source_id
             where a.search @@ plainto_tsquery('simple', $1)
             order by ts_rank(a.search, plainto_tsquery('simple', $1)) desc, a.published_at desc, a.url limit $2",
            words.join(" "),
        ),
    };
    let rows = store
        .rows(sql("search articles", text), args![query, limit])
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Hit, StoreError> {
    Ok(Hit {
        article: row.get("id")?,
        title: row.get("title")?,
        carrier: row.get("carrier")?,
        url: row.get("url")?,
        published_at: row.get("published_at")?,
    })
}
