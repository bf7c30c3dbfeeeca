//! Readers who ask for a brief, and how often they may.

use std::collections::BTreeSet;

use reveille_model::{BriefId, ConsentKind, EmailAddress, SubscriberId, UnixMillis};

use super::{NewSubscriber, set_home};
use crate::{
    StoreError, Tx, consents, deliveries,
    sql::{args, sql},
};

/// How often somebody who is not on the list may ask to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskLimit {
    /// For one brief so many milliseconds after they last did, at the earliest; for a wish that was fulfilled, or taken back, at once.
    pub pause_millis: i64,
    /// Within so many milliseconds …
    pub within_millis: i64,
    /// … for one brief so often at most …
    pub most: usize,
    /// … and so often for any: what is asked at one instant counts once.
    pub most_to_address: usize,
}

/// Whether that limit lets somebody at this address ask for a brief at this instant, whether or not they were on its list since.
pub async fn may_ask(
    tx: &mut Tx,
    brief: BriefId,
    email: &EmailAddress,
    at: UnixMillis,
    limit: AskLimit,
) -> Result<bool, StoreError> {
    // The index of addresses begins with the brief.
    let text = "select s.brief_id, c.at, c.kind from subscribers s join consents c on c.subscriber_id = s.id
                where s.brief_id in (select id from briefs) and s.email_key = $1
                  and c.kind in ('asked', 'confirmed', 'left') and c.at >= $2
                order by c.id";
    let args = args![email.key(), at.plus(-limit.within_millis)];
    let rows = tx.rows(sql("look for earlier sign-ups", text), args).await?;
    let (mut of_brief, mut of_others, mut open) = (BTreeSet::new(), BTreeSet::new(), None);
    for row in &rows {
        let (asked, kind): (UnixMillis, ConsentKind) = (row.get("at")?, row.get("kind")?);
        let is_of_brief = row.get::<BriefId>("brief_id")? == brief;
        match kind {
            ConsentKind::Asked if is_of_brief => {
                of_brief.insert(asked);
                open = Some(asked);
            }
            ConsentKind::Asked if asked != at => {
                of_others.insert(asked);
            }
            _ if is_of_brief => open = None,
            _ => {}
        }
    }
    let is_soon = open.is_some_and(|last| at.since(last) <= limit.pause_millis);
    let most = of_brief.len() >= limit.most || of_brief.union(&of_others).count() >= limit.most_to_address;
    Ok(!is_soon && !most)
}

/// A reader who has not confirmed yet asks once more, perhaps from another country. `false`: the reader is not pending.
pub async fn ask_again(tx: &mut Tx, id: SubscriberId, new: &NewSubscriber) -> Result<bool, StoreError> {
    deliveries::hold_for(tx, id, new.consent.at).await?;
    let text = "update subscribers set email = $2 where id = $1 and state = 'pending'";
    let asked = tx
        .run(sql("take a sign-up once more", text), args![id, &new.email])
        .await?
        == 1;
    if asked {
        set_home(tx, id, &new.home, new.consent.at).await?;
        consents::insert(tx, id, &new.consent).await?;
    }
    Ok(asked)
}
