//! Everything that is kept about one address, for its owner.

use reveille_model::{
    BriefId, Consent, Day, DeliveryState, EmailAddress, Home, LinkPurpose, MailFormat, Slug, SubscriberState,
    UnixMillis,
};
use serde::Serialize;

use super::Subscriber;
use crate::{
    Store, StoreError, consents,
    deliveries::read_error,
    returns::{self, Return},
    sql::{args, sql},
};

/// What is kept about an address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dossier {
    /// The address.
    pub email: EmailAddress,
    /// One for each brief that it signed up for.
    pub briefs: Vec<Part>,
}

/// What is kept about a reader of one brief.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// The brief's short name.
    pub brief: Slug,
    /// The brief's name.
    pub name: String,
    /// The address as it was typed there.
    pub email: EmailAddress,
    /// Whether they get the brief.
    pub state: SubscriberState,
    /// Until when they get none.
    pub paused_until: Option<Day>,
    /// Where they live, as far as that was said.
    pub home: Home,
    /// In which form they get it.
    pub format: MailFormat,
    /// When they first signed up.
    #[serde(serialize_with = "UnixMillis::as_text")]
    pub created_at: UnixMillis,
    /// What they agreed to, and what they changed, oldest first.
    #[serde(serialize_with = "told")]
    pub consents: Vec<Consent>,
    /// Links that were mailed to them to act once.
    pub links: Vec<MailedLink>,
    /// What was sent to them, oldest first.
    pub deliveries: Vec<Sent>,
    /// What came back of it, oldest first.
    pub returns: Vec<Return>,
}

fn told<S: serde::Serializer>(consents: &[Consent], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(consents.iter().map(Consent::told))
}

/// A link that was mailed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailedLink {
    /// What it does.
    pub purpose: LinkPurpose,
    /// When it was made.
    #[serde(serialize_with = "UnixMillis::as_text")]
    pub made_at: UnixMillis,
    /// When it was used.
    #[serde(serialize_with = "UnixMillis::maybe_as_text")]
    pub used_at: Option<UnixMillis>,
}

/// One edition's way to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// The edition's day.
    pub day: Day,
    /// Whether it was a correction of that edition.
    pub is_correction: bool,
    /// How it ended.
    pub state: DeliveryState,
    /// When it was due.
    #[serde(serialize_with = "UnixMillis::as_text")]
    pub due_at: UnixMillis,
    /// When their mail host took it.
    #[serde(serialize_with = "UnixMillis::maybe_as_text")]
    pub sent_at: Option<UnixMillis>,
    /// How often it was tried.
    pub attempts: u32,
    /// Its Message-ID, without angle brackets, once it was to leave.
    pub message_id: Option<String>,
    /// What our mail server answered, or whence it is known that it has the message.
    pub reply: Option<String>,
    /// What went wrong the last time.
    pub error: Option<String>,
}

/// Everything about an address, whatever its case and the brief; `None` where it is no reader's.
///
/// # Errors
/// Where the database fails.
pub async fn dossier(store: &Store, email: &EmailAddress) -> Result<Option<Dossier>, StoreError> {
    let mut briefs = Vec::new();
    for reader in super::list_by_email(store, email).await? {
        briefs.push(part(store, reader).await?);
    }
    Ok((!briefs.is_empty()).then(|| Dossier {
        email: email.clone(),
        briefs,
    }))
}

async fn part(store: &Store, reader: Subscriber) -> Result<Part, StoreError> {
    let doing = "read a reader's data";
    let (brief, name) = brief(store, reader.brief).await?;
    let record = consents::find(store, reader.id).await?;
    let lines = record.map(|record| record.lines).unwrap_or_default();
    let text = "select purpose, made_at, used_at from confirmations where subscriber_id = $1 order by made_at, digest";
    let links = store.rows(sql(doing, text), args![reader.id]).await?;
    let text = "select e.day, cast(0 as bigint) as is_correction, d.state, d.due_at, d.sent_at, d.attempts, nullif(d.message_id, '') as message_id,
                  d.reply, d.error
                from deliveries d join editions e on e.id = d.edition_id where d.subscriber_id = $1
                union all
                select e.day, 1, d.state, d.due_at, d.sent_at, d.attempts, nullif(d.message_id, '') as message_id,
                  d.reply, d.error
                from correction_deliveries d join notices n on n.id = d.notice_id join editions e on e.id = n.edition_id
                where d.subscriber_id = $1 order by day, is_correction, due_at";
    let deliveries = store.rows(sql(doing, text), args![reader.id]).await?;
    Ok(Part {
        brief,
        name,
        paused_until: reader.pauses_until(),
        email: reader.email,
        state: reader.state,
        home: reader.home,
        format: reader.format,
        created_at: reader.created_at,
        consents: lines.into_iter().map(|line| line.consent).collect(),
        links: links.iter().map(link).collect::<Result<_, _>>()?,
        deliveries: deliveries.iter().map(sent).collect::<Result<_, _>>()?,
        returns: returns::list(store, reader.id).await?,
    })
}

async fn brief(store: &Store, id: BriefId) -> Result<(Slug, String), StoreError> {
    let doing = "read a reader's brief";
    let stored = crate::briefs::find(store, id).await?;
    let brief = stored.ok_or(StoreError::Vanished { doing })?.brief;
    Ok((brief.slug, brief.name))
}

fn link(row: &crate::sql::Row) -> Result<MailedLink, StoreError> {
    Ok(MailedLink {
        purpose: row.get("purpose")?,
        made_at: row.get("made_at")?,
        used_at: row.maybe("used_at")?,
    })
}

/// A mail server's answer without the name by which we know it.
fn answer(reply: String) -> String {
    match reply.split_once(": ") {
        Some((by, answer)) if by.starts_with("taken by ") => answer.to_owned(),
        _ => reply,
    }
}

fn sent(row: &crate::sql::Row) -> Result<Sent, StoreError> {
    Ok(Sent {
        day: row.get("day")?,
        is_correction: row.get::<i64>("is_correction")? == 1,
        state: row.get("state")?,
        due_at: row.get("due_at")?,
        sent_at: row.maybe("sent_at")?,
        attempts: row.get("attempts")?,
        message_id: row.maybe("message_id")?,
        reply: row.maybe::<String>("reply")?.map(answer),
        error: read_error(row)?,
    })
}
