//! A reader has their mails sent to another address. The address that they have proves by a mailed link that it is they who ask,
//! and the new one is then asked by mail as at a sign-up, and under the same limits; the answer is the same whoever reads what
//! there.

use axum::{
    http::{StatusCode, header},
    response::Response,
};
use reveille_model::{EmailAddress, LinkPurpose, Means};
use reveille_store::{ReaderMail, Tx, briefs::StoredBrief, confirmations, subscribers::Subscriber};

use super::{
    my_data::{Asking, Stage, rendered},
    queue_mail,
    sign_up::{enter, retry_after},
};
use crate::{
    Desk, PageError,
    crowd::{self, Crowd},
    sign_up_form::{Asked, fault_of_address},
    visitor::Visitor,
    words::Words,
};

/// So many links are mailed to other addresses for one reader in a day.
const MOST: u64 = 3;
/// A day, in milliseconds.
const DAY_MILLIS: i64 = 86_400_000;

/// The field of the form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) email: String,
    /// What is wrong with it.
    pub(super) fault: Option<String>,
}

/// Whether a reader may do it by themselves: one of a brief for named readers cannot name another.
pub(super) fn may_move(reader: &Subscriber, stored: &StoredBrief) -> bool {
    stored.brief.is_public() && reader.state.is_listed()
}

/// Has the address that was typed asked whether it is to take the reader's place, and uses the link up.
pub(super) async fn ask(
    desk: &Desk,
    crowd: &Crowd,
    visitor: Visitor,
    (token, asking): (&str, &Asking),
    typed: &str,
) -> Result<Response, PageError> {
    let words = Words::of(&asking.stored.brief.language);
    let again = |status: StatusCode, fault: &str| {
        let typed = Typed {
            email: typed.to_owned(),
            fault: Some(fault.to_owned()),
        };
        let mut page = rendered(asking, Stage::Move(typed))?;
        *page.status_mut() = status;
        Ok(page)
    };
    let email: EmailAddress = match typed.parse() {
        Ok(email) => email,
        Err(error) => {
            let fault = fault_of_address(&words.sign_up, typed, error);
            return again(StatusCode::UNPROCESSABLE_ENTITY, fault);
        }
    };
    let now = desk.clock.now();
    let slowed = |wait: i64, why: &str| {
        let mut page = again(StatusCode::TOO_MANY_REQUESTS, why)?;
        page.headers_mut().insert(header::RETRY_AFTER, retry_after(wait));
        Ok(page)
    };
    if let Err(wait) = crowd.admit(visitor.address, &email, crowd::WITHOUT_WORK, now) {
        return slowed(wait, &words.sign_up.crowd);
    }
    let mut tx = desk.store.begin().await?;
    if confirmations::count_moves(&mut tx, asking.reader.id, now.plus(-DAY_MILLIS)).await? >= MOST {
        return slowed(DAY_MILLIS, &words.my_data.enough);
    }
    let taken = confirmations::take(&mut tx, token, LinkPurpose::Move, now).await?;
    if taken.is_none() {
        return Err(asking.used());
    }
    // The record is shown to others: it must not hold what the link carries.
    let means = Means::Link(visitor.visit(desk, "/my-data"));
    enter_elsewhere(&mut tx, desk, asking, email, means).await?;
    tx.commit().await?;
    rendered(asking, Stage::Asked)
}

async fn enter_elsewhere(
    tx: &mut Tx,
    desk: &Desk,
    Asking { reader, stored, .. }: &Asking,
    email: EmailAddress,
    means: Means,
) -> Result<(), PageError> {
    let asked = Asked {
        email,
        home: reader.home.clone(),
    };
    let asks = (means, desk.clock.now());
    if let Some(id) = enter(tx, desk, (stored.id, &stored.brief), &asked, asks).await? {
        let mail = ReaderMail::Confirmation {
            reader: id,
            in_place_of: Some(reader.id),
        };
        queue_mail(tx, desk, mail).await?;
    }
    Ok(())
}
