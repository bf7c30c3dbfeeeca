//! `GET /`: all briefs.

use std::sync::Arc;

use askama::Template;
use axum::{extract::State, response::Response};
use reveille_model::Brief;

use super::{body_of, kept};
use crate::{
    Desk, PageError,
    page::{Shell, page},
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    briefs: Vec<Brief>,
}

pub(crate) async fn show(State(desk): State<Arc<Desk>>) -> Result<Response, PageError> {
    let briefs = reveille_store::briefs::list(&desk.store).await?;
    let home = Home {
        briefs: briefs.into_iter().map(|stored| stored.brief).collect(),
    };
    let body = body_of(&home)?;
    let shell = Shell::new("Briefs", ("Reveille", "/"), &body);
    Ok(kept(page(&shell), "public, max-age=60"))
}
