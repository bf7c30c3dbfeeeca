//! The demo's mailbox: the very messages that the catcher took, for a person to look at.

use std::path::PathBuf;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
    routing::get,
};
use reveille_desk::{Missing, PageError, Shell, guarded, page};
use reveille_mail::catcher::{self, Mail};

/// A mail's own HTML stands under this policy: its inline styles are let through, nothing else is.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
                           base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage {
    mails: Vec<Mail>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    mail: &'a Mail,
    text: Vec<Piece<'a>>,
    source: &'a str,
}

/// A stretch of a mail's text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Words(&'a str),
    Link(&'a str),
}

/// `/mailbox` and what is under it.
pub(super) fn router(folder: PathBuf) -> Router {
    guarded(
        Router::new()
            .route("/mailbox", get(list))
            .route("/mailbox/{name}", get(show))
            .route("/mailbox/{name}/html", get(show_html)),
    )
    .with_state(folder)
}

async fn read(folder: PathBuf) -> Result<Vec<Mail>, PageError> {
    let mails = tokio::task::spawn_blocking(move || catcher::list(&folder)).await;
    mails
        .ok()
        .and_then(Result::ok)
        .ok_or(PageError::Internal("the mailbox cannot be read"))
}

async fn find(folder: PathBuf, name: &str) -> Result<Mail, PageError> {
    let mut mails = read(folder).await?.into_iter();
    mails
        .find(|mail| name_of(mail) == name)
        .ok_or_else(|| PageError::missing(Missing::Page))
}

/// What a message is called in addresses: its file's name, which stays when others come in.
fn name_of(mail: &Mail) -> &str {
    mail.path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default()
}

/// "10 March 2026, 06:00 UTC"; empty where the message names no date.
fn when(mail: &Mail) -> String {
    mail.date
        .map(|at| at.timestamp().strftime("%-d %B %Y, %H:%M UTC").to_string())
        .unwrap_or_default()
}

async fn list(State(folder): State<PathBuf>) -> Result<Response, PageError> {
    let mails = read(folder).await?;
    framed("Mailbox", &MailboxPage { mails })
}

async fn show(State(folder): State<PathBuf>, Path(name): Path<String>) -> Result<Response, PageError> {
    let mail = find(folder, &name).await?;
    let shown = MailPage {
        mail: &mail,
        text: pieces(mail.text.as_deref().unwrap_or_default()),
        source: &String::from_utf8_lossy(&mail.raw),
    };
    framed(&mail.subject, &shown)
}

async fn show_html(State(folder): State<PathBuf>, Path(name): Path<String>) -> Result<Response, PageError> {
    let mail = find(folder, &name).await?;
    let html = mail.html.ok_or_else(|| PageError::missing(Missing::Page))?;
    let headers: [(HeaderName, &str); 2] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, MAIL_POLICY),
    ];
    Ok((headers, html).into_response())
}

fn framed(title: &str, body: &impl Template) -> Result<Response, PageError> {
    let body = body
        .render()
        .map_err(|_| PageError::Internal("a template failed"))?;
    Ok(page(&Shell::new(
        title,
        ("Mailbox of the demo", "/mailbox"),
        &body,
    )))
}

/// Parts a text at its web addresses, as mail programs do.
fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some(at) = ["http://", "https://"]
        .iter()
        .filter_map(|scheme| text.find(scheme))
        .min()
    {
        let (words, rest) = text.split_at(at);
        let end = rest
            .find(|c: char| c.is_whitespace() || "<>\"".contains(c))
            .unwrap_or(rest.len());
        let link = rest[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
        pieces.push(Piece::Words(words));
        pieces.push(Piece::Link(link));
        text = &rest[link.len()..];
    }
    pieces.push(Piece::Words(text));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_text_are_links_without_the_full_stop_behind_them() {
        use Piece::{Link, Words};
        assert_eq!(
            pieces("See http://a.example/b?c=d.\n(https://e.example)"),
            [
                Words("See "),
                Link("http://a.example/b?c=d"),
                Words(".\n("),
                Link("https://e.example"),
                Words(")")
            ]
        );
        assert_eq!(pieces("nothing"), [Words("nothing")]);
    }
}
