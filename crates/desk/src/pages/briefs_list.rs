//! `/desk/briefs`: all briefs, to how many readers each goes, and how its latest edition stands.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use reveille_model::Brief;
use reveille_store::{
    audience::{self, Reach},
    briefs,
    editions::{self, StoredEdition},
    sessions::Session,
};

use super::{Door, at_the_desk};
use crate::{Desk, PageError};

#[derive(Template)]
#[template(path = "briefs.html")]
struct Briefs {
    rows: Vec<Row>,
}

/// A brief, how many readers it has, and its latest edition.
struct Row {
    brief: Brief,
    reach: Reach,
    latest: Option<StoredEdition>,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
) -> Result<Response, PageError> {
    let mut rows = Vec::new();
    for stored in briefs::list(&desk.store).await? {
        rows.push(Row {
            reach: audience::reach(&desk.store, &stored.brief).await?,
            latest: editions::latest(&desk.store, stored.id).await?,
            brief: stored.brief,
        });
    }
    at_the_desk(Door::Briefs, "Briefs", &session, &Briefs { rows })
}
