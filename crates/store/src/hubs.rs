//! The hubs that tell us of a source's news (W3C WebSub): one for each source whose feed names one.

use reveille_model::{CanonicalUrl, SourceId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    sql::{Row, args, sql},
};

/// A hub that a feed names.
#[derive(Clone, PartialEq, Eq)]
pub struct NewHub {
    /// Whose feed names it.
    pub source: SourceId,
    /// Where it is asked.
    pub url: CanonicalUrl,
    /// The address of the feed, as the hub knows it.
    pub topic: CanonicalUrl,
    /// The end of the address at which the hub is to tell us; nobody can guess it.
    pub token: String,
    /// With what it signs.
    pub secret: String,
}

/// A row of `hubs`.
#[derive(Clone, PartialEq, Eq)]
pub struct Hub {
    /// Whose feed names it.
    pub source: SourceId,
    /// Where it is asked.
    pub url: CanonicalUrl,
    /// The address of the feed, as the hub knows it.
    pub topic: CanonicalUrl,
    /// The end of the address at which the hub tells us.
    pub token: String,
    /// With what it signs.
    pub secret: String,
    /// Until when it agreed to tell us.
    pub lease_until: Option<UnixMillis>,
    /// Why it does not, in words.
    pub last_error: Option<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select source_id, url, topic, token, secret, lease_until, last_error from hubs ",
            $rest
        )
    };
}

/// Keeps the hub that a feed names, to be asked at once. One that is known already stays as it is; another in its place
/// has agreed to nothing yet.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn keep(tx: &mut Tx, new: &NewHub, now: UnixMillis) -> Result<(), StoreError> {
    let text = "insert into hubs (source_id, url, topic, token, secret, ask_at) values ($1, $2, $3, $4, $5, $6)
                on conflict (source_id) do update set
                  url = excluded.url, topic = excluded.topic, token = excluded.token, secret = excluded.secret,
                  ask_at = excluded.ask_at, lease_until = null, last_error = null
                where hubs.url <> excluded.url or hubs.topic <> excluded.topic";
    let NewHub {
        source,
        url,
        topic,
        token,
        secret,
    } = new;
    tx.run(
        sql("keep a hub", text),
        args![*source, url, topic, token, secret, now],
    )
    .await
    .map(drop)
}

/// Forgets the hub of a source whose feed names none any more.
pub async fn forget(tx: &mut Tx, source: SourceId) -> Result<(), StoreError> {
    let text = "delete from hubs where source_id = $1";
    tx.run(sql("forget a hub", text), args![source]).await.map(drop)
}

/// The hub of a source.
pub async fn find(store: &Store, source: SourceId) -> Result<Option<Hub>, StoreError> {
    let text = select!("where source_id = $1");
    let row = store.row(sql("find a hub", text), args![source]).await?;
    row.as_ref().map(read).transpose()
}

/// The hub that tells us at this address.
pub async fn find_by_token(store: &Store, token: &str) -> Result<Option<Hub>, StoreError> {
    let row = store
        .row(sql("find a hub", select!("where token = $1")), args![token])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The hubs of active sources that are to be asked, longest due first.
pub async fn due(store: &Store, now: UnixMillis, limit: u32) -> Result<Vec<Hub>, StoreError> {
    let text = select!(
        "where ask_at <= $1 and source_id in (select id from sources where state = 'active')
         order by ask_at, source_id limit $2"
    );
    let rows = store.rows(sql("list due hubs", text), args![now, limit]).await?;
    rows.iter().map(read).collect()
}

/// Records that a hub is being asked, and when that is to be repeated if it says nothing.
pub async fn asked(tx: &mut Tx, source: SourceId, again_at: UnixMillis) -> Result<(), StoreError> {
    let text = "update hubs set ask_at = $2, last_error = null where source_id = $1";
    let args = args![source, again_at];
    tx.run(sql("record that a hub is asked", text), args)
        .await
        .map(drop)
}

/// Records that a hub agreed, until when, and when it is to be asked to go on.
pub async fn agreed(
    tx: &mut Tx,
    source: SourceId,
    until: UnixMillis,
    again_at: UnixMillis,
) -> Result<(), StoreError> {
    let text = "update hubs set lease_until = $2, ask_at = $3, last_error = null where source_id = $1";
    let args = args![source, until, again_at];
    tx.run(sql("record that a hub agreed", text), args)
        .await
        .map(drop)
}

/// Records why a hub does not tell us. What it agreed to earlier stays.
pub async fn refused(tx: &mut Tx, source: SourceId, why: &str) -> Result<(), StoreError> {
    let text = "update hubs set last_error = $2 where source_id = $1";
    tx.run(sql("record a hub's refusal", text), args![source, why])
        .await
        .map(drop)
}

fn read(row: &Row) -> Result<Hub, StoreError> {
    Ok(Hub {
        source: row.get("source_id")?,
        url: row.get("url")?,
        topic: row.get("topic")?,
        token: row.get("token")?,
        secret: row.get("secret")?,
        lease_until: row.maybe("lease_until")?,
        last_error: row.maybe("last_error")?,
    })
}
