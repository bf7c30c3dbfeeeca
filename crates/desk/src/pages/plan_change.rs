//! `POST /desk/briefs/{brief}`: an editor says to whom a brief goes, and whether clicks are counted.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reveille_model::Brief;
use reveille_store::{segments, sessions::Session};
use serde::Deserialize;

use super::{
    plan_edit::replace,
    plan_show::{Sent, find, page, path},
};
use crate::{Desk, PageError, Place, session::see_other};

#[derive(Debug, Deserialize)]
pub(crate) struct Posted {
    /// The mark of the plan that the page showed.
    #[serde(default)]
    of: String,
    #[serde(flatten)]
    wish: Wish,
}

/// What was asked for: one form of the page each.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub(crate) enum Wish {
    /// Editions go to this segment; to the whole list where it is empty.
    Audience {
        segment: String,
    },
    CountClicks,
    LeaveClicks,
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(slug): Path<String>,
    Form(Posted { of, wish }): Form<Posted>,
) -> Result<Response, PageError> {
    let stored = find(&desk, &slug).await?;
    if of != stored.mark()? {
        return meanwhile(&desk, &session, &slug, &wish).await;
    }
    let path = path(&stored.brief);
    let plan = match &wish {
        Wish::Audience { segment } => Brief {
            audience: (!segment.is_empty()).then(|| segment.clone()),
            ..stored.brief.clone()
        },
        // Of a brief for named readers none are; should it become public, its editors have not asked for it.
        Wish::CountClicks => Brief {
            clicks: stored.brief.is_public(),
            ..stored.brief.clone()
        },
        Wish::LeaveClicks => Brief {
            clicks: false,
            ..stored.brief.clone()
        },
    };
    if !holds_some(&desk, &plan).await? {
        return Err(PageError::Refused {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            what: "No such segment holds readers of this brief.",
            means: "Nothing was changed. It may have been forgotten since the page was loaded.",
            instead: Place::of_desk(&plan.name, &path),
        });
    }
    match replace(&desk, &stored, &of, &plan).await? {
        true => Ok(see_other(&path)),
        false => meanwhile(&desk, &session, &slug, &wish).await,
    }
}

/// The plan as it is by now, with what the person chose, since they did not see what they would have changed.
async fn meanwhile(desk: &Desk, session: &Session, slug: &str, wish: &Wish) -> Result<Response, PageError> {
    let sent = match wish {
        Wish::Audience { segment } => Sent::StaleAudience(segment),
        Wish::CountClicks | Wish::LeaveClicks => Sent::StaleAct,
    };
    let page = page(desk, session, &find(desk, slug).await?, Some(sent)).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Whether there is anybody to whom a brief can go by its plan.
async fn holds_some(desk: &Desk, plan: &Brief) -> Result<bool, PageError> {
    let Some(name) = &plan.audience else {
        return Ok(true);
    };
    let found = segments::find(&desk.store, name).await?;
    Ok(found.is_some_and(|stored| stored.segment.within(plan).is_some()))
}
