//! `POST /{brief}`: a reader asks for the brief. Nothing is sent but the mail that asks whether they mean it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use reveille_model::{
    Advice, Brief, BriefId, Consent, ConsentKind, Means, SubscriberId, SubscriberState, UnixMillis,
};
use reveille_store::{
    ReaderMail, Tx,
    briefs::StoredBrief,
    subscribers::{self, AskLimit, NewSubscriber, SignUp},
};

use super::{
    brief_show::{self, offered_beside},
    find_brief, framed,
    mailed::{At, Mailed},
    path_of, queue_mail,
};
use crate::{
    Desk, PageError, Place,
    caller::Caller,
    crowd::{self, Crowd},
    once_more::once_more,
    sign_up_form::{Asked, Faults, SignUpForm, is_sentence_of},
    visitor::Visitor,
    words::{Say, Words},
};

/// A second confirmation mail for a brief goes out after ten minutes at the earliest, and no more than three in a day, six for all
/// briefs: neither the form nor a mail that was passed on must flood anybody.
const MAIL_LIMIT: AskLimit = AskLimit {
    pause_millis: 600_000,
    within_millis: 86_400_000,
    most: 3,
    most_to_address: 6,
};

#[derive(Template)]
#[template(path = "asked.html")]
struct AskedPage {
    say: Say,
    /// Whether the brief comes in time where they live.
    mailed: Mailed,
    advice: Option<Advice>,
}

/// What became of a form.
pub(super) enum Taken {
    /// A link is mailed, unless the address needs none: the answer is the same, since the form must not tell who reads what.
    Asked(Asked),
    Faulty(Faults),
    /// Too many came just now; so many milliseconds until the next is taken.
    Slowed(i64),
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    State(crowd): State<Arc<Crowd>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    headers: HeaderMap,
    Form(form): Form<SignUpForm>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let brief = &stored.brief;
    let words = Words::of(&brief.language);
    let caller = Caller::of(&headers, &desk);
    if caller == Caller::Stranger {
        return Err(PageError::CrossSite(Place::of(
            brief,
            &words.errors.the_form,
            path_of(brief),
        )));
    }
    match take(&desk, &crowd, &stored, &form, visitor, &caller).await? {
        Taken::Faulty(faults) => {
            again(&desk, &stored, &form, &faults, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Taken::Slowed(wait) => slowed(&desk, &stored, &form, wait).await,
        Taken::Asked(asked) => {
            // The domain is kept in a form that nobody typed.
            let is_coded = asked.email.domain().contains("xn--");
            let typed = form.email.trim().to_owned();
            let shown = if is_coded { typed } else { asked.email.to_string() };
            let mut say = Say::of_brief(brief)
                .strong("email", shown)
                .with("zone", asked.home.zone.name())
                .with("domain", asked.email.domain());
            let advice = asked.email.advice();
            if let Some(Advice::Meant(meant)) = &advice {
                say = say.strong("meant", meant.to_string());
            }
            let title = &say.w.asked.title;
            framed(
                title,
                brief,
                &AskedPage {
                    say: say.clone(),
                    mailed: Mailed::to(&desk, brief, &asked.home),
                    advice,
                },
            )
        }
    }
}

/// Takes a form, wherever it was sent from.
pub(super) async fn take(
    desk: &Desk,
    crowd: &Crowd,
    stored: &StoredBrief,
    form: &SignUpForm,
    visitor: Visitor,
    caller: &Caller,
) -> Result<Taken, PageError> {
    let now = desk.clock.now();
    let asked = match form.read(&stored.brief, &desk.secret, now) {
        Ok(asked) => asked,
        Err(faults) => return Ok(Taken::Faulty(faults)),
    };
    let Some(others) = others(desk, stored, form).await? else {
        let words = &Words::of(&stored.brief.language).sign_up;
        return Ok(Taken::Faulty(Faults::of_form(&words.new_sentence)));
    };
    let has_worked = form.has_worked(&stored.brief, &desk.secret, now);
    let counts = if has_worked { 1 } else { crowd::WITHOUT_WORK };
    if let Err(wait) = crowd.admit(visitor.address, &asked.email, counts, now) {
        return Ok(Taken::Slowed(wait));
    }
    let mut visit = visitor.visit(desk, &path_of(&stored.brief));
    if let Caller::Allowed { page, .. } = caller {
        visit.page = Some(page.clone());
    }
    let briefs: Vec<_> = std::iter::once(stored)
        .chain(&others)
        .map(|one| (one.id, &one.brief))
        .collect();
    let means = Means::Form(visit);
    once_more(|| async {
        let mut tx = desk.store.begin().await?;
        ask(&mut tx, desk, &briefs, &asked, &means).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    Ok(Taken::Asked(asked))
}

/// The other briefs that were ticked. `None`: one of them is none that anybody may ask for, or its sentence is another one by
/// now.
async fn others(
    desk: &Desk,
    stored: &StoredBrief,
    form: &SignUpForm,
) -> Result<Option<Vec<StoredBrief>>, PageError> {
    let is_other = |(slug, _): &(&str, &str)| *slug != stored.brief.slug.as_str();
    let ticked: Vec<_> = form.also().filter(is_other).collect();
    if ticked.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let offered = offered_beside(&desk.store, stored).await?;
    let find = |(slug, sentence): (&str, &str)| {
        let is_meant = |other: &&StoredBrief| {
            other.brief.slug.as_str() == slug && is_sentence_of(sentence, &other.brief)
        };
        offered.iter().find(is_meant).cloned()
    };
    Ok(ticked.into_iter().map(find).collect())
}

/// In how many seconds to try again (RFC 9110, section 10.2.3).
pub(super) fn retry_after(wait_millis: i64) -> HeaderValue {
    HeaderValue::from(wait_millis.max(0).unsigned_abs().div_ceil(1000))
}

/// The form once more, with what was typed.
async fn again(
    desk: &Desk,
    stored: &StoredBrief,
    form: &SignUpForm,
    faults: &Faults,
    status: StatusCode,
) -> Result<Response, PageError> {
    let mut page = brief_show::render(desk, stored, form, faults).await?;
    *page.status_mut() = status;
    Ok(page)
}

/// RFC 6585, section 4.
async fn slowed(
    desk: &Desk,
    stored: &StoredBrief,
    form: &SignUpForm,
    wait_millis: i64,
) -> Result<Response, PageError> {
    let faults = Faults::of_form(&Words::of(&stored.brief.language).sign_up.crowd);
    let mut page = again(desk, stored, form, &faults, StatusCode::TOO_MANY_REQUESTS).await?;
    page.headers_mut()
        .insert(header::RETRY_AFTER, retry_after(wait_millis));
    Ok(page)
}

/// Enters a reader who asks for briefs, and has one mail sent that asks whether they mean it, where there is any need: the page
/// behind its link has all that they asked for.
pub(crate) async fn ask(
    tx: &mut Tx,
    desk: &Desk,
    briefs: &[(BriefId, &Brief)],
    asked: &Asked,
    means: &Means,
) -> Result<(), PageError> {
    let mut mailed = None;
    let now = desk.clock.now();
    for brief in briefs {
        let entered = enter(tx, desk, *brief, asked, (means.clone(), now)).await?;
        mailed = mailed.or(entered);
    }
    let Some(reader) = mailed else {
        return Ok(());
    };
    let in_place_of = None;
    queue_mail(tx, desk, ReaderMail::Confirmation { reader, in_place_of }).await
}

/// Enters a reader who asks for a brief. Gives back whom to mail whether they mean it, where there is any need and the limit lets
/// them ask.
pub(super) async fn enter(
    tx: &mut Tx,
    desk: &Desk,
    (id, brief): (BriefId, &Brief),
    asked: &Asked,
    (means, now): (Means, UnixMillis),
) -> Result<Option<SubscriberId>, PageError> {
    let new = NewSubscriber {
        brief: id,
        email: asked.email.clone(),
        home: asked.home.clone(),
        state: SubscriberState::Pending,
        token: (desk.token)().ok_or(PageError::Internal("the system gave no randomness"))?,
        consent: Consent {
            kind: ConsentKind::Asked,
            at: now,
            sentence: brief.consent.clone(),
            means,
        },
    };
    if !subscribers::may_ask(tx, id, &new.email, now, MAIL_LIMIT).await? {
        return Ok(None);
    }
    Ok(match subscribers::insert(tx, &new).await? {
        SignUp::New(id) => Some(id),
        SignUp::Known(id, SubscriberState::Pending) => {
            subscribers::ask_again(tx, id, &new).await?.then_some(id)
        }
        SignUp::Known(id, SubscriberState::Left | SubscriberState::Bounced) => {
            subscribers::sign_up_again(tx, id, &new).await?.then_some(id)
        }
        SignUp::Known(_, SubscriberState::Active | SubscriberState::Paused) => None,
    })
}
