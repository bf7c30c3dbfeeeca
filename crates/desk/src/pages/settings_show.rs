//! `GET /settings/{token}`: what a reader has chosen. The link stands in every mail; whoever
//! is passed the mail sees no whole address here.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_model::{Brief, BriefId, Country, MailFormat, SubscriberState, Zone};
use reveille_store::{
    StoreError, View,
    briefs::{self, StoredBrief},
    subscribers::{self, Subscriber},
};

use super::{
    find_reader, framed,
    mailed::{At, Mailed},
    my_data_move::may_move,
    say_to,
    settings_change::Change,
};
use crate::{Desk, PageError, words::Say};

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings<'a> {
    reader: &'a Subscriber,
    say: Say,
    zones: Vec<String>,
    /// Today in the reader's zone: no pause ends before.
    today: String,
    /// The briefs that the reader may choose from.
    choices: Vec<Choice>,
    note: &'a Note,
    /// Whether they may have their mails sent elsewhere.
    may_move: bool,
    mailed: Mailed,
    counts_clicks: bool,
}

/// A brief, and the reader's row in it where they have one.
pub(super) struct Choice {
    pub(super) brief: Brief,
    pub(super) id: BriefId,
    pub(super) row: Option<Subscriber>,
}

impl Choice {
    pub(super) fn state(&self) -> Option<SubscriberState> {
        self.row.as_ref().map(|row| row.state)
    }

    /// Whether it asked for their confirmation and has none yet.
    pub(super) fn waits(&self) -> bool {
        self.state() == Some(SubscriberState::Pending)
    }

    pub(super) fn is_ticked(&self) -> bool {
        use SubscriberState::{Active, Paused, Pending};
        matches!(self.state(), Some(Active | Paused | Pending))
    }
}

/// What a reader may choose from: every public brief, and those for named readers that they are one of.
pub(super) async fn choices(
    view: impl Into<View<'_>>,
    reader: &Subscriber,
) -> Result<Vec<Choice>, StoreError> {
    let mut view = view.into();
    let mut rows = subscribers::list_by_email(&mut view, &reader.email).await?;
    let mut choices = Vec::new();
    for stored in briefs::list(&mut view).await? {
        let at = rows.iter().position(|row| row.brief == stored.id);
        let choice = Choice {
            row: at.map(|at| rows.swap_remove(at)),
            id: stored.id,
            brief: stored.brief,
        };
        if choice.brief.is_public() || choice.is_ticked() {
            choices.push(choice);
        }
    }
    Ok(choices)
}

/// What a change came to.
#[derive(Debug)]
pub(super) enum Note {
    /// There was none.
    None,
    Saved(&'static str),
    Refused {
        text: String,
        /// Where the fault is, if it is in one field.
        field: Option<&'static str>,
        change: Change,
    },
}

impl Settings<'_> {
    /// The change that was not made.
    fn refused(&self) -> Option<&Change> {
        match self.note {
            Note::Refused { change, .. } => Some(change),
            Note::None | Note::Saved(_) => None,
        }
    }

    /// What is wrong in a field.
    fn fault(&self, name: &str) -> Option<&str> {
        match self.note {
            Note::Refused { text, field, .. } if *field == Some(name) => Some(text),
            _ => None,
        }
    }

    fn country(&self) -> &str {
        match self.refused() {
            Some(Change::Home { country, .. }) => country,
            _ => self.reader.home.country.map_or("", Country::code),
        }
    }

    fn zone(&self) -> &str {
        match self.refused() {
            Some(Change::Home { zone, .. }) => zone,
            _ => self.reader.home.zone.name(),
        }
    }

    fn until(&self) -> &str {
        match self.refused() {
            Some(Change::Pause { until }) => until,
            _ => "",
        }
    }

    fn is_paused(&self) -> bool {
        self.reader.state == SubscriberState::Paused
    }

    fn gets_mail(&self) -> bool {
        self.reader.state.is_listed()
    }

    fn wants_html(&self) -> bool {
        self.reader.format == MailFormat::Html
    }

    /// The end of a pause in words.
    fn paused_until(&self) -> String {
        self.reader
            .pauses_until()
            .map(|day| self.say.w.dates().long(&day))
            .unwrap_or_default()
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (reader, stored) = find_reader(&desk.store, &token).await?;
    rendered(&desk, &stored, &reader, &Note::None).await
}

pub(super) async fn rendered(
    desk: &Desk,
    stored: &StoredBrief,
    reader: &Subscriber,
    note: &Note,
) -> Result<Response, PageError> {
    let brief = &stored.brief;
    let say = say_to(brief, reader);
    let page = Settings {
        reader,
        say: say.clone(),
        zones: Zone::names(),
        today: desk.clock.now().day(&reader.home.zone).to_string(),
        choices: choices(&desk.store, reader).await?,
        note,
        may_move: may_move(reader, stored),
        mailed: Mailed::of(desk, brief, reader).await?,
        counts_clicks: brief.counts_clicks(),
    };
    let words = &say.w.settings;
    let title = match note {
        Note::Refused { .. } => &words.not_saved_title,
        Note::None | Note::Saved(_) => &words.title,
    };
    framed(title, brief, &page)
}
