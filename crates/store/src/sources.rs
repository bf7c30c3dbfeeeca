//! Where news comes from, and how each source's fetches went.

use reveille_model::{
    CanonicalUrl, Credential, Language, Polling, SourceId, SourceKind, SourceState, UnixMillis, Uri,
};

use crate::{
    Inserted, Store, StoreError, Tx, View,
    sql::{Row, args, json, sql},
};

/// A source to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSource {
    /// Where it is fetched, or where on this machine it lies.
    pub url: Uri,
    /// How it is read.
    pub kind: SourceKind,
    /// The outlet's name, as credits print it.
    pub carrier: String,
    /// The outlet's site.
    pub site_url: Option<CanonicalUrl>,
    /// The language that it is written in.
    pub language: Option<Language>,
    /// How much its stories count; 1.0 is usual.
    pub weight: f64,
    /// The site's picture.
    pub icon_url: Option<CanonicalUrl>,
}

/// A row of `sources`.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its row.
    pub id: SourceId,
    /// Where it is fetched, or where on this machine it lies.
    pub url: Uri,
    /// How it is read.
    pub kind: SourceKind,
    /// The outlet's name, as credits print it.
    pub carrier: String,
    /// The outlet's site.
    pub site_url: Option<CanonicalUrl>,
    /// The language that it is written in.
    pub language: Option<Language>,
    /// How much its stories count; 1.0 is usual.
    pub weight: f64,
    /// The site's picture.
    pub icon_url: Option<CanonicalUrl>,
    /// What the publisher issued to us.
    pub credential: Option<Credential>,
    /// Whether it is being read.
    pub state: SourceState,
    /// The validator of its last answer (RFC 9110, section 8.8.3).
    pub etag: Option<String>,
    /// The other validator (RFC 9110, section 8.8.2), as received.
    pub last_modified: Option<String>,
    /// When it is to be fetched next.
    pub next_fetch_at: UnixMillis,
    /// When it was last tried.
    pub last_fetch_at: Option<UnixMillis>,
    /// When it last answered well.
    pub last_success_at: Option<UnixMillis>,
    /// What visits have taught of how it publishes and answers.
    pub polling: Polling,
    /// What had to be forgiven in its last answer, in words.
    pub forgiven: Vec<String>,
    /// What went wrong the last time, in words for a person.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: UnixMillis,
}

impl Source {
    /// The site of the outlet, as far as its own address and its feed's tell.
    pub fn sites(&self) -> impl Iterator<Item = &str> {
        let addresses = self.url.web().into_iter().chain(&self.site_url);
        addresses.map(CanonicalUrl::site)
    }

    /// Whether its last fetch failed, or it is gone.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.polling.failures() > 0 || self.state == SourceState::Gone
    }
}

/// Which sources to list; the default lists all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<SourceState>,
    /// Only those whose last fetch failed.
    pub failing: bool,
}

/// One change of a source's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Where it stood.
    pub from: CanonicalUrl,
    /// Where it stands since.
    pub to: CanonicalUrl,
    /// When the old address said so.
    pub at: UnixMillis,
}

/// What a good answer said about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FetchSuccess {
    /// The new validator. `None` clears the old one; hand the old one in after "not modified".
    pub etag: Option<String>,
    /// The other new validator.
    pub last_modified: Option<String>,
    /// Where it moved to for good. Where another source is already there, that one stays and this one is gone; with a removed
    /// one it changes places.
    pub moved_to: Option<CanonicalUrl>,
    /// What had to be forgiven in it, in words.
    pub forgiven: Vec<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, url, kind, carrier, site_url, language, weight, icon_url, credential, state, etag,
             last_modified, next_fetch_at, last_fetch_at, last_success_at, polling, forgiven, last_error, created_at
             from sources ",
            $rest
        )
    };
}

/// Adds a source, to be fetched at once. Where its address is there already, nothing changes; one that was removed is new again.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(tx: &mut Tx, new: &NewSource, now: UnixMillis) -> Result<Inserted<SourceId>, StoreError> {
    let doing = "add a source";
    let text = "insert into sources
                  (url, kind, carrier, site_url, language, weight, icon_url, state, next_fetch_at, created_at)
                values ($1, $2, $3, $4, $5, $6, $7, 'active', $8, $8)
                on conflict (url) do update
                set kind = $2, carrier = $3, site_url = $4, language = $5, weight = $6, icon_url = $7, created_at = $8
                where sources.state = 'removed'
                returning id";
    let NewSource {
        url,
        kind,
        carrier,
        site_url,
        language,
        weight,
        icon_url,
    } = new;
    let args = args![
        url,
        *kind,
        carrier,
        site_url.as_ref(),
        language.as_ref(),
        *weight,
        icon_url.as_ref(),
        now
    ];
    if let Some(row) = tx.row(sql(doing, text), args).await? {
        let id = row.get("id")?;
        restore(tx, id, now).await?;
        return Ok(Inserted::New(id));
    }
    let known = tx
        .row(sql(doing, "select id from sources where url = $1"), args![url])
        .await?;
    let known = known.ok_or(StoreError::Vanished { doing })?;
    Ok(Inserted::Known(known.get("id")?))
}

/// Puts a removed source back on the list. What visits taught of it is forgotten, and it is asked at once; a newsletter comes
/// with its mailbox and is never asked.
async fn restore(tx: &mut Tx, id: SourceId, now: UnixMillis) -> Result<(), StoreError> {
    let text = "update sources
                set state = 'active', etag = null, last_modified = null, last_fetch_at = null, last_success_at = null,
                    failures = 0, polling = '{}', forgiven = '[]', last_error = null,
                    next_fetch_at = case when kind = 'letters' then next_fetch_at else $2 end
                where id = $1 and state = 'removed'";
    tx.run(sql("put back a source", text), args![id, now])
        .await
        .map(drop)
}

/// The source with this id.
pub async fn find(store: &Store, id: SourceId) -> Result<Option<Source>, StoreError> {
    let row = store
        .row(sql("find a source", select!("where id = $1")), args![id])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The source at this address.
pub async fn find_by_url(view: impl Into<View<'_>>, url: &Uri) -> Result<Option<Source>, StoreError> {
    let row = view
        .into()
        .row(sql("find a source", select!("where url = $1")), args![url])
        .await?;
    row.as_ref().map(read).transpose()
}

/// The sources that pass the filter, in the order in which they were added; removed ones only where they are asked for.
pub async fn list(store: &Store, filter: Filter) -> Result<Vec<Source>, StoreError> {
    let text =
        select!("where (state = $1 or ($1 is null and state <> 'removed')) and failures >= $2 order by id");
    let rows = store
        .rows(
            sql("list sources", text),
            args![filter.state, i64::from(filter.failing)],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The active sources whose next fetch is due, longest due first.
pub async fn due(store: &Store, now: UnixMillis, limit: u32) -> Result<Vec<Source>, StoreError> {
    let text = select!("where state = 'active' and next_fetch_at <= $1 order by next_fetch_at, id limit $2");
    let rows = store
        .rows(sql("list due sources", text), args![now, limit])
        .await?;
    rows.iter().map(read).collect()
}

/// When the next active source is due; `None` where there is none.
pub async fn next_due(store: &Store) -> Result<Option<UnixMillis>, StoreError> {
    let text = "select min(next_fetch_at) as at from sources where state = 'active'";
    let row = store.row(sql("find the next source", text), args![]).await?;
    row.map_or(Ok(None), |row| row.maybe("at"))
}

/// Whether an active source was never tried.
pub async fn any_untried(store: &Store) -> Result<bool, StoreError> {
    let text = "select 1 as found from sources where state = 'active' and last_fetch_at is null limit 1";
    let row = store.row(sql("look for a new source", text), args![]).await?;
    Ok(row.is_some())
}

/// Has every source that is being read answer in full the next time, whether or not it has changed since.
pub async fn forget_validators(tx: &mut Tx) -> Result<(), StoreError> {
    let text = "update sources set etag = null, last_modified = null where state = 'active'";
    tx.run(sql("forget validators", text), args![]).await.map(drop)
}

/// Records a fetch that went well.
pub async fn fetched(
    tx: &mut Tx,
    id: SourceId,
    success: &FetchSuccess,
    polling: &Polling,
    next_fetch_at: UnixMillis,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let text = "update sources set etag = $2, last_modified = $3, next_fetch_at = $4, last_fetch_at = $5,
                  last_success_at = $5, failures = $6, polling = $7, forgiven = $8, last_error = null
                where id = $1";
    let args = args![
        id,
        success.etag.as_deref(),
        success.last_modified.as_deref(),
        next_fetch_at,
        now,
        polling.failures(),
        json(polling)?,
        json(&success.forgiven)?
    ];
    tx.run(sql("record a fetch", text), args).await?;
    match &success.moved_to {
        Some(to) => set_moved(tx, id, to, now).await,
        None => Ok(()),
    }
}

/// Gives a source a new address and keeps the old one in its history. Where another source has that address, this one
/// ends: two would ask for the same feed for ever. One that was removed stands in nobody's way: the two change places.
async fn set_moved(tx: &mut Tx, id: SourceId, to: &CanonicalUrl, now: UnixMillis) -> Result<(), StoreError> {
    let doing = "record where a source moved";
    let text = "update sources set state = $3, last_error = $4
                where id = $1 and state <> 'removed' and exists
                  (select 1 from sources as other where other.url = $2 and other.id <> $1 and other.state <> 'removed')";
    let why = format!("moved for good to {to}, which is a source already");
    let ends = args![id, to, SourceState::Gone, why];
    if tx.run(sql(doing, text), ends).await? == 1 {
        return Ok(());
    }
    let text = "insert into source_moves (source_id, from_url, to_url, moved_at)
                select id, url, $2, $3 from sources where id = $1 and url <> $2 and state <> 'removed'
                returning from_url";
    let Some(moved) = tx.row(sql(doing, text), args![id, to, now]).await? else {
        return Ok(());
    };
    let from: Uri = moved.get("from_url")?;
    // No two rows have one address, not even between two statements: the removed source waits at none.
    for (text, args) in [
        (
            "update sources set url = '' where url = $1 and state = 'removed'",
            args![to],
        ),
        ("update sources set url = $2 where id = $1", args![id, to]),
        ("update sources set url = $1 where url = ''", args![&from]),
    ] {
        tx.run(sql(doing, text), args).await?;
    }
    Ok(())
}

/// How much a source brought in each of so many days from this instant on: entries, or what came without any, as wire
/// messages and letters do.
pub async fn arrivals(
    store: &Store,
    id: SourceId,
    from: UnixMillis,
    days: usize,
) -> Result<Vec<u64>, StoreError> {
    let text = "select (at - $2) / 86400000 as day, count(*) as brought
                from (select seen_at as at from items where source_id = $1
                      union all
                      select fetched_at as at from articles where source_id = $1 and item_id is null) as arrived
                where at >= $2 group by 1 order by 1";
    let mut arrivals = vec![0; days];
    for row in store
        .rows(sql("count what a source brought", text), args![id, from])
        .await?
    {
        if let Some(brought) = arrivals.get_mut(row.get::<usize>("day")?) {
            *brought = row.get("brought")?;
        }
    }
    Ok(arrivals)
}

/// Where a source has stood before, latest first.
pub async fn moves(store: &Store, id: SourceId) -> Result<Vec<Move>, StoreError> {
    let text = "select from_url, to_url, moved_at from source_moves where source_id = $1 order by moved_at desc, id desc";
    let read = |row: &Row| {
        Ok(Move {
            from: row.get("from_url")?,
            to: row.get("to_url")?,
            at: row.get("moved_at")?,
        })
    };
    let rows = store.rows(sql("list a source's moves", text), args![id]).await?;
    rows.iter().map(read).collect()
}

/// Records a fetch that failed, and why.
pub async fn failed(
    tx: &mut Tx,
    id: SourceId,
    error: &str,
    polling: &Polling,
    next_fetch_at: UnixMillis,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let text = "update sources set next_fetch_at = $2, last_fetch_at = $3, failures = $4, polling = $5,
                  last_error = $6
                where id = $1";
    let args = args![id, next_fetch_at, now, polling.failures(), json(polling)?, error];
    tx.run(sql("record a failed fetch", text), args).await.map(drop)
}

/// Brings the next fetch of a source forward: news was told of. One that failed the last time keeps its pause, and none is
/// asked sooner than `gap` milliseconds after it was last.
pub async fn hasten(tx: &mut Tx, id: SourceId, gap: i64, now: UnixMillis) -> Result<(), StoreError> {
    let text = "update sources
                set next_fetch_at = case when coalesce(last_fetch_at, 0) + $3 > $2 then last_fetch_at + $3 else $2 end
                where id = $1 and state = 'active' and failures = 0 and next_fetch_at > $2";
    let args = args![id, now, gap];
    tx.run(sql("hasten a fetch", text), args).await.map(drop)
}

/// Has an active source asked at this instant, whatever was planned: an editor wants to know how it fares.
pub async fn set_due(tx: &mut Tx, id: SourceId, at: UnixMillis) -> Result<(), StoreError> {
    let text = "update sources set next_fetch_at = $2 where id = $1 and state = 'active'";
    tx.run(sql("plan a fetch", text), args![id, at]).await.map(drop)
}

/// Pauses, buries or removes a source. A removed one stays so until it is resumed or added again. `false`: there is no such
/// source.
pub async fn set_state(tx: &mut Tx, id: SourceId, state: SourceState) -> Result<bool, StoreError> {
    let text = "update sources set state = $2 where id = $1 and state <> 'removed'";
    Ok(tx.run(sql("change a source", text), args![id, state]).await? == 1)
}

/// Has a source read again: a paused or vanished one when it was due, one that was removed as if it were new. `false`:
/// there is no such source.
pub async fn resume(tx: &mut Tx, id: SourceId, now: UnixMillis) -> Result<bool, StoreError> {
    restore(tx, id, now).await?;
    set_state(tx, id, SourceState::Active).await
}

/// Keeps what the publisher issued to us, or forgets it. `false`: there is no such source.
pub async fn set_credential(
    tx: &mut Tx,
    id: SourceId,
    credential: Option<&Credential>,
) -> Result<bool, StoreError> {
    let text = "update sources set credential = $2 where id = $1";
    let credential = credential.map(json).transpose()?;
    let changed = tx.run(sql("change a credential", text), args![id, credential]);
    Ok(changed.await? == 1)
}

/// What the publisher of a source issued to us.
pub async fn credential(store: &Store, id: SourceId) -> Result<Option<Credential>, StoreError> {
    let text = "select credential from sources where id = $1";
    let row = store.row(sql("find a credential", text), args![id]).await?;
    row.map_or(Ok(None), |row| row.maybe_json("credential"))
}

fn read(row: &Row) -> Result<Source, StoreError> {
    Ok(Source {
        id: row.get("id")?,
        url: row.get("url")?,
        kind: row.get("kind")?,
        carrier: row.get("carrier")?,
        site_url: row.maybe("site_url")?,
        language: row.maybe("language")?,
        weight: row.get("weight")?,
        icon_url: row.maybe("icon_url")?,
        credential: row.maybe_json("credential")?,
        state: row.get("state")?,
        etag: row.maybe("etag")?,
        last_modified: row.maybe("last_modified")?,
        next_fetch_at: row.get("next_fetch_at")?,
        last_fetch_at: row.maybe("last_fetch_at")?,
        last_success_at: row.maybe("last_success_at")?,
        polling: row.json("polling")?,
        forgiven: row.json("forgiven")?,
        last_error: row.maybe("last_error")?,
        created_at: row.get("created_at")?,
    })
}
