//! One module per page.

pub(crate) mod archive_show;
pub(crate) mod brief_show;
pub(crate) mod briefs_list;
pub(crate) mod clicks_show;
pub(crate) mod confirm;
pub(crate) mod correction_mail;
pub(crate) mod edition_approve;
pub(crate) mod edition_edit;
pub(crate) mod edition_next;
pub(crate) mod edition_order;
pub(crate) mod edition_preview;
pub(crate) mod edition_print;
pub(crate) mod edition_proof;
pub(crate) mod edition_recall;
mod edition_room;
pub(crate) mod edition_show;
pub(crate) mod editions_list;
pub(crate) mod entry_add;
pub(crate) mod entry_correct;
pub(crate) mod entry_go;
pub(crate) mod entry_show;
pub(crate) mod events_change;
pub(crate) mod events_list;
pub(crate) mod feed_show;
pub(crate) mod home;
pub(crate) mod leave;
mod mailed;
pub(crate) mod my_data;
mod my_data_move;
pub(crate) mod plan_change;
pub(crate) mod plan_edit;
mod plan_fields;
pub(crate) mod plan_show;
mod section_fields;
pub(crate) mod section_move;
pub(crate) mod section_remove;
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
pub(crate) mod words_change;
pub(crate) mod words_show;

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use reveille_model::{Brief, Slug};
use reveille_store::{
    ReaderMail, Store, Tx,
    briefs::{self, StoredBrief},
    jobs,
    sessions::Session,
    subscribers::{self, Subscriber},
};

use crate::{
    Desk, Imprint, Refusal,
    error::{Missing, PageError},
    page::{Shell, page},
    words::{Say, Words},
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
    imprint: &'a Imprint,
    say: Say,
}

/// The sign-up form as plain HTML for a page of another site, which must be one of [`Desk::form_origins`]. It needs neither
/// script nor style.
///
/// [`Desk::form_origins`]: crate::Desk::form_origins
///
/// # Errors
/// Where the template fails.
pub fn embeddable_form(brief: &Brief, public_url: &str, imprint: &Imprint) -> Result<String, PageError> {
    body_of(&Embed {
        brief,
        action: &format!("{}{}", public_url.trim_end_matches('/'), path_of(brief)),
        imprint,
        say: Say::of_brief(brief),
    })
}

/// Renders a page of a brief into its frame.
fn framed(title: &str, brief: &Brief, template: &impl Template) -> Result<Response, PageError> {
    let body = body_of(template)?;
    let path = if brief.is_public() {
        path_of(brief)
    } else {
        "/".to_owned()
    };
    let masthead = (brief.name.as_str(), &*path);
    Ok(page(&Shell::spoken(
        Words::of(&brief.language),
        title,
        masthead,
        &body,
    )))
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Room<'a> {
    at: Door,
    /// The page's title: that of a door's own page is the door's name.
    title: &'a str,
    editor: &'a str,
    /// HTML that is safe to show.
    body: &'a str,
}

/// What the desk's menu leads to; the first is where it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Editions,
    Events,
    Sources,
    Briefs,
}

impl Door {
    const ALL: [Self; 4] = [Self::Editions, Self::Events, Self::Sources, Self::Briefs];

    const fn name(self) -> &'static str {
        match self {
            Self::Editions => "Editions",
            Self::Events => "Events",
            Self::Sources => "Sources",
            Self::Briefs => "Briefs",
        }
    }
}

/// Renders a page of the desk, behind this door, into its frame.
fn at_the_desk(
    at: Door,
    title: &str,
    session: &Session,
    template: &impl Template,
) -> Result<Response, PageError> {
    let editor = session.editor.as_str();
    let body = body_of(template)?;
    let room = body_of(&Room {
        at,
        title,
        editor,
        body: &body,
    })?;
    let shell = Shell::new(title, ("Desk", "/desk"), &room);
    let mut page = page(&Shell {
        is_wide: true,
        ..shell
    });
    let policy = HeaderValue::from_static(DESK_POLICY);
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(page)
}

/// The policy of every page, and that the desk's own script may send a form to us.
const DESK_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                           form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page that says why something was not done: in conflict with what somebody else did meanwhile, or as it is.
fn refused(mut page: Response, refusal: &Refusal) -> Response {
    if let Refusal::Meanwhile(_) = refusal {
        *page.status_mut() = StatusCode::CONFLICT;
    }
    page
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

/// The brief whose short name stands in the address. One that is for named readers is to others as if it were not there.
async fn find_brief(store: &Store, slug: &str) -> Result<StoredBrief, PageError> {
    let missing = || PageError::missing(Missing::Brief);
    let slug: Slug = slug.parse().map_err(|_| missing())?;
    let found = briefs::find_by_slug(store, &slug).await?;
    found
        .filter(|stored| stored.brief.is_public())
        .ok_or_else(missing)
}

/// The reader whose mails carry the token, and their brief.
async fn find_reader(store: &Store, token: &str) -> Result<(Subscriber, StoredBrief), PageError> {
    let reader = subscribers::find_by_token(store, token_of(token)?)
        .await?
        .ok_or_else(no_reader)?;
    let stored = briefs::find(store, reader.brief).await?.ok_or_else(no_reader)?;
    Ok((reader, stored))
}

/// Has a reader mailed something at once; not twice while the same waits.
async fn queue_mail(tx: &mut Tx, desk: &Desk, mail: ReaderMail) -> Result<(), PageError> {
    let now = desk.clock.now();
    jobs::insert(tx, &mail.job(now), now).await?;
    Ok(())
}

const fn no_reader() -> PageError {
    PageError::missing(Missing::Reader)
}

/// About a reader of a brief: what [`Say::of_brief`] knows, `email` masked, and `zone`.
fn say_to(brief: &Brief, reader: &Subscriber) -> Say {
    Say::of_brief(brief)
        .masked(&reader.email)
        .with("zone", reader.home.zone.name())
}

/// What a mailed link carries, where it is one: 128 random bits in hexadecimal digits.
fn token_of(text: &str) -> Result<&str, PageError> {
    let whole = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    whole.then_some(text).ok_or_else(no_reader)
}
