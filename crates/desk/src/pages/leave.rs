//! `/leave/{token}`: a reader leaves, from any mail.
//!
//! The mail client posts here by itself (RFC 8058, one click, no cookies, any origin); a person who follows the
//! link gets a button, since scanners follow links too.

use std::{net::SocketAddr, sync::Arc};

use askama::Template;
use axum::{
    extract::{ConnectInfo, Path, State},
    response::Response,
};
use reveille_model::{Brief, Consent, ConsentKind, SubscriberState};
use reveille_store::{
    briefs::{self, StoredBrief},
    subscribers::{self, Subscriber},
};

use super::{framed, is_token};
use crate::{Desk, PageError};

#[derive(Template)]
#[template(path = "leave.html")]
struct Leave<'a> {
    brief: &'a Brief,
    reader: &'a Subscriber,
    left: bool,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (reader, stored) = find(&desk, &token).await?;
    let left = reader.state == SubscriberState::Left;
    rendered(&stored.brief, &reader, left)
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (reader, stored) = find(&desk, &token).await?;
    if reader.state != SubscriberState::Left {
        let consent = Consent {
            kind: ConsentKind::Left,
            at: desk.clock.now(),
            sentence: "left by their own act".to_owned(),
            from: Some(address.ip().to_string()),
        };
        let mut tx = desk.store.begin().await?;
        subscribers::leave(&mut tx, &token, &consent).await?;
        tx.commit().await?;
    }
    rendered(&stored.brief, &reader, true)
}

async fn find(desk: &Desk, token: &str) -> Result<(Subscriber, StoredBrief), PageError> {
    let missing = || PageError::not_found("This link belongs to no reader.");
    if !is_token(token) {
        return Err(missing());
    }
    let reader = subscribers::find_by_token(&desk.store, token)
        .await?
        .ok_or_else(missing)?;
    let stored = briefs::find(&desk.store, reader.brief)
        .await?
        .ok_or_else(missing)?;
    Ok((reader, stored))
}

fn rendered(brief: &Brief, reader: &Subscriber, left: bool) -> Result<Response, PageError> {
    let title = if left { "You have left" } else { "Leave the list" };
    framed(
        title,
        (&brief.name, &format!("/{}", brief.slug)),
        &Leave { brief, reader, left },
    )
}
