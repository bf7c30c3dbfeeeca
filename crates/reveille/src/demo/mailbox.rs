//! The demo's mailbox: the very messages that the catcher took, for a person to look at.

use std::path::PathBuf;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use reveille_desk::{PageError, Shell, page};
use reveille_mail::catcher::{self, Mail};

/// A mail's own HTML stands under this policy: its inline styles are let through, nothing else is.
const MAIL_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    mails: Vec<Mail>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage {
    number: usize,
    mail: Mail,
    source: String,
}

/// `/mailbox` and what is under it.
pub(super) fn router(folder: PathBuf) -> Router {
    Router::new()
        .route("/mailbox", get(list))
        .route("/mailbox/{number}", get(show))
        .route("/mailbox/{number}/html", get(show_html))
        .with_state(folder)
}

async fn read(folder: PathBuf) -> Result<Vec<Mail>, PageError> {
    let mails = tokio::task::spawn_blocking(move || catcher::list(&folder)).await;
    mails
        .ok()
        .and_then(Result::ok)
        .ok_or(PageError::Internal("the mailbox cannot be read"))
}

async fn find(folder: PathBuf, number: usize) -> Result<Mail, PageError> {
    let mail = number
        .checked_sub(1)
        .zip(Some(read(folder).await?))
        .and_then(|(at, mails)| mails.into_iter().nth(at));
    mail.ok_or_else(|| PageError::not_found("There is no such message."))
}

async fn list(State(folder): State<PathBuf>) -> Result<Response, PageError> {
    framed(
        "Mailbox",
        &MailboxPage {
            mails: read(folder).await?,
        },
    )
}

async fn show(State(folder): State<PathBuf>, Path(number): Path<usize>) -> Result<Response, PageError> {
    let mail = find(folder, number).await?;
    let source = String::from_utf8_lossy(&mail.raw).into_owned();
    framed(&mail.subject.clone(), &MailPage { number, mail, source })
}

async fn show_html(State(folder): State<PathBuf>, Path(number): Path<usize>) -> Result<Response, PageError> {
    let mail = find(folder, number).await?;
    let html = mail
        .html
        .ok_or_else(|| PageError::not_found("This message has no HTML form."))?;
    let headers: [(HeaderName, &str); 2] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, MAIL_POLICY),
    ];
    Ok((StatusCode::OK, headers, html).into_response())
}

fn framed(title: &str, body: &impl Template) -> Result<Response, PageError> {
    let body = body
        .render()
        .map_err(|_| PageError::Internal("a template failed"))?;
    Ok(page(&Shell {
        title,
        masthead: ("Mailbox of the demo", "/mailbox"),
        body: &body,
    }))
}
