//! `/desk/sign-in`: how an editor enters the desk and leaves it.
//!
//! Whoever can run `reveille desk link` beside the store is an editor: it prints a link that is good once. Visiting it
//! changes nothing, since mail scanners and messengers follow links; its button begins the session.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use reveille_store::sessions::{self, Session};

use super::{body_of, token_of};
use crate::{
    Desk, PageError, Place,
    page::{Shell, page},
    session::{self, SIGN_IN, see_other},
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    /// Whom the link signs in, where one was followed.
    editor: Option<&'a str>,
}

/// How to sign in.
pub(crate) async fn explain() -> Result<Response, PageError> {
    rendered(None)
}

/// The button behind a link.
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let token = token_of(&token).map_err(|_| spent())?;
    let editor = sessions::find_link(&desk.store, token, desk.clock.now()).await?;
    rendered(Some(&editor.ok_or_else(spent)?))
}

/// Uses the link up and begins a session.
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let token = token_of(&token).map_err(|_| spent())?;
    let now = desk.clock.now();
    let mut tx = desk.store.begin().await?;
    let editor = sessions::take_link(&mut tx, token, now)
        .await?
        .ok_or_else(spent)?;
    let fresh = (desk.token)().ok_or(PageError::Internal("the system gave no randomness"))?;
    sessions::insert(&mut tx, &editor, visitor.agent.as_deref(), &fresh, now).await?;
    tx.commit().await?;
    let cookie = session::begun(&desk, &fresh)?;
    Ok(([(header::SET_COOKIE, cookie)], see_other("/desk")).into_response())
}

/// Ends the session.
pub(crate) async fn sign_out(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
) -> Result<Response, PageError> {
    let mut tx = desk.store.begin().await?;
    sessions::delete(&mut tx, session.id).await?;
    tx.commit().await?;
    let cookie = session::ended(&desk)?;
    Ok(([(header::SET_COOKIE, cookie)], see_other(SIGN_IN)).into_response())
}

fn rendered(editor: Option<&str>) -> Result<Response, PageError> {
    let body = body_of(&SignIn { editor })?;
    Ok(page(&Shell::new("Sign in to the desk", ("Desk", "/desk"), &body)))
}

fn spent() -> PageError {
    PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "This link is no longer good.",
        means: "It works once and for ten minutes.",
        instead: Place::of_desk("how to get another", SIGN_IN),
    }
}
