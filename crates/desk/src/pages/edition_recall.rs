//! `/desk/editions/{edition}/recall`: an editor takes an edition back that nobody has.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use reveille_model::EditionState;
use reveille_store::{StoreError, deliveries, editions::StoredEdition, sessions::Session};

use super::{edition_approve::answer, edition_edit::find};
use crate::{Desk, PageError};

/// Takes it back. Why that is not done stands above the list.
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(edition): Path<String>,
) -> Result<Response, PageError> {
    let id = find(&desk.store, &edition).await?.stored.id;
    answer(&desk, &session, desk.editing.recall(id).await).await
}

/// Whether an editor is offered to take it back: while it goes out, and where it has ended without reaching anybody, as one
/// for which it was too late everywhere has.
pub(super) async fn is_offered(desk: &Desk, stored: &StoredEdition) -> Result<bool, StoreError> {
    Ok(match stored.state {
        EditionState::Approved => true,
        EditionState::Sent => !deliveries::has_left(&desk.store, stored.id).await?,
        EditionState::Draft | EditionState::Checked | EditionState::Corrected => false,
    })
}
