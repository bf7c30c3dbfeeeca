//! `/confirm/{token}`: the second half of the double opt-in.
//!
//! The mailed link only shows a button: mail scanners follow links, and a scanner's visit is no consent.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_model::{Brief, Consent, ConsentKind, SubscriberState};
use reveille_store::subscribers::{self, Subscriber};

use super::{find_reader, framed, path_of};
use crate::{Desk, PageError, came_from::CameFrom};

#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm<'a> {
    brief: &'a Brief,
    /// Masked: whoever was passed the link need not learn the whole address.
    email: String,
    zone: &'a str,
    confirmed: bool,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (reader, stored) = find_reader(&desk.store, &token).await?;
    rendered(&stored.brief, &reader)
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    CameFrom(address): CameFrom,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (mut reader, stored) = find_reader(&desk.store, &token).await?;
    if reader.state == SubscriberState::Pending {
        let consent = Consent {
            kind: ConsentKind::Confirmed,
            at: desk.clock.now(),
            sentence: stored.brief.consent.clone(),
            from: Some(address.to_string()),
        };
        let mut tx = desk.store.begin().await?;
        let now_is = subscribers::confirm(&mut tx, &token, &consent).await?;
        tx.commit().await?;
        reader = now_is.unwrap_or(reader);
    }
    rendered(&stored.brief, &reader)
}

/// A link in an old mail must not bring back a reader who left.
fn rendered(brief: &Brief, reader: &Subscriber) -> Result<Response, PageError> {
    let confirmed = match reader.state {
        SubscriberState::Pending => false,
        SubscriberState::Active => true,
        SubscriberState::Left | SubscriberState::Bounced => {
            return Err(PageError::NotFound {
                what: "This link is no longer good.".to_owned(),
                means: format!(
                    "You have left {} since, or its mail came back from you. You can sign up again there.",
                    brief.name
                ),
                instead: (brief.name.clone(), path_of(brief)),
            });
        }
    };
    let title = if confirmed {
        "You are on the list"
    } else {
        "One click left"
    };
    let page = Confirm {
        brief,
        email: reader.email.masked(),
        zone: reader.zone.name(),
        confirmed,
    };
    framed(title, brief, &page)
}
