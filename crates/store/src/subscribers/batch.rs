//! Many readers at a time: a list that is brought in.

use reveille_model::{BriefId, Consent, EmailAddress, Home, MailFormat, SubscriberId, SubscriberState};

use super::{Subscriber, read, select_subscribers};
use crate::{
    StoreError, Tx, consents, segments,
    sql::{BATCH, args, built, places, rows_of, sql},
};

/// A brief's readers at these addresses, in the order of their ids. The keys are those of
/// [`EmailAddress::key`](reveille_model::EmailAddress::key).
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn find_batch(tx: &mut Tx, brief: BriefId, keys: &[String]) -> Result<Vec<Subscriber>, StoreError> {
    let mut found = Vec::new();
    for batch in keys.chunks(BATCH) {
        let text = format!(
            select_subscribers!("where brief_id = $1 and email_key in ({}) order by id"),
            places(2, batch.len())
        );
        let mut args = args![brief];
        args.extend(batch.iter().flat_map(|key| args![key]));
        let rows = tx.rows(built("find subscribers", text), args).await?;
        for row in &rows {
            found.push(read(row)?);
        }
    }
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

/// Adds active readers of a brief for whom `consent` vouches. Gives back how many are new; who is there already stays as
/// they are.
pub async fn insert_batch(
    tx: &mut Tx,
    brief: BriefId,
    readers: &[Listed],
    consent: &Consent,
) -> Result<usize, StoreError> {
    let doing = "add subscribers";
    let first = consents::First::of(consent)?;
    let mut added = 0;
    for batch in readers.chunks(BATCH) {
        let text = format!(
            "insert into subscribers
               (brief_id, email, email_key, country, country_given, zone, zone_origin, format, state, token, created_at,
                consent_seal)
             values {} on conflict (brief_id, email_key) do nothing returning id",
            rows_of(batch.len(), 12)
        );
        let row = |new: &'_ Listed| {
            args![
                brief,
                new.email.as_str().to_owned(),
                new.email.key(),
                new.home.country,
                new.home.country_given.clone(),
                new.home.zone.name().to_owned(),
                new.home.zone_origin,
                new.format,
                SubscriberState::Active,
                new.token.clone(),
                consent.at,
                first.seal.clone(),
            ]
        };
        let rows = tx
            .rows(built(doing, text).kept(), batch.iter().flat_map(row).collect())
            .await?;
        let ids: Result<Vec<SubscriberId>, _> = rows.iter().map(|row| row.get("id")).collect();
        let ids = ids?;
        added += ids.len();
        segments::came(tx, &ids, consent.at).await?;
        first.insert(tx, &ids).await?;
    }
    Ok(added)
}

/// Records that a reader lives elsewhere. The line that says who said so is the caller's to add.
pub async fn set_home(tx: &mut Tx, id: SubscriberId, home: &Home) -> Result<(), StoreError> {
    let text =
        "update subscribers set country = $2, country_given = $3, zone = $4, zone_origin = $5 where id = $1";
    let Home {
        country,
        country_given,
        zone,
        zone_origin,
    } = home;
    let args = args![id, *country, country_given.as_deref(), zone, *zone_origin];
    tx.run(sql("move a subscriber", text), args).await.map(drop)
}
