//! Many readers at a time: a list that is brought in.

use std::collections::HashSet;

use reveille_model::{
    BriefId, Consent, EmailAddress, Home, MailFormat, SubscriberId, SubscriberState, UnixMillis,
};

use super::{Subscriber, read, select_subscribers};
use crate::{
    StoreError, Tx, consents, deliveries, reader_tally,
    sql::{args, sql},
};

/// A brief's readers at these addresses, in the order of their ids. The keys are those of
/// [`EmailAddress::key`](reveille_model::EmailAddress::key).
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn find_batch(tx: &mut Tx, brief: BriefId, keys: &[String]) -> Result<Vec<Subscriber>, StoreError> {
    let text = select_subscribers!("where brief_id = $1 and email_key in ({rows})");
    let keys = keys.iter().map(|key| args![key]);
    let statement = sql("find subscribers", text).unkept();
    let rows = tx.rows_many(statement, args![brief], keys.collect()).await?;
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    found.sort_by_key(|reader| reader.id);
    found.dedup_by_key(|reader| reader.id);
    Ok(found)
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

/// Adds active readers of a brief for whom `consent` vouches. Gives back who is new, each by the key of their address; who
/// is there already stays as they are.
pub async fn insert_batch(
    tx: &mut Tx,
    brief: BriefId,
    readers: &[Listed],
    consent: &Consent,
) -> Result<HashSet<String>, StoreError> {
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
    let (mut ids, mut homes, mut keys) = (Vec::new(), Vec::new(), HashSet::new());
    for row in tx
        .rows_many(sql("add subscribers", text), args![], rows.collect())
        .await?
    {
        ids.push(row.get("id")?);
        homes.push((row.get("country")?, row.get("zone")?));
        keys.insert(row.get("email_key")?);
    }
    reader_tally::came(tx, brief, SubscriberState::Active, homes, consent.at).await?;
    first.insert(tx, brief, &ids).await?;
    Ok(keys)
}

/// Records that a reader lives elsewhere; what waits for them follows. The line that says who said so is the caller's to add.
pub async fn set_home(tx: &mut Tx, id: SubscriberId, home: &Home, now: UnixMillis) -> Result<(), StoreError> {
    deliveries::hold_for(tx, id, now).await?;
    let text =
        "update subscribers set country = $2, country_given = $3, zone = $4, zone_origin = $5 where id = $1";
    let Home {
        country,
        country_given,
        zone,
        zone_origin,
    } = home;
    let args = args![id, *country, country_given.as_deref(), zone, *zone_origin];
    tx.run(sql("move a subscriber", text), args).await?;
    deliveries::follow(tx, id, now).await
}
