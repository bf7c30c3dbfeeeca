//! `/api/briefs/{brief}`: the sign-up form for programs, in JSON. Errors are problem documents (RFC 9457). Pages of other
//! sites may use it if they are named in the settings; the answers say so to their browsers (CORS).

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use reveille_model::Advice;
use serde_json::json;

use super::{
    find_brief,
    mailed::Mailed,
    sign_up::{Taken, retry_after, take},
};
use crate::{
    Desk, PageError,
    api::{Problem, shown},
    caller::Caller,
    crowd::Crowd,
    sign_up_form::SignUpForm,
    visitor::Visitor,
    words::Say,
};

/// `GET`: what a form has to show, the sentence above all.
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Response {
    let answer = match find_brief(&desk.store, &slug).await {
        Ok(stored) => Json(shown(&desk, &stored.brief)).into_response(),
        Err(error) => Problem::from(error).into_response(),
    };
    shared(answer, &Caller::of(&headers, &desk))
}

/// `OPTIONS`: a browser asks whether another site's page may send the form.
pub(crate) async fn preflight(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let caller = Caller::of(&headers, &desk);
    let mut answer = shared(StatusCode::NO_CONTENT.into_response(), &caller);
    if matches!(caller, Caller::Allowed { .. }) {
        let headers = answer.headers_mut();
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    answer
}

/// `POST`: the same as the form of the brief's page.
pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    State(crowd): State<Arc<Crowd>>,
    visitor: Visitor,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let caller = Caller::of(&headers, &desk);
    let answer = match answer(&desk, &crowd, visitor, &slug, &caller, &body).await {
        Ok(answer) => answer,
        Err(error) => Problem::from(error).into_response(),
    };
    shared(answer, &caller)
}

async fn answer(
    desk: &Desk,
    crowd: &Crowd,
    visitor: Visitor,
    slug: &str,
    caller: &Caller,
    body: &[u8],
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, slug).await?;
    if *caller == Caller::Stranger {
        let problem = Problem::new(StatusCode::FORBIDDEN, "This site may not hold the form.");
        return Ok(problem.into_response());
    }
    let form: SignUpForm = match serde_json::from_slice(body) {
        Ok(form) => form,
        Err(error) => {
            let problem = Problem::new(StatusCode::BAD_REQUEST, "The request could not be read.");
            return Ok(problem
                .detail(format!("Expected a JSON object of strings: {error}"))
                .into_response());
        }
    };
    Ok(match take(desk, crowd, &stored, &form, visitor, caller).await? {
        Taken::Asked(asked) => {
            let brief = &stored.brief;
            let say = Say::of_brief(brief).with("zone", asked.home.zone.name());
            let advice = asked.email.advice();
            let meant = match &advice {
                Some(Advice::Meant(meant)) => Some(meant),
                _ => None,
            };
            let told = json!({
                "email": asked.email,
                "meant": meant,
                "throwaway": advice == Some(Advice::Throwaway),
                "unusual": advice == Some(Advice::Unusual),
                "late": Mailed::to(desk, brief, &asked.home).late(&say),
                "detail": "A link is mailed to this address. Until it is followed, nothing else is sent.",
            });
            (StatusCode::ACCEPTED, Json(told)).into_response()
        }
        Taken::Faulty(faults) => {
            let errors = json!({ "email": faults.email, "country": faults.country, "form": faults.form });
            Problem::unprocessable("The form is not right yet.")
                .with("errors", errors)
                .into_response()
        }
        Taken::Slowed(wait) => {
            let slowed = Problem::new(StatusCode::TOO_MANY_REQUESTS, "Many sign-ups came in just now.");
            let mut slowed = slowed.into_response();
            slowed
                .headers_mut()
                .insert(header::RETRY_AFTER, retry_after(wait));
            slowed
        }
    })
}

/// Lets the page of another site read the answer, where it may send the form. Caches must not hand it to others.
fn shared(mut answer: Response, caller: &Caller) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    if let Caller::Allowed { origin, .. } = caller {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    answer
}
