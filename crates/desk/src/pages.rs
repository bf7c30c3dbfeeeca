//! One module per page.

pub(crate) mod archive_show;
pub(crate) mod brief_show;
pub(crate) mod confirm;
pub(crate) mod edition_show;
pub(crate) mod entry_show;
pub(crate) mod feed_show;
pub(crate) mod home;
pub(crate) mod leave;
pub(crate) mod my_data;
pub(crate) mod settings_change;
pub(crate) mod settings_show;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
pub(crate) mod sign_up_api;
pub(crate) mod site_map;
pub(crate) mod source_change;
pub(crate) mod source_show;
pub(crate) mod sources_list;
pub(crate) mod websub;

use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use reveille_model::{Brief, Country, Slug};
use reveille_store::{
    Store,
    briefs::{self, StoredBrief},
    sessions::Session,
    subscribers::{self, Subscriber},
};

use crate::{
    error::PageError,
    page::{Shell, page},
};

/// Renders a template to a page's body.
fn body_of(template: &impl Template) -> Result<String, PageError> {
    template.render().map_err(|error| {
        tracing::error!("{error}");
        PageError::Internal("a template failed")
    })
}

#[derive(Template)]
#[template(path = "embed.html")]
struct Embed<'a> {
    brief: &'a Brief,
    action: &'a str,
    countries: &'a [Country],
}

/// The sign-up form as plain HTML for a page of another site, which must be one of [`Desk::form_origins`]. It needs neither
/// script nor style.
///
/// [`Desk::form_origins`]: crate::Desk::form_origins
///
/// # Errors
/// Where the template fails.
pub fn embeddable_form(brief: &Brief, public_url: &str) -> Result<String, PageError> {
    body_of(&Embed {
        brief,
        action: &format!("{}{}", public_url.trim_end_matches('/'), path_of(brief)),
        countries: Country::all(),
    })
}

/// Renders a page of a brief into its frame.
fn framed(title: &str, brief: &Brief, template: &impl Template) -> Result<Response, PageError> {
    let body = body_of(template)?;
    let masthead = (brief.name.as_str(), &*path_of(brief));
    Ok(page(&Shell::new(title, masthead, &body)))
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Room<'a> {
    editor: &'a str,
    /// HTML that is safe to show.
    body: &'a str,
}

/// Renders a page of the desk into its frame.
fn at_the_desk(title: &str, session: &Session, template: &impl Template) -> Result<Response, PageError> {
    let editor = session.editor.as_str();
    let body = body_of(template)?;
    let room = body_of(&Room { editor, body: &body })?;
    let shell = Shell::new(title, ("Desk", "/desk"), &room);
    Ok(page(&Shell {
        is_wide: true,
        ..shell
    }))
}

fn path_of(brief: &Brief) -> String {
    format!("/{}", brief.slug)
}

/// Lets browsers and caches keep a page that is the same for everybody.
fn kept(mut page: Response, how: &'static str) -> Response {
    let headers = page.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(how));
    page
}

/// The brief whose short name stands in the address.
async fn find_brief(store: &Store, slug: &str) -> Result<StoredBrief, PageError> {
    let missing = || PageError::not_found("There is no brief of this name.");
    let slug: Slug = slug.parse().map_err(|_| missing())?;
    briefs::find_by_slug(store, &slug).await?.ok_or_else(missing)
}

/// The reader whose mails carry the token, and their brief.
async fn find_reader(store: &Store, token: &str) -> Result<(Subscriber, StoredBrief), PageError> {
    let reader = subscribers::find_by_token(store, token_of(token)?)
        .await?
        .ok_or_else(no_reader)?;
    let stored = briefs::find(store, reader.brief).await?.ok_or_else(no_reader)?;
    Ok((reader, stored))
}

fn no_reader() -> PageError {
    PageError::NotFound {
        what: "This link belongs to no reader.".to_owned(),
        means: "It may have been cut off on its way. Copy the whole of it from the mail.".to_owned(),
        instead: crate::error::all_briefs(),
    }
}

/// What a mailed link carries, where it is one: 128 random bits in hexadecimal digits.
fn token_of(text: &str) -> Result<&str, PageError> {
    let whole = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    whole.then_some(text).ok_or_else(no_reader)
}
