//! `GET /settings/{token}`: what a reader has chosen. The link stands in every mail; whoever
//! is passed the mail sees no whole address here.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_model::{Brief, Country, Day, MailFormat, SubscriberState, Zone};
use reveille_store::subscribers::Subscriber;

use super::{find_reader, framed};
use crate::{Desk, PageError};

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings<'a> {
    brief: &'a Brief,
    reader: &'a Subscriber,
    email: String,
    /// What is selected.
    country: &'a str,
    zone: &'a str,
    countries: &'a [Country],
    zones: Vec<String>,
    /// Today in the reader's zone: no pause ends before.
    today: String,
    note: &'a Note,
}

/// What a change came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Note {
    /// There was none.
    #[default]
    None,
    Saved(&'static str),
    Refused(String),
}

impl Settings<'_> {
    fn is_paused(&self) -> bool {
        self.reader.state == SubscriberState::Paused
    }

    fn gets_mail(&self) -> bool {
        matches!(
            self.reader.state,
            SubscriberState::Active | SubscriberState::Paused
        )
    }

    fn wants_html(&self) -> bool {
        self.reader.format == MailFormat::Html
    }

    /// The end of a pause in words.
    fn paused_until(&self) -> String {
        self.reader.paused_until.map(Day::long).unwrap_or_default()
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (reader, stored) = find_reader(&desk.store, &token).await?;
    rendered(&desk, &stored.brief, &reader, &Note::None)
}

pub(super) fn rendered(
    desk: &Desk,
    brief: &Brief,
    reader: &Subscriber,
    note: &Note,
) -> Result<Response, PageError> {
    let page = Settings {
        brief,
        reader,
        email: reader.email.masked(),
        country: reader.home.country.map_or("", Country::code),
        zone: reader.home.zone.name(),
        countries: Country::all(),
        zones: Zone::names(),
        today: desk.clock.now().day(&reader.home.zone).to_string(),
        note,
    };
    framed("Your settings", brief, &page)
}
