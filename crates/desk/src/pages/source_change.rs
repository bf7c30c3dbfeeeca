//! `/desk/sources/{source}`: an editor has a source asked at once, pauses it or resumes it.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use reveille_model::SourceState;
use reveille_store::sources;
use serde::Deserialize;

use super::source_show::find;
use crate::{Desk, PageError, session::see_other};

/// A source is asked at most once in so many milliseconds, however often the button is pressed.
const GAP_MILLIS: i64 = 60_000;

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    act: Act,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    Check,
    Pause,
    Resume,
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let source = find(&desk, &id).await?;
    let now = desk.clock.now();
    let mut tx = desk.store.begin().await?;
    match wish.act {
        Act::Check => {
            let soonest = source.last_fetch_at.map(|last| last.plus(GAP_MILLIS));
            let at = soonest.map_or(now, |soonest| soonest.max(now));
            sources::set_due(&mut tx, source.id, at).await?;
        }
        Act::Pause => drop(sources::set_state(&mut tx, source.id, SourceState::Paused).await?),
        Act::Resume => drop(sources::resume(&mut tx, source.id, now).await?),
    }
    tx.commit().await?;
    Ok(see_other(&format!("/desk/sources/{}", source.id)))
}
