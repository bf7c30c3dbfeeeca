//! `POST /settings/{token}`: a reader changes where they live or the form of their mails, pauses, goes on, or asks for a
//! link to their data.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{
    Consent, ConsentKind, Country, Day, Home, LinkPurpose, MailFormat, Means, SubscriberId, Zone, ZoneOrigin,
};
use reveille_store::{
    Tx,
    briefs::StoredBrief,
    confirmations, consents,
    jobs::{self, NewJob},
    subscribers::{self, Subscriber},
};
use serde::Deserialize;

use super::{
    find_reader,
    settings_show::{Note, rendered},
};
use crate::{DATA_LINK_JOB, Desk, PageError, visitor::Visitor};

/// A second link to the reader's data is mailed after ten minutes at the earliest, in milliseconds: whoever was passed a
/// mail must not flood them.
const LINK_PAUSE_MILLIS: i64 = 600_000;

/// What was asked for: one form of the page each.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub(crate) enum Change {
    Home { country: String, zone: String },
    Format { format: String },
    Pause { until: String },
    Resume,
    Download,
    Erase,
}

/// A change that can be made.
enum Wanted {
    Home(Home),
    Format(MailFormat),
    Pause(Day),
    Resume,
    Link(LinkPurpose),
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(change): Form<Change>,
) -> Result<Response, PageError> {
    let (reader, stored) = find_reader(&desk.store, &token).await?;
    let wanted = match read(&desk, &reader, &stored, &change) {
        Ok(wanted) => wanted,
        Err(fault) => {
            let mut page = rendered(&desk, &stored.brief, &reader, &Note::Refused(fault))?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(page);
        }
    };
    let note = make(&desk, &reader, wanted, visitor).await?;
    let (reader, stored) = find_reader(&desk.store, &token).await?;
    rendered(&desk, &stored.brief, &reader, &Note::Saved(note))
}

fn read(desk: &Desk, reader: &Subscriber, stored: &StoredBrief, change: &Change) -> Result<Wanted, String> {
    match change {
        Change::Home { country, zone } => {
            let zone: Zone = zone.trim().parse().map_err(|_| {
                format!("“{zone}” is no time zone. Take one of the list, such as Europe/Berlin.")
            })?;
            let country = Country::from_code(country).map_or("", Country::code);
            // A zone that the reader left as it was is not their choice.
            let origin = if zone == reader.home.zone {
                reader.home.zone_origin
            } else {
                ZoneOrigin::Reader
            };
            let chosen = Home::of(country, Some((zone, origin)), &stored.brief.zone);
            Ok(Wanted::Home(if country.is_empty() {
                Home {
                    country: reader.home.country,
                    country_given: reader.home.country_given.clone(),
                    ..chosen
                }
            } else {
                chosen
            }))
        }
        Change::Pause { until } => {
            let today = desk.clock.now().day(&reader.home.zone);
            match until.parse::<Day>() {
                Ok(day) if day > today => Ok(Wanted::Pause(day)),
                _ => Err(
                    "Pick the day of the first edition that you want again, tomorrow at the earliest."
                        .to_owned(),
                ),
            }
        }
        Change::Format { format } => {
            let format = format
                .parse()
                .map_err(|_| "Pick one of the two forms.".to_owned())?;
            Ok(Wanted::Format(format))
        }
        Change::Resume => Ok(Wanted::Resume),
        Change::Download => Ok(Wanted::Link(LinkPurpose::Download)),
        Change::Erase => Ok(Wanted::Link(LinkPurpose::Erase)),
    }
}

/// Makes the change and records who asked for it. Gives back what to tell the reader.
async fn make(
    desk: &Desk,
    reader: &Subscriber,
    wanted: Wanted,
    visitor: Visitor,
) -> Result<&'static str, PageError> {
    let consent = |sentence: String| Consent {
        kind: ConsentKind::Changed,
        at: desk.clock.now(),
        sentence,
        // The record is shown to others: it must not hold what the link carries.
        means: Means::Link(visitor.visit(desk, "/settings")),
    };
    let mut tx = desk.store.begin().await?;
    let told = match wanted {
        Wanted::Home(home) if home == reader.home => "Nothing was changed.",
        Wanted::Home(home) => {
            subscribers::set_home(&mut tx, reader.id, &home).await?;
            let line = consent(format!("{} became {home}", reader.home));
            consents::insert(&mut tx, reader.id, &line).await?;
            "Saved. It holds from the next edition on."
        }
        Wanted::Pause(day) => {
            let line = consent(format!("no edition before {day}"));
            if subscribers::pause(&mut tx, reader.id, day, &line).await? {
                "Paused."
            } else {
                "Nothing was changed: nothing is sent to you now."
            }
        }
        Wanted::Format(format) => {
            let line = consent(format!("mails as {format}"));
            if subscribers::set_format(&mut tx, reader.id, format, &line).await? {
                "Saved. It holds from the next edition on."
            } else {
                "Nothing was changed."
            }
        }
        Wanted::Link(purpose) => {
            ask_link(&mut tx, desk, reader.id, purpose).await?;
            "We mail a link to your address, good for one day. No mail after a few minutes? Ask again after ten."
        }
        Wanted::Resume => {
            let line = consent("every edition again".to_owned());
            subscribers::resume(&mut tx, reader.id, &line).await?;
            "You get every edition again."
        }
    };
    tx.commit().await?;
    Ok(told)
}

/// Has a link mailed to the reader, unless one was just now.
async fn ask_link(tx: &mut Tx, desk: &Desk, id: SubscriberId, purpose: LinkPurpose) -> Result<(), PageError> {
    let now = desk.clock.now();
    if confirmations::any_since(tx, id, purpose, now.plus(-LINK_PAUSE_MILLIS)).await? {
        return Ok(());
    }
    let job = NewJob {
        kind: DATA_LINK_JOB,
        key: format!("{id}@{purpose}"),
        lane: String::new(),
        run_at: now,
    };
    jobs::insert(tx, &job, now).await?;
    Ok(())
}
