//! A reader's mails go to another address.
//!
//! The address is a reader of its own, who confirms as any other does, and takes the place of the first: what was agreed at
//! one address stays apart from what was agreed at the other. So whoever was passed on a mail, and has the brief sent to
//! themselves by its link, gets the brief, and nothing that is kept about its reader.

use reveille_model::{Consent, ConsentKind, Event, SubscriberId};

use super::{Subscriber, find};
use crate::{
    Store, StoreError, Tx, consents, deliveries,
    sql::{args, sql},
    webhooks::{self, About},
};

/// Puts `successor`, who confirmed by `consent`, in the place of a reader who still gets the brief: in the same form, paused
/// or not, and with what is still to be sent. `false`: one of them is not on the list, and nothing was changed.
///
/// # Errors
/// Where the database fails; so for every function here.
pub(super) async fn take_place(
    tx: &mut Tx,
    successor: SubscriberId,
    of: SubscriberId,
    consent: &Consent,
) -> Result<bool, StoreError> {
    let doing = "change a subscriber's address";
    let text = "update subscribers set moved_to = null, (format, state, paused_until) =
                  (select o.format, o.state, o.paused_until from subscribers o where o.id = $2)
                where id = $1 and id <> $2 and state in ('active', 'paused')
                  and exists (select 1 from subscribers o where o.id = $2 and o.state in ('active', 'paused'))";
    if tx.run(sql(doing, text), args![successor, of]).await? == 0 {
        return Ok(false);
    }
    let text = "update subscribers set state = 'left', paused_until = null, moved_to = $1 where id = $2";
    tx.run(sql(doing, text), args![successor, of]).await?;
    // Numbers, and not addresses: who has one address erased leaves no trace of it at the other.
    let line = |kind, sentence| Consent {
        kind,
        sentence,
        ..consent.clone()
    };
    let gone = line(
        ConsentKind::Left,
        format!("goes on at another address, as reader {successor}"),
    );
    consents::insert(tx, of, &gone).await?;
    let here = line(ConsentKind::Changed, format!("in place of reader {of}"));
    consents::insert(tx, successor, &here).await?;
    deliveries::readdress(tx, of, successor, consent.at).await?;
    webhooks::tell(tx, Event::Unsubscribed, About::Reader(of), consent.at).await?;
    Ok(true)
}

/// Has a reader who confirmed as another's successor live where that one does by now, who may have moved since the link was asked for,
/// and still is on the list.
pub(super) async fn live_with(
    tx: &mut Tx,
    successor: SubscriberId,
    of: SubscriberId,
) -> Result<(), StoreError> {
    let text = "update subscribers set (country, country_given, zone, zone_origin) =
                  (select o.country, o.country_given, o.zone, o.zone_origin from subscribers o where o.id = $2)
                where id = $1
                  and exists (select 1 from subscribers o where o.id = $2 and o.state in ('active', 'paused'))";
    tx.run(sql("take over a home", text), args![successor, of])
        .await
        .map(drop)
}

/// The reader who took this one's place, and the place of that one; this one where nobody did.
pub async fn successor(store: &Store, reader: Subscriber) -> Result<Subscriber, StoreError> {
    // It ends: who takes a place has left their own for nobody.
    let mut last = reader;
    while let Some(id) = last.moved_to
        && let Some(next) = find(store, id).await?
    {
        last = next;
    }
    Ok(last)
}
