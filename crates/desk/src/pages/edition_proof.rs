//! `POST /desk/editions/{edition}/proof`: an editor has an edition mailed to an editor.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use reveille_model::EmailAddress;
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
    let sent = match editors.into_iter().find(|email| email.as_str() == wish.to) {
        Some(to) => desk.editing.proof(subject.stored.id, to).await,
        None => Err(Refusal::Told(
            "A proof goes to the brief's editors, and to who is signed in by their address: to nobody else. Choose one of them."
                .to_owned(),
        )),
    };
    match sent {
        Ok(()) => Ok(see_other(&format!("{}?proof=sent", subject.path()))),
        Err(refusal) => {
            let page = page(&desk, &session, &subject, Some(Word::NoProof(&refusal))).await?;
            Ok(refused(page, &refusal))
        }
    }
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
