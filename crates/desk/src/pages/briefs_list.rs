//! `/desk/briefs`: all briefs, and to how many readers each goes.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use reveille_model::Brief;
use reveille_store::{
    audience::{self, Reach},
    briefs,
    sessions::Session,
};

use super::{Door, at_the_desk};
use crate::{Desk, PageError};

#[derive(Template)]
#[template(path = "briefs.html")]
struct Briefs {
    rows: Vec<(Brief, Reach)>,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
) -> Result<Response, PageError> {
    let mut rows = Vec::new();
    for stored in briefs::list(&desk.store).await? {
        let reach = audience::reach(&desk.store, &stored.brief).await?;
        rows.push((stored.brief, reach));
    }
    at_the_desk(Door::Briefs, "Briefs", &session, &Briefs { rows })
}
