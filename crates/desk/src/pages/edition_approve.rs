//! `/desk/editions/{edition}`: an editor lets an edition go out.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::EditionId;
use reveille_store::{editions, sessions::Session};
use serde::Deserialize;

use super::{editions_list::page, refused};
use crate::{Desk, PageError, Place, Refusal, Seen, session::see_other};

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
    let seen = Seen {
        edition: find(&desk, &edition).await?,
        revision,
    };
    answer(&desk, &session, desk.editing.approve(seen).await).await
}

/// The edition that stands in the address.
pub(super) async fn find(desk: &Desk, edition: &str) -> Result<EditionId, PageError> {
    let missing = || PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such edition.",
        means: "It went with its brief, perhaps.",
        instead: Place::of_desk("all editions", "/desk/editions"),
    };
    let id = EditionId(edition.parse().map_err(|_| missing())?);
    editions::find(&desk.store, id).await?.ok_or_else(missing)?;
    Ok(id)
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
