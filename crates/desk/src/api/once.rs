//! Requests that a program may send twice: with an `Idempotency-Key` the second is answered as the first was, and changes
//! nothing (draft-ietf-httpapi-idempotency-key-header).

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use reveille_model::SubscriberId;
use reveille_store::answers::{self, Known};
use serde_json::Value;

use super::{Problem, caller::Program};
use crate::Desk;

/// Longest key, in characters.
const LONGEST: usize = 255;

/// What was done: a status, of which reader the answer tells, and what there is to show.
pub(crate) type Done = Result<(StatusCode, Option<SubscriberId>, Value), Problem>;

/// Does what is asked, unless it was done before under the same key. `request` tells the request from others.
pub(crate) async fn once(
    desk: &Desk,
    program: &Program,
    headers: &HeaderMap,
    request: &str,
    act: impl Future<Output = Done>,
) -> Result<Response, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        let (status, _, shown) = act.await?;
        return Ok(response(status, shown.to_string()));
    };
    let key = key.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len()));
    let key = key.ok_or_else(|| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            format!("`Idempotency-Key` has 1 to {LONGEST} ASCII characters."),
        )
    })?;
    let token = program.0.id;
    let mut tx = desk.store.begin().await?;
    let known = answers::take(&mut tx, token, key, request, desk.clock.now()).await?;
    tx.commit().await?;
    match known {
        Known::New => {}
        Known::UnderWay => {
            return Err(Problem::new(
                StatusCode::CONFLICT,
                "The first such request is under way.",
            ));
        }
        Known::Other => return Err(Problem::unprocessable("The key was used for another request.")),
        Known::Answered(status, body) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            return Ok(response(status, body));
        }
    }
    let (status, reader, body) = match act.await {
        Ok((status, reader, shown)) => (status, reader, shown.to_string()),
        Err(problem) if problem.status().is_server_error() => {
            let mut tx = desk.store.begin().await?;
            answers::give_back(&mut tx, token, key).await?;
            tx.commit().await?;
            return Err(problem);
        }
        Err(problem) => (problem.status(), None, problem.body()),
    };
    let mut tx = desk.store.begin().await?;
    answers::keep(&mut tx, (token, key), (status.as_u16(), &body), reader).await?;
    tx.commit().await?;
    Ok(response(status, body))
}

fn response(status: StatusCode, body: String) -> Response {
    let kind = if status.is_client_error() {
        "application/problem+json"
    } else {
        "application/json"
    };
    (
        status,
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind))],
        body,
    )
        .into_response()
}
