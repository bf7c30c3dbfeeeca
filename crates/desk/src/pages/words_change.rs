//! `/desk/editions/{edition}/{article}`: an editor sets an entry's words, or asks the model for some.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use reveille_store::sessions::Session;
use serde::Deserialize;

use super::{
    refused,
    words_show::{Shown, find, page},
};
use crate::{Desk, PageError, Seen, Words, session::see_other};

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    act: Act,
    /// The revision of the edition that the page showed.
    #[serde(default)]
    revision: u32,
    #[serde(default)]
    headline: String,
    #[serde(default)]
    summary: String,
    /// The model that proposed them.
    #[serde(default)]
    model: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    Propose,
    Save,
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((edition, article)): Path<(String, String)>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let subject = find(&desk, &edition, &article).await?;
    let (edition, article) = (subject.stored.id, subject.entry.article);
    let refusal = match wish.act {
        Act::Propose => match desk.editing.propose(edition, article).await {
            Ok(offer) => return page(&desk, &session, &subject, Shown::Offer(&offer)),
            Err(refusal) => refusal,
        },
        Act::Save => {
            let words = Words {
                headline: wish.headline.clone(),
                summary: wish.summary.clone(),
                model: Some(wish.model).filter(|model| !model.is_empty()),
                editor: session.editor.clone(),
            };
            let revision = wish.revision;
            match desk
                .editing
                .reword(Seen { edition, revision }, article, words)
                .await
            {
                Ok(()) => return Ok(see_other(&subject.path())),
                Err(refusal) => refusal,
            }
        }
    };
    let typed = matches!(wish.act, Act::Save).then_some((&*wish.headline, &*wish.summary));
    let shown = Shown::Refused { why: &refusal, typed };
    page(&desk, &session, &subject, shown).map(|page| refused(page, &refusal))
}
