//! `POST /desk/briefs/{brief}/sections`: an editor moves a section of a brief by one place.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reveille_brief::Way;
use reveille_store::sessions::Session;

use super::{
    plan_edit::replace,
    plan_fields,
    plan_show::{Sent, find, page, path},
    section_fields::{SECTION, place},
};
use crate::{Desk, PageError, session::see_other};

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(slug): Path<String>,
    Form(sent): Form<plan_fields::Form>,
) -> Result<Response, PageError> {
    let stored = find(&desk, &slug).await?;
    let way = match sent.get("act").map(String::as_str) {
        Some("up") => Way::Up,
        _ => Way::Down,
    };
    let of = sent.get("of").map_or("", String::as_str);
    let mut plan = stored.brief.clone();
    if let Some(at) = place(&plan, &sent) {
        let last = plan.sections.len() - 1;
        let to = match way {
            Way::Up => at.saturating_sub(1),
            Way::Down => (at + 1).min(last),
        };
        plan.sections.swap(at, to);
        if replace(&desk, &stored, of, &plan).await? {
            return Ok(see_other(&format!("{}#{SECTION}{to}", path(&plan))));
        }
    }
    meanwhile(&desk, &session, &slug).await
}

/// The plan as it is by now, since the person did not see what they would have changed.
pub(super) async fn meanwhile(desk: &Desk, session: &Session, slug: &str) -> Result<Response, PageError> {
    let page = page(desk, session, &find(desk, slug).await?, Some(Sent::StaleAct)).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}
