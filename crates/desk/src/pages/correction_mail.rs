//! `/desk/editions/{edition}/corrections/{correction}`: an editor has a stated correction mailed to those who have the wrong entry,
//! after a question.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{Notice, NoticeId, NoticeState};
use reveille_store::{deliveries::count_reached, notices, sessions::Session};

use super::{Door, at_the_desk, edition_edit, entry_correct, refused};
use crate::{Desk, PageError, Place, Refusal, session::see_other};

#[derive(Template)]
#[template(path = "correction_mail.html")]
struct Question<'a> {
    on: &'a Subject,
    /// How many readers got the edition before it was stated.
    readers: u64,
    /// Why nothing was mailed.
    refusal: Option<&'a Refusal>,
}

/// A correction of an edition.
struct Subject {
    within: edition_edit::Subject,
    id: NoticeId,
    notice: Notice,
}

impl Subject {
    /// The page on which it was stated.
    fn entry(&self) -> String {
        entry_correct::path(&self.within, &self.notice.before)
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((edition, correction)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let subject = find(&desk, &edition, &correction).await?;
    page(&desk, &session, &subject, None).await
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((edition, correction)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let subject = find(&desk, &edition, &correction).await?;
    match desk.editing.mail_correction(subject.id).await {
        Ok(()) => Ok(see_other(&format!("{}#stated", subject.entry()))),
        Err(refusal) => {
            let page = page(&desk, &session, &subject, Some(&refusal)).await?;
            Ok(refused(page, &refusal))
        }
    }
}

async fn page(
    desk: &Desk,
    session: &Session,
    on: &Subject,
    refusal: Option<&Refusal>,
) -> Result<Response, PageError> {
    let question = Question {
        on,
        readers: count_reached(&desk.store, on.within.stored.id, on.notice.at).await?,
        refusal,
    };
    at_the_desk(Door::Editions, "Mail a correction", session, &question)
}

/// The correction that an address names.
async fn find(desk: &Desk, edition: &str, correction: &str) -> Result<Subject, PageError> {
    let within = edition_edit::find(&desk.store, edition).await?;
    let missing = || PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such correction.",
        means: "Nothing was mailed.",
        instead: Place::of_desk("its edition", &within.path()),
    };
    let id = NoticeId(correction.parse().map_err(|_| missing())?);
    let (of, notice) = notices::find(&desk.store, id).await?.ok_or_else(missing)?;
    if of != within.stored.id || notice.state != NoticeState::Corrected {
        return Err(missing());
    }
    Ok(Subject { within, id, notice })
}
