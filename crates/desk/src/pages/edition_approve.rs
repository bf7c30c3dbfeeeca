//! `/desk/editions/{edition}`: an editor lets an edition go out.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use reveille_model::EditionState;
use reveille_store::{
    audience::{self, Audience},
    briefs,
    editions::StoredEdition,
    sessions::Session,
};
use serde::Deserialize;

use super::{edition_edit::find, editions_list::page, refused};
use crate::{Desk, PageError, Refusal, Seen, outlook, session::see_other, words::marked};

#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    /// The revision of the edition that the page showed.
    #[serde(default)]
    revision: u32,
}

/// Approves it. Why that is not done stands above the list.
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(edition): Path<String>,
    Form(Shown { revision }): Form<Shown>,
) -> Result<Response, PageError> {
    let edition = find(&desk.store, &edition).await?.stored.id;
    let approved = desk.editing.approve(Seen { edition, revision }).await;
    answer(&desk, &session, approved).await
}

/// The list as it is now, with why something was not done.
pub(super) async fn answer(
    desk: &Desk,
    session: &Session,
    done: Result<(), Refusal>,
) -> Result<Response, PageError> {
    match done {
        Ok(()) => Ok(see_other("/desk/editions")),
        Err(refusal) => {
            let page = page(desk, session, Some(&refusal)).await?;
            Ok(refused(page, &refusal))
        }
    }
}

/// What an editor should know before approving an edition, as HTML: whom it comes too late for, and who gets it under a past date.
pub(super) async fn before_approval(
    desk: &Desk,
    stored: &StoredEdition,
) -> Result<Option<String>, PageError> {
    if stored.state != EditionState::Checked {
        return Ok(None);
    }
    let Some(brief) = briefs::find(&desk.store, stored.brief).await? else {
        return Ok(None);
    };
    let audience = audience::find(&desk.store, &brief.brief).await?;
    if audience == Audience::Gone {
        return Ok(None);
    }
    let (day, now) = (stored.edition.day, desk.clock.now());
    let forecast = audience::forecast(&desk.store, (&brief, &audience), day, now).await?;
    let told = outlook::of_edition(&forecast, &outlook::exactly(&stored.edition.slug, day));
    Ok((!told.is_empty()).then(|| marked(&told.join(" "))))
}
