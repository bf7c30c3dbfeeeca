//! `POST /{brief}`: a reader asks for the brief. Nothing is sent but the mail that asks whether they mean it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use reveille_model::{Brief, Consent, ConsentKind, Means, SubscriberState, Visit};
use reveille_store::{
    briefs::StoredBrief,
    jobs::{self, NewJob},
    subscribers::{self, AskLimit, NewSubscriber, SignUp},
};

use super::{brief_show, find_brief, framed, path_of};
use crate::{
    CONFIRMATION_JOB, Desk, PageError,
    caller::Caller,
    crowd::Crowd,
    sign_up_form::{Asked, Faults, SignUpForm},
    visitor::Visitor,
};

/// A second confirmation mail goes out after ten minutes at the earliest, and no more than three in a day: the form must
/// not flood anybody.
const MAIL_LIMIT: AskLimit = AskLimit {
    pause_millis: 600_000,
    within_millis: 86_400_000,
    most: 3,
};

#[derive(Template)]
#[template(path = "asked.html")]
struct AskedPage<'a> {
    brief: &'a Brief,
    email: &'a str,
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
    let caller = Caller::of(&headers, &desk);
    if caller == Caller::Stranger {
        return Err(PageError::CrossSite {
            means: "Nothing was sent: only a form that shows what you agree to can sign you up.",
            form: ("the brief's own page".to_owned(), path_of(brief)),
        });
    }
    match take(&desk, &crowd, &stored, &form, visitor, &caller).await? {
        Taken::Faulty(faults) => {
            again(&desk, &stored, &form, &faults, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Taken::Slowed(wait) => slowed(&desk, &stored, &form, wait).await,
        Taken::Asked(asked) => {
            let email = asked.email.as_str();
            framed("Check your mail", brief, &AskedPage { brief, email })
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
    let asked = match form.read(&stored.brief, now) {
        Ok(asked) => asked,
        Err(faults) => return Ok(Taken::Faulty(faults)),
    };
    if let Err(wait) = crowd.admit(visitor.address, &asked.email, now) {
        return Ok(Taken::Slowed(wait));
    }
    let mut visit = visitor.visit(desk, &path_of(&stored.brief));
    if let Caller::Allowed { page, .. } = caller {
        visit.page = Some(page.clone());
    }
    ask(desk, stored, &asked, visit).await?;
    Ok(Taken::Asked(asked))
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
    let faults = Faults::of_form(
        "Many sign-ups came in just now, so this one was not taken. Send it once more in a minute.",
    );
    let mut page = again(desk, stored, form, &faults, StatusCode::TOO_MANY_REQUESTS).await?;
    page.headers_mut()
        .insert(header::RETRY_AFTER, retry_after(wait_millis));
    Ok(page)
}

async fn ask(desk: &Desk, stored: &StoredBrief, asked: &Asked, visit: Visit) -> Result<(), PageError> {
    let now = desk.clock.now();
    let new = NewSubscriber {
        brief: stored.id,
        email: asked.email.clone(),
        home: asked.home.clone(),
        state: SubscriberState::Pending,
        token: (desk.token)().ok_or(PageError::Internal("the system gave no randomness"))?,
        consent: Consent {
            kind: ConsentKind::Asked,
            at: now,
            sentence: stored.brief.consent.clone(),
            means: Means::Form(visit),
        },
    };
    let mut tx = desk.store.begin().await?;
    let to_mail = match subscribers::insert(&mut tx, &new).await? {
        SignUp::New(id) => Some(id),
        SignUp::Known(id, SubscriberState::Pending) => subscribers::ask_again(&mut tx, id, &new, MAIL_LIMIT)
            .await?
            .then_some(id),
        SignUp::Known(id, SubscriberState::Left | SubscriberState::Bounced) => {
            subscribers::sign_up_again(&mut tx, id, &new).await?.then_some(id)
        }
        SignUp::Known(_, SubscriberState::Active | SubscriberState::Paused) => None,
    };
    if let Some(id) = to_mail {
        let job = NewJob {
            kind: CONFIRMATION_JOB,
            key: id.to_string(),
            lane: String::new(),
            run_at: now,
        };
        jobs::insert(&mut tx, &job, now).await?;
    }
    Ok(tx.commit().await?)
}
