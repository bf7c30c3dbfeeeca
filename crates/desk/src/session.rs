//! Who may enter the desk: a browser that holds the cookie of a session.
//!
//! Two things keep other sites from acting in an editor's name. The cookie is `SameSite=Strict`, so that no request which
//! another site starts carries it; and since a neighbour under the same registrable domain is the same "site", whatever
//! changes something must also come from our own origin, which browsers name with every form post. A token in each form would
//! add nothing: who could read one from our pages runs in our origin already.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use reveille_store::sessions::{self, Session};

use crate::{Desk, PageError, Place, caller::Caller};

/// Where somebody without a session learns how to get one.
pub(crate) const SIGN_IN: &str = "/desk/sign-in";
/// How long a session is in use before that is recorded, in milliseconds: a look at a page is no write as a rule.
const RENEWAL_MILLIS: i64 = 10 * 60_000;

/// Lets a request pass that comes with a session, which handlers then find as an extension. One without is shown how to sign
/// in.
pub(crate) async fn admit(
    State(desk): State<Arc<Desk>>,
    mut request: Request,
    next: Next,
) -> Result<Response, PageError> {
    let now = desk.clock.now();
    let session = match token_in(request.headers(), name(&desk)) {
        Some(token) => sessions::find(&desk.store, token, now).await?,
        None => None,
    };
    let Some(session) = session else {
        return Ok(see_other(SIGN_IN));
    };
    if now.since(session.seen_at) > RENEWAL_MILLIS {
        let mut tx = desk.store.begin().await?;
        sessions::renew(&mut tx, session.id, now).await?;
        tx.commit().await?;
    }
    request.extensions_mut().insert::<Session>(session);
    Ok(next.run(request).await)
}

/// Refuses what would change something and was sent from elsewhere.
pub(crate) async fn refuse_strangers(
    State(desk): State<Arc<Desk>>,
    request: Request,
    next: Next,
) -> Result<Response, PageError> {
    if request.method().is_safe() || Caller::of(request.headers(), &desk) == Caller::Own {
        return Ok(next.run(request).await);
    }
    Err(PageError::Refused {
        status: StatusCode::FORBIDDEN,
        what: "This form came from another site.",
        means: "Nothing was changed: the desk takes orders from its own pages alone.",
        instead: Place::of_desk("the desk", "/desk"),
    })
}

/// Has the browser hold a session's token, until it is closed or the session ends.
pub(crate) fn begun(desk: &Desk, token: &str) -> Result<HeaderValue, PageError> {
    cookie(desk, token, "")
}

/// Has the browser forget it.
pub(crate) fn ended(desk: &Desk) -> Result<HeaderValue, PageError> {
    cookie(desk, "", "; Max-Age=0")
}

fn cookie(desk: &Desk, token: &str, more: &str) -> Result<HeaderValue, PageError> {
    let secure = if is_secure(desk) { "; Secure" } else { "" };
    let cookie = format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{more}",
        name(desk)
    );
    HeaderValue::from_str(&cookie).map_err(|_| PageError::Internal("a token that no header can hold"))
}

/// With the prefix no neighbouring host can set the cookie (RFC 6265bis, section 4.1.3.2); browsers demand https for it.
fn name(desk: &Desk) -> &'static str {
    if is_secure(desk) {
        "__Host-reveille"
    } else {
        "reveille"
    }
}

fn is_secure(desk: &Desk) -> bool {
    desk.public_url.starts_with("https://")
}

fn token_in<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let mut pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, token)| token)
}

/// Shows another page in answer to a form, or in place of one.
pub(crate) fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}
