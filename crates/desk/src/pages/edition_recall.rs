//! `/desk/editions/{edition}/recall`: an editor takes an approved edition back.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use reveille_store::sessions::Session;

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
