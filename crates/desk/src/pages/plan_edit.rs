//! `POST /desk/briefs/{brief}/plan`: an editor saves the fields of one part of a brief's plan.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reveille_store::{briefs, sessions::Session};

use super::{
    plan_fields::{self, Part},
    plan_show::{Sent, find, page},
};
use crate::{Desk, PageError, Place, session::see_other};

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(slug): Path<String>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Response, PageError> {
    let stored = find(&desk, &slug).await?;
    let is_stale = sent.get("of") != Some(&stored.mark()?);
    let path = format!("/desk/briefs/{}", stored.brief.slug);
    let id = sent.get("part").map_or("", String::as_str);
    let mut plan = stored.brief.clone();
    match plan_fields::take(&mut plan, id, &sent) {
        None => Err(PageError::Refused {
            status: StatusCode::CONFLICT,
            what: "The plan has changed since the page was loaded.",
            means: "Nothing was saved. Load the page anew and change it there.",
            instead: Place::of_desk(&plan.name, &path),
        }),
        Some(Err(part)) if is_stale => meanwhile(&desk, &session, &slug, part).await,
        Some(Err(faulty)) => {
            let page = page(&desk, &session, &stored, Some(Sent::Faulty(faulty))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Some(Ok(())) => {
            let mut tx = desk.store.begin().await?;
            if is_stale || !briefs::update(&mut tx, stored.id, &stored.brief, &plan).await? {
                drop(tx);
                let mut parts = plan_fields::parts(&plan);
                parts.retain(|part| part.id == id);
                return meanwhile(&desk, &session, &slug, parts.remove(0)).await;
            }
            tx.commit().await?;
            Ok(see_other(&format!("{path}#{id}")))
        }
    }
}

/// The plan as it is by now, with the part as it was sent, since the person did not see what they would have changed.
async fn meanwhile(desk: &Desk, session: &Session, slug: &str, part: Part) -> Result<Response, PageError> {
    let page = page(desk, session, &find(desk, slug).await?, Some(Sent::Stale(part))).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}
