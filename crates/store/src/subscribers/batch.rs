//! Many readers at a time: a list that is brought in, and what it says anew of those who are there.

use std::collections::{BTreeSet, HashMap, HashSet};

use reveille_model::{
    BriefId, Consent, EmailAddress, Home, MailFormat, SubscriberId, SubscriberState, UnixMillis,
};

use super::{Subscriber, read, select_subscribers};
use crate::{
    StoreError, Tx, consents, deliveries, reader_tally,
    sql::{args, built, sql},
};

/// A brief's readers at these addresses, in the order of their ids, held until the transaction ends: what one of them changes
/// meanwhile comes after. The keys are those of [`EmailAddress::key`](reveille_model::EmailAddress::key).
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn hold_batch(
    tx: &mut Tx,
    brief: BriefId,
    keys: &[String],
    now: UnixMillis,
) -> Result<Vec<Subscriber>, StoreError> {
    // First, as whoever changes a reader has them.
    deliveries::hold_editions(tx, brief, now).await?;
    let text = "select id from subscribers where brief_id = $1 and email_key in ({rows})";
    let keys = keys.iter().map(|key| args![key]);
    let rows = tx
        .rows_many(sql("find subscribers", text), args![brief], keys.collect())
        .await?;
    let ids: BTreeSet<SubscriberId> = rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    // Statement after statement in one order, so that no two lists wait for each other.
    let mut text = select_subscribers!("where id in ({rows}) order by id").to_owned();
    text += &tx.dialect().held("subscribers");
    let ids = ids.iter().map(|id| args![*id]);
    let rows = tx
        .rows_many(built("hold subscribers", text), args![], ids.collect())
        .await?;
    rows.iter().map(read).collect()
}

/// A reader on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Their address.
    pub email: EmailAddress,
    /// Where they live.
    pub home: Home,
    /// In which form they get the brief.
    pub format: MailFormat,
    /// 32 hex digits of randomness: what the links of their mails carry.
    pub token: String,
}

/// Adds active readers of a brief for whom `consent` vouches, and plans for them what goes out where their hour is still ahead
/// when they came. Gives back who is new, each by the key of their address; who is there already stays as they are.
pub async fn insert_batch(
    tx: &mut Tx,
    brief: BriefId,
    readers: &[Listed],
    consent: &Consent,
) -> Result<HashSet<String>, StoreError> {
    deliveries::hold_editions(tx, brief, consent.at).await?;
    let first = consents::First::of(consent)?;
    let text = "insert into subscribers
                  (brief_id, email, email_key, country, country_given, zone, zone_origin, format, state, token, created_at,
                   consent_seal)
                {rows} on conflict (brief_id, email_key) do nothing
                returning id, email_key, coalesce(country, '') as country, zone";
    let rows = readers.iter().map(|new| {
        args![
            brief,
            &new.email,
            new.email.key(),
            new.home.country,
            new.home.country_given.as_deref(),
            &new.home.zone,
            new.home.zone_origin,
            new.format,
            SubscriberState::Active,
            &new.token,
            consent.at,
            &first.seal
        ]
    });
    // Of those at one address the first is added.
    let mut listed = HashMap::new();
    for new in readers {
        listed.entry(new.email.key()).or_insert(&new.home);
    }
    let (mut ids, mut new, mut homes, mut keys) = (Vec::new(), Vec::new(), Vec::new(), HashSet::new());
    for row in tx
        .rows_many(sql("add subscribers", text), args![], rows.collect())
        .await?
    {
        let (id, key): (_, String) = (row.get("id")?, row.get("email_key")?);
        ids.push(id);
        new.extend(listed.get(&key).map(|home| (id, *home)));
        homes.push((row.get("country")?, row.get("zone")?));
        keys.insert(key);
    }
    reader_tally::came(tx, brief, SubscriberState::Active, homes, consent.at).await?;
    first.insert(tx, brief, &ids).await?;
    deliveries::welcome(tx, brief, &new, consent.at).await?;
    Ok(keys)
}

/// Records that a reader lives elsewhere; what waits for them follows. The line that says who said so is the caller's to add.
pub async fn set_home(tx: &mut Tx, id: SubscriberId, home: &Home, now: UnixMillis) -> Result<(), StoreError> {
    match super::find(&mut *tx, id).await? {
        Some(reader) => set_homes(tx, reader.brief, &[(id, home.clone())], now).await,
        None => Ok(()),
    }
}

/// As [`set_home`], for many readers of a brief.
pub async fn set_homes(
    tx: &mut Tx,
    brief: BriefId,
    moves: &[(SubscriberId, Home)],
    now: UnixMillis,
) -> Result<(), StoreError> {
    deliveries::hold_editions(tx, brief, now).await?;
    let text = "update subscribers set country = v.column2, country_given = v.column3, zone = v.column4, zone_origin = v.column5
                from ({rows}) as v where subscribers.id = v.column1";
    let rows = moves.iter().map(|(id, home)| {
        args![
            *id,
            home.country,
            home.country_given.as_deref(),
            &home.zone,
            home.zone_origin
        ]
    });
    let statement = sql("move subscribers", text).unkept();
    tx.run_many(statement, args![], rows.collect()).await?;
    let text = select_subscribers!("where id in ({rows}) order by id");
    let ids = moves.iter().map(|(id, _)| args![*id]).collect();
    let statement = sql("find subscribers", text).unkept();
    let rows = tx.rows_many(statement, args![], ids).await?;
    let readers = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    deliveries::follow_all(tx, brief, &readers, now).await
}

/// Has readers get their mails in another form. The line that says who said so is the caller's to add.
pub async fn set_formats(
    tx: &mut Tx,
    brief: BriefId,
    formats: &[(SubscriberId, MailFormat)],
    now: UnixMillis,
) -> Result<(), StoreError> {
    deliveries::hold_editions(tx, brief, now).await?;
    let text =
        "update subscribers set format = v.column2 from ({rows}) as v where subscribers.id = v.column1";
    let rows = formats.iter().map(|(id, format)| args![*id, *format]);
    let statement = sql("change subscribers' formats", text).unkept();
    tx.run_many(statement, args![], rows.collect()).await.map(drop)
}
