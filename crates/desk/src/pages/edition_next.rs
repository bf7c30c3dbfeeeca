//! `/desk/briefs/{brief}/next`: the next edition as the plan would make it of the stories that there are by now.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use reveille_model::{Brief, Edition, Section};
use reveille_store::sessions::Session;

use super::{Door, at_the_desk, edition_edit, plan_show::find};
use crate::{Desk, PageError, Refusal};

#[derive(Template)]
#[template(path = "edition_next.html")]
struct NextPage<'a> {
    brief: &'a Brief,
    composed: Result<Edition, Refusal>,
}

impl NextPage<'_> {
    /// How full a section is: "4 of 8 at most".
    fn filled(&self, section: &Section) -> String {
        let held = section.entries.len();
        let mut planned = self.brief.sections.iter();
        match planned.find(|plan| plan.name == section.name) {
            Some(plan) => format!("{held} of {} at most", plan.limit),
            None => held.to_string(),
        }
    }

    /// The sections of the plan that got nothing.
    fn empty<'e>(&'e self, edition: &'e Edition) -> Vec<&'e str> {
        let planned = self.brief.sections.iter().map(|plan| plan.name.as_str());
        let is_empty = |name: &&str| !edition.sections.iter().any(|section| section.name == *name);
        planned.filter(is_empty).collect()
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let stored = find(&desk, &slug).await?;
    let page = NextPage {
        brief: &stored.brief,
        composed: desk.editing.next(stored.id).await,
    };
    at_the_desk(Door::Briefs, "The plan, tried out", &session, &page)
}
