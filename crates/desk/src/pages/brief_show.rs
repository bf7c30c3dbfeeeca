//! `GET /{brief}`: what the brief is, its editions, and the sign-up form.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_model::{Brief, Country};
use reveille_store::{briefs::StoredBrief, editions};

use super::{body_of, find_brief, kept};
use crate::{
    Desk, PageError,
    page::{Shell, page},
    sign_up_form::{Faults, SignUpForm},
};

/// Editions that are listed.
const EDITIONS: u32 = 14;

/// One edition in the list: its day in the address and in words, its first headline.
struct EditionLine {
    day: String,
    words: String,
    headline: String,
}

#[derive(Template)]
#[template(path = "brief.html")]
struct BriefPage<'a> {
    brief: &'a Brief,
    editions: Vec<EditionLine>,
    countries: &'a [Country],
    form: &'a SignUpForm,
    faults: &'a Faults,
    /// In milliseconds: a form that comes back in no time is no person's.
    shown: i64,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let brief = find_brief(&desk.store, &slug).await?;
    let blank = render(&desk, &brief, &SignUpForm::default(), &Faults::default()).await?;
    Ok(kept(blank, "public, max-age=60"))
}

/// The page with the form as it was sent, and what is wrong with it.
pub(crate) async fn render(
    desk: &Desk,
    stored: &StoredBrief,
    form: &SignUpForm,
    faults: &Faults,
) -> Result<Response, PageError> {
    let brief = &stored.brief;
    let body = body_of(&BriefPage {
        brief,
        editions: released(desk, stored).await?,
        countries: Country::all(),
        form,
        faults,
        shown: desk.clock.now().0,
    })?;
    let title = if faults.any() {
        format!("Not sent: {}", brief.name)
    } else {
        brief.name.clone()
    };
    // The brief's name is the heading; above it stands the way to the others.
    Ok(page(&Shell::new(&title, ("Reveille", "/"), &body)))
}

/// The newest editions that the public may see.
async fn released(desk: &Desk, stored: &StoredBrief) -> Result<Vec<EditionLine>, PageError> {
    let all = editions::list(&desk.store, stored.id, EDITIONS).await?;
    let released = all.iter().filter(|stored| !stored.state.is_open());
    let line = |stored: &editions::StoredEdition| EditionLine {
        day: stored.edition.day.to_string(),
        words: stored.edition.day.long(),
        headline: stored
            .edition
            .entries()
            .next()
            .map(|entry| entry.headline.clone())
            .unwrap_or_default(),
    };
    Ok(released.map(line).collect())
}
