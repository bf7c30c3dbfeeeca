//! `POST /settings/{token}`: a reader changes where they live or the form of their mails, pauses, goes on, or asks for a
//! link to their data or to another address.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{
    Consent, ConsentKind, Country, Home, LinkPurpose, Means, SubscriberId, Zone, ZoneOrigin,
};
use reveille_store::{
    ReaderMail, Tx,
    briefs::StoredBrief,
    confirmations,
    subscribers::{self, Subscriber},
};
use serde::Deserialize;

use super::{
    find_reader,
    my_data_move::may_move,
    queue_mail,
    settings_show::{Note, choices, rendered},
    sign_up::ask,
};
use crate::{
    Desk, PageError,
    once_more::once_more,
    reader_change::ReaderChange,
    sign_up_form::Asked,
    visitor::Visitor,
    words::{Say, Words},
};

/// A second link for the same is mailed after ten minutes at the earliest, in milliseconds: whoever was passed a mail must
/// not flood its reader …
const LINK_PAUSE_MILLIS: i64 = 600_000;
/// … and of all links together so many go to an address …
const MOST_LINKS: u64 = 6;
/// … within a day, in milliseconds.
const LINKS_WITHIN_MILLIS: i64 = 86_400_000;

/// What was asked for: one form of the page each.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub(crate) enum Change {
    Home {
        country: String,
        zone: String,
    },
    Format {
        format: String,
    },
    Pause {
        until: String,
    },
    Resume,
    /// The ticked boxes, as `brief-` and the short name, and those that the page showed ticked, as `had-` and that.
    Briefs {
        #[serde(flatten)]
        boxes: BTreeMap<String, String>,
    },
    Download,
    Erase,
    Move,
}

impl Change {
    /// The field of the page in which its fault is, where it has one that can be filled in wrongly.
    pub(super) const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Home { .. } => Some("zone"),
            Self::Pause { .. } => Some("until"),
            Self::Format { .. }
            | Self::Resume
            | Self::Briefs { .. }
            | Self::Download
            | Self::Erase
            | Self::Move => None,
        }
    }
}

/// A change that can be made.
enum Wanted {
    Here(ReaderChange),
    Briefs(Ticked),
    Link(LinkPurpose),
}

/// Briefs by their short names.
struct Ticked {
    /// When the page was shown.
    before: BTreeSet<String>,
    /// When it was sent.
    now: BTreeSet<String>,
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(change): Form<Change>,
) -> Result<Response, PageError> {
    let (reader, stored) = find_reader(&desk.store, &token).await?;
    let note = match read(&desk, (&reader, &stored), &change) {
        Ok(wanted) => once_more(|| make(&desk, (&reader, &stored), &wanted, &visitor)).await?,
        Err(fault) => return refused(&desk, (&reader, &stored), fault, change).await,
    };
    let (reader, stored) = find_reader(&desk.store, &token).await?;
    rendered(&desk, &stored, &reader, &Note::Saved(note)).await
}

/// The page once more, with what was typed and what is wrong with it.
async fn refused(
    desk: &Desk,
    (reader, stored): (&Subscriber, &StoredBrief),
    text: String,
    change: Change,
) -> Result<Response, PageError> {
    let note = Note::Refused {
        text,
        field: change.field(),
        change,
    };
    let mut page = rendered(desk, stored, reader, &note).await?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// What the form asks for, or what is wrong with what was typed.
fn read(
    desk: &Desk,
    (reader, stored): (&Subscriber, &StoredBrief),
    change: &Change,
) -> Result<Wanted, String> {
    let say = Say::of_brief(&stored.brief);
    let words = &say.w.settings;
    match change {
        Change::Home { country, zone } => {
            let zone: Zone = zone
                .trim()
                .parse()
                .map_err(|_| say.and("given", zone).plain(&words.no_zone))?;
            let country = Country::from_code(country).map_or("", Country::code);
            // A zone that the reader left as it was is not their choice.
            let origin = if zone == reader.home.zone {
                reader.home.zone_origin
            } else {
                ZoneOrigin::Reader
            };
            let chosen = Home::of(country, Some((zone, origin)), &stored.brief.zone);
            Ok(Wanted::Here(ReaderChange::Home(if country.is_empty() {
                Home {
                    country: reader.home.country,
                    country_given: reader.home.country_given.clone(),
                    ..chosen
                }
            } else {
                chosen
            })))
        }
        Change::Pause { until } => {
            let pause = ReaderChange::pause(desk, reader, until).map(Wanted::Here);
            pause.ok_or_else(|| words.no_day.clone())
        }
        Change::Format { format } => {
            let format = format.parse().map_err(|_| words.no_format.clone())?;
            Ok(Wanted::Here(ReaderChange::Format(format)))
        }
        Change::Resume => Ok(Wanted::Here(ReaderChange::Resume)),
        Change::Briefs { boxes } => {
            let slugs = |prefix| {
                let names = boxes.keys().filter_map(move |name| name.strip_prefix(prefix));
                names.map(str::to_owned).collect()
            };
            Ok(Wanted::Briefs(Ticked {
                before: slugs("had-"),
                now: slugs("brief-"),
            }))
        }
        Change::Download => Ok(Wanted::Link(LinkPurpose::Download)),
        Change::Erase => Ok(Wanted::Link(LinkPurpose::Erase)),
        Change::Move if may_move(reader, stored) => Ok(Wanted::Link(LinkPurpose::Move)),
        // The page has no button for it then.
        Change::Move => Err(words.nothing.clone()),
    }
}

/// Makes the change and records who asked for it. Gives back what to tell the reader.
async fn make(
    desk: &Desk,
    (reader, stored): (&Subscriber, &StoredBrief),
    wanted: &Wanted,
    visitor: &Visitor,
) -> Result<&'static str, PageError> {
    let words = &Words::of(&stored.brief.language).settings;
    // The record is shown to others: it must not hold what the link carries.
    let means = || Means::Link(visitor.clone().visit(desk, "/settings"));
    let mut tx = desk.store.begin().await?;
    let told: &String = match wanted {
        Wanted::Here(change) => {
            let done = change.make(&mut tx, desk, reader, means()).await?;
            match (change, done) {
                (ReaderChange::Home(_) | ReaderChange::Format(_), true) => &words.saved,
                (ReaderChange::Home(_) | ReaderChange::Format(_), false) => &words.nothing,
                (ReaderChange::Pause(_), true) => &words.is_paused,
                (ReaderChange::Pause(_), false) => &words.none_sent,
                (ReaderChange::Resume, _) => &words.resumed,
            }
        }
        Wanted::Link(purpose) => match ask_link(&mut tx, desk, reader.id, *purpose).await? {
            true => &words.link_mailed,
            false => &words.enough_links,
        },
        Wanted::Briefs(ticked) => {
            choose(&mut tx, desk, reader, ticked, means).await?;
            &words.briefs_saved
        }
    };
    tx.commit().await?;
    Ok(told)
}

/// The reader gets the ticked briefs, and of those that the page showed ticked no others: what came meanwhile stays. Whoever was
/// passed a mail can tick a box, so that a brief that is new to the reader is only asked for: it comes once they confirm.
async fn choose(
    tx: &mut Tx,
    desk: &Desk,
    reader: &Subscriber,
    ticked: &Ticked,
    means: impl Fn() -> Means,
) -> Result<(), PageError> {
    let choices = choices(&mut *tx, reader).await?;
    let mut wanted = Vec::new();
    for choice in &choices {
        let slug = choice.brief.slug.as_str();
        let is_wanted = ticked.now.contains(slug);
        match &choice.row {
            Some(row) if choice.is_ticked() && !is_wanted && ticked.before.contains(slug) => {
                let consent = Consent {
                    kind: ConsentKind::Left,
                    at: desk.clock.now(),
                    sentence: "left by their own act".to_owned(),
                    means: means(),
                };
                subscribers::leave(tx, &row.token, &consent).await?;
            }
            _ if is_wanted && !choice.is_ticked() => {
                wanted.push((choice.id, &choice.brief));
            }
            _ => {}
        }
    }
    let asked = Asked {
        email: reader.email.clone(),
        home: reader.home.clone(),
    };
    ask(tx, desk, &wanted, &asked, &means()).await
}

/// Has a link mailed to the reader, unless one was just now. `false`: enough were mailed to their address.
async fn ask_link(
    tx: &mut Tx,
    desk: &Desk,
    reader: SubscriberId,
    purpose: LinkPurpose,
) -> Result<bool, PageError> {
    let now = desk.clock.now();
    if confirmations::any_since(tx, reader, purpose, now.plus(-LINK_PAUSE_MILLIS)).await? {
        return Ok(true);
    }
    if confirmations::count_to_address(tx, reader, now.plus(-LINKS_WITHIN_MILLIS)).await? >= MOST_LINKS {
        return Ok(false);
    }
    queue_mail(tx, desk, ReaderMail::DataLink { reader, purpose }).await?;
    Ok(true)
}
