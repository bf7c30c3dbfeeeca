//! Full text, which the two databases do in their own ways.

use reveille_model::{ArticleId, BriefId, Day, Edition, Entry, UnixMillis, Uri};

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

/// A printed entry that holds every word asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryHit {
    /// The day of its edition.
    pub day: Day,
    /// Whether its number tells it to readers.
    pub is_quotable: bool,
    /// All of it, as its edition has it now.
    pub entry: Entry,
}

/// The words of a query. Nothing in it is an operator.
fn words(query: &str) -> Vec<&str> {
    query
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .collect()
}

/// The same words as each database takes them: that all must be there.
fn all_of(words: &[&str], dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => words
            .iter()
            .map(|word| format!("\"{word}\""))
            .collect::<Vec<_>>()
            .join(" "),
        Dialect::Postgres => words.join(" "),
    }
}

/// The articles that hold every word of the query (the first 32), best first. Nothing in it is an operator.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn articles(store: &Store, query: &str, limit: u32) -> Result<Vec<Hit>, StoreError> {
    let words = words(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let text = match store.dialect() {
        Dialect::Sqlite => {
            "select a.id, a.title, s.carrier, a.url, a.published_at
             from article_search f join articles a on a.id = f.rowid join sources s on s.id = a.source_id
             where article_search match $1
             order by bm25(article_search, 4.0, 1.0), a.published_at desc, a.url limit $2"
        }
        Dialect::Postgres => {
            "select a.id, a.title, s.carrier, a.url, a.published_at
             from articles a join sources s on s.id = a.source_id
             where a.search @@ plainto_tsquery('simple', $1)
             order by ts_rank(a.search, plainto_tsquery('simple', $1)) desc, a.published_at desc, a.url limit $2"
        }
    };
    let query = all_of(&words, store.dialect());
    let rows = store
        .rows(sql("search articles", text), args![query, limit])
        .await?;
    rows.iter().map(read).collect()
}

/// The entries of a brief's editions that the public may see which hold every word of the query (the first 32), the
/// latest first: an archive is asked for what was when.
pub async fn entries(
    store: &Store,
    brief: BriefId,
    query: &str,
    limit: u32,
) -> Result<Vec<EntryHit>, StoreError> {
    let words = words(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let text = match store.dialect() {
        Dialect::Sqlite => {
            "select d.edition, e.number
             from entry_search f join entries e on e.id = f.rowid join editions d on d.id = e.edition_id
             where entry_search match $1 and d.brief_id = $2 and d.state in ('approved', 'sent', 'corrected')
             order by d.day desc, e.number limit $3"
        }
        Dialect::Postgres => {
            "select d.edition, e.number
             from entries e join editions d on d.id = e.edition_id
             where e.search @@ plainto_tsquery('simple', $1) and d.brief_id = $2
               and d.state in ('approved', 'sent', 'corrected')
             order by d.day desc, e.number limit $3"
        }
    };
    let query = all_of(&words, store.dialect());
    let rows = store
        .rows(sql("search entries", text), args![query, brief, limit])
        .await?;
    let mut hits = Vec::new();
    for row in &rows {
        let (edition, number): (Edition, usize) = (row.json("edition")?, row.get("number")?);
        let entry = edition.entries().find(|entry| entry.number == number);
        hits.extend(entry.map(|entry| EntryHit {
            day: edition.day,
            is_quotable: edition.is_quotable(number),
            entry: entry.clone(),
        }));
    }
    Ok(hits)
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
