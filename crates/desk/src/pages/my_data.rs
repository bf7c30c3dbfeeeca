//! `/my-data/{token}`: a reader is handed what is kept about them, has it erased, or names another address.
//!
//! The links of editions do not lead here, since mails are passed on: the reader asks on their settings page, and a
//! link for this one act is mailed to their address. As everywhere, visiting it changes nothing.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use reveille_model::{Brief, LinkPurpose};
use reveille_store::{
    briefs::{self, StoredBrief},
    confirmations,
    subscribers::{self, Erasure, Subscriber},
};
use serde::Deserialize;

use super::{
    framed,
    my_data_move::{self, Typed},
    no_reader, token_of,
};
use crate::{Desk, Missing, PageError, crowd::Crowd, visitor::Visitor, words::Say};

#[derive(Template)]
#[template(path = "my_data.html")]
struct MyData {
    say: Say,
    stage: Stage,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// The button hands out everything.
    Download,
    /// The button erases everything.
    Erase {
        /// It was pressed without the box that says so.
        unsure: bool,
    },
    Erased,
    /// The button has that address asked.
    Move(Typed),
    /// It is being asked.
    Asked,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Filled {
    /// Whether the box was ticked that says that the reader means it.
    sure: Option<String>,
    /// The address to which the brief is to go.
    #[serde(default)]
    email: String,
}

/// Whose link was followed, and what it does.
pub(super) struct Asking {
    pub(super) reader: Subscriber,
    pub(super) stored: StoredBrief,
    purpose: LinkPurpose,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let asking = find(&desk, &token).await?;
    let stage = match asking.purpose {
        LinkPurpose::Erase => Stage::Erase { unsure: false },
        LinkPurpose::Move => Stage::Move(Typed::default()),
        LinkPurpose::Download | LinkPurpose::Confirm => Stage::Download,
    };
    rendered(&asking, stage)
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    State(crowd): State<Arc<Crowd>>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<Filled>,
) -> Result<Response, PageError> {
    let asking = find(&desk, &token).await?;
    match asking.purpose {
        LinkPurpose::Erase => erase(&desk, &token, &asking, form.sure.is_some()).await,
        LinkPurpose::Move => my_data_move::ask(&desk, &crowd, visitor, (&token, &asking), &form.email).await,
        LinkPurpose::Download | LinkPurpose::Confirm => download(&desk, &token, &asking).await,
    }
}

/// Erases everything about the reader, where they are sure.
async fn erase(desk: &Desk, token: &str, asking: &Asking, sure: bool) -> Result<Response, PageError> {
    if !sure {
        let mut page = rendered(asking, Stage::Erase { unsure: true })?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    let mut tx = desk.store.begin().await?;
    let now = desk.clock.now();
    if confirmations::take(&mut tx, token, LinkPurpose::Erase, now)
        .await?
        .is_none()
    {
        return Err(asking.used());
    }
    let secret = (desk.token)().ok_or(PageError::Internal("the system gave no randomness"))?;
    let erasure = Erasure {
        email: &asking.reader.email,
        secret: &secret,
        now,
    };
    subscribers::erase(&mut tx, &erasure).await?;
    tx.commit().await?;
    rendered(asking, Stage::Erased)
}

/// Everything about the reader, as a JSON file.
async fn download(desk: &Desk, token: &str, asking: &Asking) -> Result<Response, PageError> {
    let mut tx = desk.store.begin().await?;
    let taken = confirmations::take(&mut tx, token, LinkPurpose::Download, desk.clock.now()).await?;
    tx.commit().await?;
    if taken.is_none() {
        return Err(asking.used());
    }
    let dossier = subscribers::dossier(&desk.store, &asking.reader.email).await?;
    let dossier = dossier.ok_or_else(no_reader)?;
    let json = serde_json::to_vec_pretty(&dossier)
        .map_err(|_| PageError::Internal("a reader's data could not be written as JSON"))?;
    let kind = HeaderValue::from_static("application/json");
    let name = HeaderValue::from_static("attachment; filename=\"my-data.json\"");
    Ok((
        [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)],
        json,
    )
        .into_response())
}

/// The link, where it is still good and leads here.
async fn find(desk: &Desk, token: &str) -> Result<Asking, PageError> {
    let link = confirmations::find(&desk.store, token_of(token)?)
        .await?
        .filter(|link| link.purpose != LinkPurpose::Confirm)
        .ok_or_else(no_reader)?;
    let reader = subscribers::find(&desk.store, link.subscriber)
        .await?
        .ok_or_else(no_reader)?;
    let stored = briefs::find(&desk.store, reader.brief)
        .await?
        .ok_or_else(no_reader)?;
    let asking = Asking {
        reader,
        stored,
        purpose: link.purpose,
    };
    if !link.is_good(desk.clock.now()) || asking.is_idle() {
        return Err(asking.used());
    }
    Ok(asking)
}

impl Asking {
    fn brief(&self) -> &Brief {
        &self.stored.brief
    }

    /// Whether it is for what the reader can no longer do.
    fn is_idle(&self) -> bool {
        self.purpose == LinkPurpose::Move && !my_data_move::may_move(&self.reader, &self.stored)
    }

    pub(super) fn used(&self) -> PageError {
        PageError::missing_at(Missing::DataLink, self.brief())
    }
}

pub(super) fn rendered(asking: &Asking, stage: Stage) -> Result<Response, PageError> {
    let say = Say::of_brief(asking.brief()).masked(&asking.reader.email);
    let words = &say.w.my_data;
    let title = match stage {
        Stage::Download => &words.download,
        Stage::Erase { .. } => &words.erase,
        Stage::Erased => &words.erased,
        Stage::Move(_) | Stage::Asked => &words.elsewhere,
    };
    framed(
        title,
        asking.brief(),
        &MyData {
            say: say.clone(),
            stage,
        },
    )
}
