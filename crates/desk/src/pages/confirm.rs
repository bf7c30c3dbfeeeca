//! `/confirm/{token}`: the second half of the double opt-in.
//!
//! The mailed link only shows a button: mail scanners follow links, and a scanner's visit is no consent. The button
//! uses the link up. It sends the sentence along that stood beside it: the record must hold the one that was read.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{
    Brief, Consent, ConsentKind, LinkPurpose, Means, SubscriberId, SubscriberState, UnixMillis,
};
use reveille_store::{
    ReaderMail, StoreError, Tx, briefs, confirmations, consents,
    subscribers::{self, Subscriber},
};

use super::{
    framed,
    mailed::{At, Mailed},
    no_reader, queue_mail, say_to, token_of,
};
use crate::{
    Desk, Missing, PageError, once_more::once_more, sign_up_form::is_sentence_of, visitor::Visitor,
    words::Say,
};

/// What one form asks for is entered within this time, in milliseconds.
const TOGETHER_MILLIS: i64 = 10_000;

#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm<'a> {
    say: Say,
    sentence: &'a str,
    /// Whether the button was pressed beside another sentence.
    stale: bool,
    confirmed: bool,
    /// Whether they take the place of another address.
    moves: bool,
    mailed: Mailed,
    /// Which of its pages it is.
    at: At,
    /// Where they paused: the day of the first edition that they want, as it is written.
    paused: Option<String>,
    others: &'a [Other],
}

/// What the same address asked for and waits for its confirmation too.
struct Other {
    reader: Subscriber,
    brief: Brief,
    mailed: Mailed,
    say: Say,
}

/// Whose link was followed.
struct Asking {
    reader: Subscriber,
    brief: Brief,
    mailed: Mailed,
    /// Whose place they take, as long as that one is on the list.
    in_place_of: Option<Subscriber>,
    /// Whether they take another one's place, or have taken it.
    moves: bool,
    /// Whether the button would still do something.
    is_open: bool,
    /// What else it would do, where the boxes stay ticked.
    others: Vec<Other>,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    rendered(&find(&desk, &token).await?, false)
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let mut asking = find(&desk, &token).await?;
    let is_read = |name: &str, brief: &Brief| form.get(name).is_none_or(|text| is_sentence_of(text, brief));
    let also = |other: &Other| format!("also-{}", other.brief.slug);
    let mut others = asking.others.iter();
    if asking.is_open
        && !(is_read("sentence", &asking.brief) && others.all(|other| is_read(&also(other), &other.brief)))
    {
        let mut page = rendered(&asking, true)?;
        *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(page);
    }
    if asking.is_open {
        // The record is shown to others: it must not hold what the link carries.
        let visit = visitor.visit(&desk, "/confirm");
        let consent_to = |brief: &Brief| Consent {
            kind: ConsentKind::Confirmed,
            at: desk.clock.now(),
            sentence: brief.consent.clone(),
            means: Means::Link(visit.clone()),
        };
        let is_ticked = |other: &Other| form.contains_key(&also(other));
        let confirmed = once_more(|| async {
            let mut tx = desk.store.begin().await?;
            let confirmed = confirm(&mut tx, (&desk, &token), &asking, is_ticked, consent_to).await?;
            tx.commit().await?;
            Ok(confirmed)
        });
        let confirmed = confirmed.await?;
        asking
            .others
            .retain(|other| confirmed.is_some() && is_ticked(other));
        let (confirmed, listed) = confirmed.unzip();
        for other in &mut asking.others {
            if listed
                .as_ref()
                .is_some_and(|listed| listed.contains(&other.reader.id))
            {
                other.reader.state = SubscriberState::Active;
            }
        }
        asking.is_open = false;
        asking.reader = match confirmed {
            Some(reader) => reader,
            // Two clicks at once: the other one came first.
            None => find(&desk, &token).await?.reader,
        };
    }
    rendered(&asking, false)
}

/// Confirms by the link, and what was asked for beside it as far as its box is ticked. Gives back the reader, and which of the others are
/// on the list by that. `None`: the link was used up meanwhile.
async fn confirm(
    tx: &mut Tx,
    (desk, token): (&Desk, &str),
    asking: &Asking,
    is_ticked: impl Fn(&Other) -> bool,
    consent_to: impl Fn(&Brief) -> Consent,
) -> Result<Option<(Subscriber, BTreeSet<SubscriberId>)>, PageError> {
    let consent = consent_to(&asking.brief);
    let Some(confirmed) = subscribers::confirm(tx, token, &consent).await? else {
        return Ok(None);
    };
    let mut listed = BTreeSet::new();
    for other in asking.others.iter().filter(|other| is_ticked(other)) {
        if subscribers::confirm_asked(tx, other.reader.id, &consent_to(&other.brief)).await? {
            listed.insert(other.reader.id);
        }
    }
    if let Some(old) = &asking.in_place_of {
        queue_mail(tx, desk, ReaderMail::MoveNotice { reader: old.id }).await?;
    }
    Ok(Some((confirmed, listed)))
}

async fn find(desk: &Desk, token: &str) -> Result<Asking, PageError> {
    let token = token_of(token)?;
    let link = confirmations::find(&desk.store, token)
        .await?
        .filter(|link| link.purpose == LinkPurpose::Confirm)
        .ok_or_else(no_reader)?;
    let reader = subscribers::find(&desk.store, link.subscriber)
        .await?
        .ok_or_else(no_reader)?;
    let stored = briefs::find(&desk.store, reader.brief)
        .await?
        .ok_or_else(no_reader)?;
    let in_place_of = match link.in_place_of {
        Some(old) => subscribers::find(&desk.store, old).await?,
        None => None,
    };
    let has_moved = in_place_of
        .as_ref()
        .is_some_and(|old| old.moved_to == Some(reader.id));
    let in_place_of = in_place_of.filter(|old| old.state.is_listed());
    let waits =
        reader.state == SubscriberState::Pending || (reader.state.is_listed() && in_place_of.is_some());
    let is_open = link.is_good(desk.clock.now()) && waits;
    let others = if is_open && in_place_of.is_none() {
        others(desk, &reader).await?
    } else {
        Vec::new()
    };
    Ok(Asking {
        is_open,
        others,
        mailed: Mailed::of(desk, &stored.brief, &reader).await?,
        reader,
        brief: stored.brief,
        moves: has_moved || in_place_of.is_some(),
        in_place_of,
    })
}

/// What was asked for by the same form. A brief that somebody else asked for in this reader's name is not among them.
async fn others(desk: &Desk, reader: &Subscriber) -> Result<Vec<Other>, StoreError> {
    let asked = asked_at(desk, reader).await?;
    let is_together = |at: UnixMillis| asked.is_some_and(|asked| asked.since(at).abs() < TOGETHER_MILLIS);
    let mut others = Vec::new();
    let rows = subscribers::list_by_email(&desk.store, &reader.email).await?;
    let waiting = rows
        .into_iter()
        .filter(|row| row.id != reader.id && row.state == SubscriberState::Pending);
    for reader in waiting {
        if asked_at(desk, &reader).await?.is_some_and(is_together)
            && let Some(stored) = briefs::find(&desk.store, reader.brief).await?
        {
            others.push(Other {
                say: say_to(&stored.brief, &reader),
                mailed: Mailed::of(desk, &stored.brief, &reader).await?,
                brief: stored.brief,
                reader,
            });
        }
    }
    Ok(others)
}

/// When a reader last asked for a brief.
async fn asked_at(desk: &Desk, reader: &Subscriber) -> Result<Option<UnixMillis>, StoreError> {
    let record = consents::find(&desk.store, reader.id).await?;
    let lines = record.into_iter().flat_map(|record| record.lines);
    let asked = lines.filter(|line| line.consent.kind == ConsentKind::Asked);
    Ok(asked.map(|line| line.consent.at).next_back())
}

/// A link in an old mail must not bring back a reader who left.
fn rendered(asking: &Asking, stale: bool) -> Result<Response, PageError> {
    let Asking {
        reader,
        brief,
        mailed,
        in_place_of,
        moves,
        is_open,
        others,
    } = asking;
    let confirmed = reader.state.is_listed() && !is_open;
    if !confirmed && !is_open {
        return Err(PageError::missing_at(Missing::Confirmation, brief));
    }
    let mut say = say_to(brief, reader);
    if let Some(old) = in_place_of {
        say = say.strong("old", old.email.masked());
    }
    // A pause goes along to another address.
    let paused = in_place_of.as_ref().unwrap_or(reader).pauses_until();
    let words = &say.w.confirm;
    let title = if confirmed { &words.done } else { &words.title };
    let page = Confirm {
        say: say.clone(),
        sentence: &brief.consent,
        stale,
        confirmed,
        moves: *moves,
        mailed: *mailed,
        at: if confirmed { At::Answer } else { At::Question },
        paused: paused.map(|until| say.w.dates().long(&until)),
        others,
    };
    framed(title, brief, &page)
}
