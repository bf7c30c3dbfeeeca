//! `/desk/editions/{edition}/preview/{form}`: an edition as its readers would get it, before any does.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use reveille_brief::render::{self, Links};
use reveille_model::Edition;
use reveille_store::briefs;
use serde::Deserialize;

use super::{edition_edit::find, edition_print};
use crate::{
    Desk, PageError,
    page::{Shell, page},
    words::Words,
};

/// A mail brings its style along. In turn nothing of it runs, is sent or is framed.
const MAIL_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'; base-uri 'none'";

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    Mail,
    Text,
    Pdf,
    Web,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path((edition, form)): Path<(String, Form)>,
) -> Result<Response, PageError> {
    let stored = find(&desk.store, &edition).await?.stored;
    let counts_clicks = briefs::find(&desk.store, stored.brief)
        .await?
        .is_some_and(|brief| brief.brief.clicks);
    let edition = stored.edition;
    Ok(match form {
        Form::Mail => {
            let links = links(&desk, &edition, counts_clicks);
            let mut mail = Html(render::html_mail(&edition, &links, &desk.templates)?).into_response();
            let policy = HeaderValue::from_static(MAIL_POLICY);
            mail.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            mail
        }
        Form::Text => render::text_mail(&edition, &links(&desk, &edition, counts_clicks)).into_response(),
        Form::Pdf => edition_print::set(&desk, edition).await?,
        Form::Web => {
            let (title, words) = (edition.name.clone(), Words::of(&edition.language));
            let body = render::web(&edition, &desk.templates)?;
            let back = ("Desk", &*format!("/desk/editions/{}", stored.id));
            page(&Shell::spoken(words, &title, back, &body))
        }
    })
}

/// The foot of a mail that no reader gets: where theirs differs from one to the next, it leads to the brief.
fn links(desk: &Desk, edition: &Edition, counts_clicks: bool) -> Links {
    let brief = desk.absolute(&format!("/{}", edition.slug));
    Links {
        edition: format!("{brief}/{}", edition.day),
        unsubscribe: brief.clone(),
        settings: brief.clone(),
        tips: edition.tips.as_ref().map(ToString::to_string).unwrap_or_default(),
        identity: desk.imprint.identity.clone(),
        missed: Vec::new(),
        counts_clicks,
        brief,
    }
}
