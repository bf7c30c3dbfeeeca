//! How much of everything there is.

use crate::{
    Store, StoreError,
    sql::{args, sql},
};

/// How many rows of each noun there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sources.
    pub sources: u64,
    /// Items that the sources listed.
    pub items: u64,
    /// Articles read.
    pub articles: u64,
    /// Articles that carry another's text.
    pub copies: u64,
    /// Stories.
    pub stories: u64,
    /// Editions.
    pub editions: u64,
    /// Entries of all editions.
    pub entries: u64,
    /// Readers who get a brief.
    pub subscribers: u64,
    /// Deliveries that a mail server took.
    pub deliveries_sent: u64,
}

/// Counts everything.
///
/// # Errors
/// Where the database fails.
pub async fn tally(store: &Store) -> Result<Tally, StoreError> {
    let text = "select
        (select count(*) from sources where state <> 'removed') as sources,
        (select count(*) from items) as items,
        (select count(*) from articles) as articles,
        (select count(*) from copies) as copies,
        (select count(*) from stories) as stories,
        (select count(*) from editions) as editions,
        (select count(*) from entries) as entries,
        (select count(*) from subscribers where state = 'active') as subscribers,
        (select cast(coalesce(sum(sent), 0) as bigint) from tallies) as deliveries_sent";
    let Some(row) = store.row(sql("count its rows", text), args![]).await? else {
        return Ok(Tally::default());
    };
    Ok(Tally {
        sources: row.get("sources")?,
        items: row.get("items")?,
        articles: row.get("articles")?,
        copies: row.get("copies")?,
        stories: row.get("stories")?,
        editions: row.get("editions")?,
        entries: row.get("entries")?,
        subscribers: row.get("subscribers")?,
        deliveries_sent: row.get("deliveries_sent")?,
    })
}
