//! What sources list, before its pages are read.

use std::collections::HashSet;

use reveille_model::{CanonicalUrl, Item, ItemId, ItemState, SourceId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    digest::fingerprint,
    sql::{Row, args, json, sql},
};

/// A row of `items`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredItem {
    /// Its row.
    pub id: ItemId,
    /// The source that lists it.
    pub source: SourceId,
    /// What the source says of it.
    pub item: Item,
    /// When it was first seen.
    pub seen_at: UnixMillis,
    /// How far it has come.
    pub state: ItemState,
    /// Why its page could not be read, where it failed.
    pub error: Option<String>,
    /// The outlet's name, where no source listed the page but an article named it as its original.
    pub carrier: Option<String>,
}

/// Longest address that is kept, in bytes. PostgreSQL indexes about 2,700; no server is bound to take even this
/// many (RFC 9110, section 4.1, recommends 8,000 octets, browsers and caches stop earlier).
const LONGEST_URL: usize = 2_048;
/// Longest id that is kept as it stands; a longer one is stored by its fingerprint.
const LONGEST_GUID: usize = 512;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, source_id, guid, url, title, summary, published_at, updated_at, seen_at, state, error,
               carrier, topics
             from items ",
            $rest
        )
    };
}

/// Adds what a source lists. Gives back the items whose pages are to be read: those not seen before, and those
/// whose `updated` is later than what was known. Of several with one guid the first counts; one whose address is
/// longer than 2,048 bytes is passed over.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert_batch(
    tx: &mut Tx,
    source: SourceId,
    items: &[Item],
    now: UnixMillis,
) -> Result<Vec<(ItemId, CanonicalUrl)>, StoreError> {
    let mut guids = HashSet::new();
    let mut fresh: Vec<(String, String, &Item)> = Vec::new();
    for item in items.iter().filter(|item| item.url.as_str().len() <= LONGEST_URL) {
        let guid = if item.guid.len() > LONGEST_GUID {
            fingerprint(&item.guid)
        } else {
            item.guid.clone()
        };
        if guids.insert(guid.clone()) {
            fresh.push((guid, json(&item.topics)?, item));
        }
    }
    let mut to_read = Vec::new();
    let text = "insert into items
                  (source_id, guid, url, title, summary, published_at, updated_at, seen_at, state, topics) {rows}
                on conflict (source_id, guid) do update set url = excluded.url, title = excluded.title,
                  summary = excluded.summary, topics = excluded.topics, updated_at = excluded.updated_at, state = 'seen', error = null
                where excluded.updated_at > coalesce(items.updated_at, items.published_at, items.seen_at)
                returning id, url";
    let rows = fresh.into_iter().map(|(guid, topics, item)| {
        args![
            source,
            guid,
            &item.url,
            &item.title,
            &item.summary,
            item.published,
            item.updated,
            now,
            ItemState::Seen,
            topics
        ]
    });
    for row in tx
        .rows_many(sql("add items", text), args![], rows.collect())
        .await?
    {
        to_read.push((row.get("id")?, row.get("url")?));
    }
    to_read.sort_by_key(|(id, _)| *id);
    Ok(to_read)
}

/// Adds a page that an article names as its original, under the name of the outlet that published it. `None`: it was
/// gathered already, or is about to be.
pub async fn insert_original(
    tx: &mut Tx,
    source: SourceId,
    url: &CanonicalUrl,
    carrier: &str,
    now: UnixMillis,
) -> Result<Option<ItemId>, StoreError> {
    if url.as_str().len() > LONGEST_URL {
        return Ok(None);
    }
    let guid = if url.as_str().len() > LONGEST_GUID {
        fingerprint(url.as_str())
    } else {
        url.to_string()
    };
    let text = "insert into items (source_id, guid, url, title, summary, seen_at, state, carrier)
                select $1, $2, $3, '', '', $4, $5, $6
                where not exists (select 1 from items where url = $3)
                  and not exists (select 1 from articles where url = $3)
                on conflict (source_id, guid) do nothing returning id";
    let args = args![source, guid, url, now, ItemState::Seen, carrier];
    let row = tx.row(sql("add an original", text), args).await?;
    row.map(|row| row.get("id")).transpose()
}

/// The item with this id.
pub async fn find(store: &Store, id: ItemId) -> Result<Option<StoredItem>, StoreError> {
    let row = store
        .row(sql("find an item", select!("where id = $1")), args![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// Whether the page of this item was read already since another source listed it, at most so many milliseconds before
/// this one did, and did not change since: an outlet's feeds have much in common, and one visit is enough.
pub async fn is_read_elsewhere(store: &Store, item: &StoredItem, within: i64) -> Result<bool, StoreError> {
    let text = "select 1 as found from items
                where url = $1 and id <> $2 and state = $3 and seen_at >= $4 limit 1";
    let since = item
        .seen_at
        .plus(-within)
        .max(item.item.updated.unwrap_or(UnixMillis(i64::MIN)));
    let args = args![&item.item.url, item.id, ItemState::Read, since];
    let row = store.row(sql("find an item elsewhere", text), args).await?;
    Ok(row.is_some())
}

/// The items of a source that were seen last, latest first.
pub async fn list(store: &Store, source: SourceId, limit: u32) -> Result<Vec<StoredItem>, StoreError> {
    let text = select!("where source_id = $1 order by seen_at desc, id desc limit $2");
    let rows = store.rows(sql("list items", text), args![source, limit]).await?;
    rows.iter().map(read).collect()
}

/// Records that the item's article is in the store.
pub async fn set_read(tx: &mut Tx, id: ItemId) -> Result<(), StoreError> {
    let text = "update items set state = 'read', error = null where id = $1";
    tx.run(sql("record that an item was read", text), args![id])
        .await
        .map(drop)
}

/// Records that the item's page could not be read, and why.
pub async fn set_failed(tx: &mut Tx, id: ItemId, error: &str) -> Result<(), StoreError> {
    let text = "update items set state = 'failed', error = $2 where id = $1";
    tx.run(sql("record that an item failed", text), args![id, error])
        .await
        .map(drop)
}

fn read(row: &Row) -> Result<StoredItem, StoreError> {
    Ok(StoredItem {
        id: row.get("id")?,
        source: row.get("source_id")?,
        item: Item {
            guid: row.get("guid")?,
            url: row.get("url")?,
            title: row.get("title")?,
            summary: row.get("summary")?,
            published: row.maybe("published_at")?,
            updated: row.maybe("updated_at")?,
            topics: row.json("topics")?,
        },
        seen_at: row.get("seen_at")?,
        state: row.get("state")?,
        error: row.maybe("error")?,
        carrier: row.maybe("carrier")?,
    })
}
