//! `/desk/briefs/{brief}/sections/{section}/remove`: an editor takes a section out of a brief, after a question.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{Brief, SectionPlan};
use reveille_store::sessions::Session;

use super::{
    Door, at_the_desk,
    plan_edit::replace,
    plan_fields,
    plan_show::{find, path},
    section_fields::{in_a_line, place},
    section_move::meanwhile,
};
use crate::{Desk, PageError, Place, session::see_other};

#[derive(Template)]
#[template(path = "section_remove.html")]
struct Question<'a> {
    brief: &'a Brief,
    /// What tells this plan from others.
    mark: String,
    at: usize,
    section: &'a SectionPlan,
    /// What the section takes.
    takes: String,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((slug, at)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let stored = find(&desk, &slug).await?;
    let brief = &stored.brief;
    let gone = || PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such section.",
        means: "Somebody removed it meanwhile, perhaps.",
        instead: Place::of_desk(&brief.name, &path(brief)),
    };
    let at: usize = at.parse().map_err(|_| gone())?;
    let section = brief.sections.get(at).ok_or_else(gone)?;
    let question = Question {
        brief,
        mark: stored.mark()?,
        at,
        section,
        takes: in_a_line(section),
    };
    at_the_desk(Door::Briefs, "Remove a section", &session, &question)
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((slug, _)): Path<(String, String)>,
    Form(sent): Form<plan_fields::Form>,
) -> Result<Response, PageError> {
    let stored = find(&desk, &slug).await?;
    let of = sent.get("of").map_or("", String::as_str);
    let mut plan = stored.brief.clone();
    if let Some(at) = place(&plan, &sent) {
        plan.sections.remove(at);
        if replace(&desk, &stored, of, &plan).await? {
            return Ok(see_other(&format!("{}#sections", path(&plan))));
        }
    }
    meanwhile(&desk, &session, &slug).await
}
