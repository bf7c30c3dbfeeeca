//! `/leave/{token}`: a reader leaves, from any mail.
//!
//! The mail client posts here by itself (RFC 8058: one click, no cookies, from any origin, in either form
//! encoding); a person who follows the link gets a button, since scanners follow links too.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_model::{Brief, Consent, ConsentKind, Means, SubscriberState};
use reveille_store::{
    briefs::StoredBrief,
    subscribers::{self, Subscriber},
};

use super::{find_reader, framed, say_to};
use crate::{Desk, PageError, once_more::once_more, visitor::Visitor, words::Say};

#[derive(Template)]
#[template(path = "leave.html")]
struct Leave {
    say: Say,
    left: bool,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (reader, stored) = find(&desk, &token).await?;
    rendered(&stored.brief, &reader)
}

/// Who leaves by the link: of a reader whose mails go to another address by now, the one there.
async fn find(desk: &Desk, token: &str) -> Result<(Subscriber, StoredBrief), PageError> {
    let (reader, stored) = find_reader(&desk.store, token).await?;
    Ok((subscribers::successor(&desk.store, reader).await?, stored))
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (_, stored) = find(&desk, &token).await?;
    let consent = Consent {
        kind: ConsentKind::Left,
        at: desk.clock.now(),
        sentence: "left by their own act".to_owned(),
        // The record is shown to others: it must not hold what the link carries.
        means: Means::Link(visitor.visit(&desk, "/leave")),
    };
    once_more(|| async {
        let mut tx = desk.store.begin().await?;
        subscribers::leave(&mut tx, &token, &consent).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    let (reader, _) = find(&desk, &token).await?;
    rendered(&stored.brief, &reader)
}

fn rendered(brief: &Brief, reader: &Subscriber) -> Result<Response, PageError> {
    let left = reader.state == SubscriberState::Left;
    let say = say_to(brief, reader);
    let words = &say.w.leave;
    let title = say.plain(if left { &words.done } else { &words.title });
    framed(&title, brief, &Leave { say, left })
}
