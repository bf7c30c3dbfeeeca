//! `GET /{brief}`: what the brief is, its editions, and the sign-up form.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_model::Brief;
use reveille_store::{
    Store, StoreError,
    briefs::{self, StoredBrief},
    editions::{self, Line},
};

use super::{body_of, find_brief, kept, path_of};
use crate::{
    Desk, Imprint, PageError,
    fresh::Passing,
    page::{About, Shell, page},
    sign_up_form::{Faults, SignUpForm},
    stamp,
    words::Say,
};

/// Editions that are listed.
const EDITIONS: u32 = 14;

#[derive(Template)]
#[template(path = "brief.html")]
struct BriefPage<'a> {
    brief: &'a Brief,
    /// Other briefs that can be asked for by the same form.
    others: Vec<StoredBrief>,
    imprint: &'a Imprint,
    editions: Vec<Line>,
    say: Say,
    form: &'a SignUpForm,
    faults: &'a Faults,
    /// The form's stamp.
    shown: &'a str,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let brief = find_brief(&desk.store, &slug).await?;
    let blank = render(&desk, &brief, &SignUpForm::default(), &Faults::default()).await?;
    Ok(kept(blank, "public, max-age=60"))
}

/// The briefs that the form of one brief offers beside it.
pub(super) async fn offered_beside(
    store: &Store,
    stored: &StoredBrief,
) -> Result<Vec<StoredBrief>, StoreError> {
    let mut others = briefs::list(store).await?;
    others.retain(|other| other.id != stored.id && other.brief.is_public());
    Ok(others)
}

/// The page with the form as it was sent, and what is wrong with it.
pub(crate) async fn render(
    desk: &Desk,
    stored: &StoredBrief,
    form: &SignUpForm,
    faults: &Faults,
) -> Result<Response, PageError> {
    let brief = &stored.brief;
    let say = Say::of_brief(brief);
    let stamp = stamp::make(&desk.secret, &brief.slug, desk.clock.now());
    let body = body_of(&BriefPage {
        brief,
        others: offered_beside(&desk.store, stored).await?,
        imprint: &desk.imprint,
        editions: editions::released_lines(&desk.store, stored.id, None, EDITIONS).await?,
        say: say.clone(),
        form,
        faults,
        shown: &stamp,
    })?;
    let title = if faults.any() {
        say.plain(&say.w.sign_up.not_sent_title)
    } else {
        brief.name.clone()
    };
    let path = path_of(brief);
    let about = About {
        url: &desk.absolute(&path),
        kind: "website",
        title: &brief.name,
        description: &brief.description,
        site: &brief.name,
        feeds: &path,
    };
    // The brief's name is the heading; above it stands the way to the others.
    let shell = Shell {
        about: Some(&about),
        ..Shell::spoken(say.w, &title, ("Reveille", "/"), &body)
    };
    let mut page = page(&shell);
    page.extensions_mut().insert(Passing(stamp));
    Ok(page)
}
