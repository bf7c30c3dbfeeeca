//! `POST /desk/editions/{edition}/proof`: an editor has an edition mailed to an editor.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use reveille_model::{EmailAddress, UnixMillis};
use reveille_store::sessions::Session;
use serde::Deserialize;

use super::{
    edition_edit::{Subject, Word, find, page},
    refused,
};
use crate::{Desk, PageError, Refusal, session::see_other};

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    to: String,
}

/// Sends it. What became of that stands above the edition.
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(edition): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let subject = find(&desk.store, &edition).await?;
    let editors = editors(&subject, &session);
    let place = editors.iter().position(|email| email.as_str() == wish.to);
    let sent = match place {
        Some(place) => desk.editing.proof(subject.stored.id, editors[place].clone()).await.map(|()| place),
        None => Err(Refusal::Told(
            "A proof goes to the brief's editors, and to who is signed in by their address: to nobody else. Choose one of them."
                .to_owned(),
        )),
    };
    match sent {
        // No address stands in an address of ours, which logs may hold: an editor's place in their list does.
        Ok(place) => {
            let at = desk.clock.now().0;
            Ok(see_other(&format!("{}?proof={at}&to={place}", subject.path())))
        }
        Err(refusal) => {
            let page = page(&desk, &session, &subject, Some(Word::NoProof(&refusal))).await?;
            Ok(refused(page, &refusal))
        }
    }
}

/// A proof that the mail server has taken.
pub(super) struct Sent {
    pub(super) at: UnixMillis,
    pub(super) to: EmailAddress,
}

/// The one that the address of the page tells of, where it does.
pub(super) fn told(on: &Subject, session: &Session, at: Option<&str>, place: Option<&str>) -> Option<Sent> {
    let at = UnixMillis(at?.parse().ok()?);
    let to = editors(on, session).into_iter().nth(place?.parse().ok()?)?;
    Some(Sent { at, to })
}

/// To whom a proof may go: an edition that is not out is no mail for just anybody. Whoever made the link to sign in by said
/// who the person is.
pub(super) fn editors(on: &Subject, session: &Session) -> Vec<EmailAddress> {
    let mut editors: Vec<EmailAddress> = session.editor.parse().into_iter().collect();
    for editor in &on.editors {
        if !editors.contains(editor) {
            editors.push(editor.clone());
        }
    }
    editors
}
