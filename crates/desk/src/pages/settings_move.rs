//! A reader has their mails sent to another address. It is asked by mail first, as at a sign-up, and under the same limits;
//! the answer is the same whoever reads what there.

use std::net::IpAddr;

use reveille_model::{EmailAddress, Means, UnixMillis};
use reveille_store::{ReaderMail, Tx, briefs::StoredBrief, confirmations, subscribers::Subscriber};

use super::{queue_mail, settings_change::Fault, sign_up::enter};
use crate::{
    Desk, PageError,
    crowd::{self, Crowd},
    sign_up_form::{Asked, fault_of_address},
    words::Words,
};

/// So many links are mailed for one reader in a day, in milliseconds.
const MOST: u64 = 3;
const DAY_MILLIS: i64 = 86_400_000;

/// Whether a reader may do it by themselves: one of a brief for named readers cannot name another.
pub(super) fn may_move(reader: &Subscriber, stored: &StoredBrief) -> bool {
    stored.brief.is_public() && reader.state.is_listed()
}

/// Reads the address, and takes it from the allowance of those who ask.
pub(super) fn read(
    stored: &StoredBrief,
    typed: &str,
    crowd: &Crowd,
    from: IpAddr,
    now: UnixMillis,
) -> Result<EmailAddress, Fault> {
    let words = &Words::of(&stored.brief.language).sign_up;
    let email: EmailAddress = typed
        .parse()
        .map_err(|error| Fault::Wrong(fault_of_address(words, typed, error).to_owned()))?;
    let admitted = crowd.admit(from, &email, crowd::WITHOUT_WORK, now);
    admitted.map_err(Fault::Slowed)?;
    Ok(email)
}

/// Has the new address asked whether it is to take the reader's place.
pub(super) async fn ask(
    tx: &mut Tx,
    desk: &Desk,
    (reader, stored): (&Subscriber, &StoredBrief),
    email: EmailAddress,
    means: Means,
) -> Result<(), PageError> {
    let now = desk.clock.now();
    if confirmations::count_moves(tx, reader.id, now.plus(-DAY_MILLIS)).await? >= MOST {
        return Ok(());
    }
    let asked = Asked {
        email,
        home: reader.home.clone(),
    };
    if let Some(id) = enter(tx, desk, (stored.id, &stored.brief), &asked, means).await? {
        let mail = ReaderMail::Confirmation {
            reader: id,
            in_place_of: Some(reader.id),
        };
        queue_mail(tx, desk, mail).await?;
    }
    Ok(())
}
