//! `GET /{brief}`: what the brief is, its editions, and the sign-up form.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_model::{Brief, Country};
use reveille_store::briefs::StoredBrief;

use super::{find_brief, framed};
use crate::{Desk, PageError};

/// Editions that are listed.
const EDITIONS: u32 = 14;

/// What was typed into the form, kept where it has to be shown again, with the faults beside their fields.
#[derive(Debug, Default)]
pub(crate) struct SignUpForm {
    pub(crate) email: String,
    pub(crate) country: String,
    pub(crate) zone: String,
    pub(crate) email_fault: Option<String>,
    pub(crate) country_fault: Option<String>,
}

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
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let brief = find_brief(&desk.store, &slug).await?;
    render(&desk, &brief, &SignUpForm::default()).await
}

pub(crate) async fn render(
    desk: &Desk,
    stored: &StoredBrief,
    form: &SignUpForm,
) -> Result<Response, PageError> {
    let all = reveille_store::editions::list(&desk.store, stored.id, EDITIONS).await?;
    let editions = all
        .iter()
        .filter(|edition| !edition.state.is_open())
        .map(|edition| EditionLine {
            day: edition.edition.day.to_string(),
            words: edition.edition.day.long(),
            headline: edition
                .edition
                .entries()
                .next()
                .map(|entry| entry.headline.clone())
                .unwrap_or_default(),
        })
        .collect();
    let brief = &stored.brief;
    let countries = Country::all();
    let page = BriefPage {
        brief,
        editions,
        countries: &countries,
        form,
    };
    framed(&brief.name, (&brief.name, &format!("/{}", brief.slug)), &page)
}
