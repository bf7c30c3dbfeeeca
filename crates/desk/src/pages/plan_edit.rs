//! `POST /desk/briefs/{brief}/plan`: an editor saves the fields of one part of a brief's plan, or adds a section.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reveille_model::Brief;
use reveille_store::{
    briefs::{self, StoredBrief},
    sessions::Session,
};

use super::{
    plan_fields::{self, Part},
    plan_show::{Sent, find, page, path},
    section_fields,
};
use crate::{Desk, PageError, Place, session::see_other};

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(slug): Path<String>,
    Form(sent): Form<plan_fields::Form>,
) -> Result<Response, PageError> {
    let stored = find(&desk, &slug).await?;
    let mut plan = stored.brief.clone();
    let part = plan_fields::take(&mut plan, &sent).ok_or_else(|| no_such_part(&stored))?;
    let of = sent.get("of").map_or("", String::as_str);
    if of == stored.mark()? && part.has_faults() {
        let page = page(&desk, &session, &stored, Some(Sent::Faulty(part))).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    if replace(&desk, &stored, of, &plan).await? {
        let place = place(&plan, &part);
        return Ok(see_other(&format!("{}#{place}", path(&stored.brief))));
    }
    // The plan as it is by now, with the part as it was sent, since the person did not see what they would have changed.
    let now = find(&desk, &slug).await?;
    let part = plan_fields::take(&mut now.brief.clone(), &sent).ok_or_else(|| no_such_part(&now))?;
    let page = page(&desk, &session, &now, Some(Sent::Stale(part))).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Has a brief be as this plan says, where that was made of the plan with this mark, and nobody changed it meanwhile. `false`:
/// nothing was changed.
pub(super) async fn replace(
    desk: &Desk,
    stored: &StoredBrief,
    of: &str,
    plan: &Brief,
) -> Result<bool, PageError> {
    if of != stored.mark()? {
        return Ok(false);
    }
    let mut tx = desk.store.begin().await?;
    let replaced = briefs::update(&mut tx, stored.id, &stored.brief, plan, desk.clock.now()).await?;
    if replaced {
        tx.commit().await?;
    }
    Ok(replaced)
}

/// Where in the page a part stands that was saved.
fn place(plan: &Brief, part: &Part) -> String {
    match part.id.as_str() {
        section_fields::NEW => section_fields::place_of_new(plan, part),
        id => id.to_owned(),
    }
}

fn no_such_part(stored: &StoredBrief) -> PageError {
    PageError::Refused {
        status: StatusCode::CONFLICT,
        what: "A plan has no such part.",
        means: "Nothing was saved. Load the page anew and change it there.",
        instead: Place::of_desk(&stored.brief.name, &path(&stored.brief)),
    }
}
