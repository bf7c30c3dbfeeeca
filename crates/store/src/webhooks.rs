//! Whom we tell of what happens: one call for each event and webhook, kept until it was taken or given up.

use reveille_model::{CallId, CanonicalUrl, EditionId, Event, SubscriberId, UnixMillis, WebhookId};

use crate::{
    Inserted, Store, StoreError, Tx,
    sql::{Row, args, sql},
};

/// Somebody who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its row.
    pub id: WebhookId,
    /// Where.
    pub url: CanonicalUrl,
    /// With what each call is signed.
    pub secret: String,
    /// Of what.
    pub events: Vec<Event>,
    /// Since when.
    pub created_at: UnixMillis,
}

/// A call that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its row.
    pub id: CallId,
    /// To whom.
    pub webhook: WebhookId,
    /// Of what.
    pub event: Event,
    /// Of whom, where it is about a reader.
    pub subscriber: Option<SubscriberId>,
    /// Of which edition, where it is about one.
    pub edition: Option<EditionId>,
    /// When it happened.
    pub at: UnixMillis,
    /// How often it was tried before.
    pub tries: u32,
}

/// How a webhook fares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// Calls that were taken.
    pub taken: u64,
    /// Calls that are still to be made.
    pub waiting: u64,
    /// Calls that were given up.
    pub given_up: u64,
    /// What went wrong the last time that something did and was not mended.
    pub error: Option<String>,
}

/// Adds a webhook. Where its address is known, nothing changes.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    url: &CanonicalUrl,
    secret: &str,
    events: &[Event],
    now: UnixMillis,
) -> Result<Inserted<WebhookId>, StoreError> {
    let doing = "add a webhook";
    let words: Vec<&str> = events.iter().map(|event| event.as_str()).collect();
    let words = format!(" {} ", words.join(" "));
    let text = "insert into webhooks (url, secret, events, created_at) values ($1, $2, $3, $4)
                on conflict (url) do nothing returning id";
    if let Some(row) = tx.row(sql(doing, text), args![url, secret, words, now]).await? {
        return Ok(Inserted::New(row.get("id")?));
    }
    let row = tx
        .row(sql(doing, "select id from webhooks where url = $1"), args![url])
        .await?;
    Ok(Inserted::Known(
        row.ok_or(StoreError::Vanished { doing })?.get("id")?,
    ))
}

/// All webhooks, in the order in which they were added.
pub async fn list(store: &Store) -> Result<Vec<Webhook>, StoreError> {
    let text = "select id, url, secret, events, created_at from webhooks order by id";
    let rows = store.rows(sql("list webhooks", text), args![]).await?;
    rows.iter().map(read).collect()
}

/// The webhook with this id.
pub async fn find(store: &Store, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    let text = "select id, url, secret, events, created_at from webhooks where id = $1";
    let row = store.row(sql("find a webhook", text), args![id]).await?;
    row.as_ref().map(read).transpose()
}

/// Tells this address nothing more. `false`: there is no such webhook.
pub async fn delete(tx: &mut Tx, url: &CanonicalUrl) -> Result<bool, StoreError> {
    let text = "delete from webhooks where url = $1";
    Ok(tx.run(sql("remove a webhook", text), args![url]).await? == 1)
}

/// How a webhook fares.
pub async fn health(store: &Store, id: WebhookId) -> Result<Health, StoreError> {
    let text = "select count(taken_at) as taken, count(due_at) as waiting,
                  count(*) - count(taken_at) - count(due_at) as given_up,
                  (select error from webhook_calls where webhook_id = $1 and error is not null and taken_at is null
                   order by id desc limit 1) as error
                from webhook_calls where webhook_id = $1";
    let Some(row) = store.row(sql("count calls", text), args![id]).await? else {
        return Ok(Health::default());
    };
    Ok(Health {
        taken: row.get("taken")?,
        waiting: row.get("waiting")?,
        given_up: row.get("given_up")?,
        error: row.maybe("error")?,
    })
}

/// What an event is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum About {
    Reader(SubscriberId),
    Edition(EditionId),
}

/// Has an event told to whoever wants to hear of it.
pub(crate) async fn tell(tx: &mut Tx, event: Event, about: About, at: UnixMillis) -> Result<(), StoreError> {
    let (reader, edition) = match about {
        About::Reader(id) => (Some(id), None),
        About::Edition(id) => (None, Some(id)),
    };
    let text = "insert into webhook_calls (webhook_id, event, subscriber_id, edition_id, at, due_at)
                select id, $1, $2, $3, $4, $4 from webhooks where events like $5 order by id";
    let args = args![event, reader, edition, at, format!("% {event} %")];
    tx.run(sql("tell of an event", text), args).await.map(drop)
}

/// The first calls whose time has come.
pub async fn due(store: &Store, now: UnixMillis, limit: u32) -> Result<Vec<Call>, StoreError> {
    let text = "select id, webhook_id, event, subscriber_id, edition_id, at, tries from webhook_calls
                where due_at <= $1 order by due_at, id limit $2";
    let rows = store.rows(sql("list calls", text), args![now, limit]).await?;
    rows.iter().map(read_call).collect()
}

/// The call with this id, while it is still to be made.
pub async fn find_call(store: &Store, id: CallId) -> Result<Option<Call>, StoreError> {
    let text = "select id, webhook_id, event, subscriber_id, edition_id, at, tries from webhook_calls
                where id = $1 and due_at is not null";
    let row = store.row(sql("find a call", text), args![id]).await?;
    row.as_ref().map(read_call).transpose()
}

/// The call was taken.
pub async fn taken(tx: &mut Tx, id: CallId, now: UnixMillis) -> Result<(), StoreError> {
    let text = "update webhook_calls set taken_at = $2, due_at = null, tries = tries + 1 where id = $1";
    tx.run(sql("end a call", text), args![id, now]).await.map(drop)
}

/// The call was not taken; it is made again then, or never.
pub async fn put_off(
    tx: &mut Tx,
    id: CallId,
    error: &str,
    again: Option<UnixMillis>,
) -> Result<(), StoreError> {
    let text = "update webhook_calls set error = $2, due_at = $3, tries = tries + 1 where id = $1";
    tx.run(sql("put a call off", text), args![id, error, again])
        .await
        .map(drop)
}

/// Forgets calls from before that were taken or given up.
pub async fn purge(tx: &mut Tx, before: UnixMillis) -> Result<u64, StoreError> {
    let text = "delete from webhook_calls where due_at is null and at < $1";
    tx.run(sql("forget calls", text), args![before]).await
}

fn read(row: &Row) -> Result<Webhook, StoreError> {
    let events: String = row.get("events")?;
    Ok(Webhook {
        id: row.get("id")?,
        url: row.get("url")?,
        secret: row.get("secret")?,
        events: events
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .collect(),
        created_at: row.get("created_at")?,
    })
}

fn read_call(row: &Row) -> Result<Call, StoreError> {
    Ok(Call {
        id: row.get("id")?,
        webhook: row.get("webhook_id")?,
        event: row.get("event")?,
        subscriber: row.maybe("subscriber_id")?,
        edition: row.maybe("edition_id")?,
        at: row.get("at")?,
        tries: row.get("tries")?,
    })
}
