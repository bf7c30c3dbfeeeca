//! The web: public pages of a brief, its editions, sign-up, confirmation, leaving, and what a reader has a right to; the desk,
//! where editors work; and the address at which hubs tell of news.
//!
//! Every act is a form post that works without script. Pages are rendered here, on the server, one module per
//! page; the wording of an error is a page with a next step. This crate reads no clock and makes no randomness:
//! both are handed in by [`Desk`]. No page, status or header tells whether an address is on a list: only whoever
//! holds the mailed link learns that.

mod api;
mod assets;
mod caller;
mod canonical;
mod clicks;
mod crowd;
mod editing;
mod error;
mod events;
mod fresh;
mod guard;
mod health;
mod once_more;
pub mod outlook;
mod page;
mod pages;
mod reader_change;
mod session;
mod sign_up_form;
mod stamp;
mod standing;
mod visitor;
mod words;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{FromRef, State},
    http::StatusCode,
    middleware,
    response::Redirect,
    routing::{any, get, post},
};
use reveille_brief::render::{Face, Templates};
use reveille_model::{Bounds, CanonicalUrl, Clock, Network};
use reveille_store::Store;

use crowd::Crowd;

pub use clicks::Clicks;
pub use editing::{Change, Editing, Offer, Pending, Refusal, Right, Seen, SeenEntry, Words};
pub use error::{Missing, PageError, Place};
pub use events::{EVENT_DAYS, EventChange, change_event, open_event, recent_stories};
pub use guard::guarded;
pub use health::{Health, ago, told_by};
pub use page::{About, Shell, page};
pub use pages::embeddable_form;
pub use standing::deliveries_in_words;
pub use words::{Mail, confirmation_mail, country_named, data_mail, moved_mail};

/// Who asks for addresses, as the sign-up says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imprint {
    /// Who they are, with postal address; empty where nobody said.
    pub identity: String,
    /// The page that says what becomes of readers' data.
    pub privacy: Option<CanonicalUrl>,
}

/// What the pages work with.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Where everything is kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// A fresh unguessable token: 32 hexadecimal digits; nothing where the system has no randomness to give.
    pub token: fn() -> Option<String>,
    /// Faces of the machine that have these signs, for print.
    pub faces: fn(&BTreeSet<char>) -> Vec<Face>,
    /// What editions are written with.
    pub templates: Arc<Templates>,
    /// How readers reach these pages, for absolute links.
    pub public_url: String,
    /// Who stands behind the briefs.
    pub imprint: Imprint,
    /// With what the stamps of forms are signed: the same on every node.
    pub secret: String,
    /// For how long a page that is the same for everybody is handed out again without being made anew. A crowd that comes at
    /// one hour then costs as much as one visitor a second.
    pub keep_pages: Duration,
    /// Web servers in front of these pages, beside one on this machine: they are believed when they say for whom they ask.
    pub proxies: Vec<Network>,
    /// Origins (RFC 6454), such as `https://www.example.org`, whose pages may hold the sign-up form.
    pub form_origins: Vec<String>,
    /// What is counted of links that are followed; whoever serves the pages has it kept now and then.
    pub clicks: Arc<Clicks>,
    /// How often sources may be asked at most and at least.
    pub polling: Bounds,
    /// What editors do to an edition.
    pub editing: Arc<dyn Editing>,
}

impl Desk {
    /// The absolute address of the page at this path.
    fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.trim_end_matches('/'))
    }
}

/// What handlers ask for: the desk, and the crowd before it.
#[derive(Debug, Clone)]
struct Shared {
    desk: Arc<Desk>,
    crowd: Arc<Crowd>,
}

impl FromRef<Shared> for Arc<Desk> {
    fn from_ref(shared: &Shared) -> Self {
        Self::clone(&shared.desk)
    }
}

impl FromRef<Shared> for Arc<Crowd> {
    fn from_ref(shared: &Shared) -> Self {
        Self::clone(&shared.crowd)
    }
}

/// All pages. Serve it with connect info of [`std::net::SocketAddr`]: a sign-up's network address is part of the
/// proof of consent. The first segment of every fixed path is a name that [`reveille_model::Slug`] refuses.
pub fn router(desk: Desk) -> Router {
    let kept = Arc::new(fresh::Pages::new(desk.keep_pages));
    let shared = Shared {
        desk: Arc::new(desk),
        crowd: Arc::default(),
    };
    let pages = Router::new()
        .route("/", get(pages::home::show))
        .route("/assets/{file}", get(assets::serve))
        .route("/favicon.ico", get(assets::icon))
        .route(
            "/confirm/{token}",
            get(pages::confirm::show).post(pages::confirm::submit),
        )
        .route(
            "/leave/{token}",
            get(pages::leave::show).post(pages::leave::submit),
        )
        .route(
            "/my-data/{token}",
            get(pages::my_data::show).post(pages::my_data::submit),
        )
        .route(
            "/settings/{token}",
            get(pages::settings_show::show).post(pages::settings_change::submit),
        )
        .route(
            "/{brief}",
            get(pages::brief_show::show).post(pages::sign_up::submit),
        )
        .route("/{brief}/archive", get(pages::archive_show::show))
        .route("/{brief}/atom.xml", get(pages::feed_show::atom))
        .route("/{brief}/feed.json", get(pages::feed_show::json))
        .route("/{brief}/latest", get(pages::edition_show::latest))
        .route("/{brief}/{day}", get(pages::edition_show::show))
        .route("/{brief}/{day}/edition.pdf", get(pages::edition_print::pdf))
        .route("/{brief}/{day}/edition.epub", get(pages::edition_print::epub))
        .route("/{brief}/{day}/{number}", get(pages::entry_show::show))
        .route("/{brief}/{day}/{number}/go", get(pages::entry_go::follow))
        .route("/robots.txt", get(pages::site_map::robots))
        .route("/sitemap.xml", get(pages::site_map::show))
        .route("/desk/", get(|| async { Redirect::permanent("/desk") }))
        .nest("/desk", editors(&shared))
        .merge(api::router())
        .fallback(error::not_found);
    let hubs = get(pages::websub::agree).post(pages::websub::tell);
    guarded(pages.layer(middleware::from_fn(canonical::lead)))
        .layer(middleware::from_fn_with_state(kept, fresh::answer))
        .route("/healthz", get(healthz))
        .route("/websub/{token}", hubs.layer(guard::patience()))
        .with_state(shared)
}

/// The desk, below `/desk`. What stands in `inside` asks for a session before anything else, and nothing here takes orders
/// from another site.
fn editors(shared: &Shared) -> Router<Shared> {
    let inside = Router::new()
        .route("/", get(|| async { Redirect::to("/desk/editions") }))
        .route("/sign-out", post(pages::sign_in::sign_out))
        .route("/briefs", get(pages::briefs_list::show))
        .route(
            "/briefs/{brief}",
            get(pages::plan_show::show).post(pages::plan_change::submit),
        )
        .route("/briefs/{brief}/plan", post(pages::plan_edit::submit))
        .route("/briefs/{brief}/next", get(pages::edition_next::show))
        .route("/briefs/{brief}/sections", post(pages::section_move::submit))
        .route(
            "/briefs/{brief}/sections/{section}/remove",
            get(pages::section_remove::show).post(pages::section_remove::submit),
        )
        .route("/briefs/{brief}/{day}", get(pages::clicks_show::show))
        .route("/sources", get(pages::sources_list::show))
        .route(
            "/sources/{source}",
            get(pages::source_show::show).post(pages::source_change::submit),
        )
        .route(
            "/events",
            get(pages::events_list::show).post(pages::events_change::open),
        )
        .route("/editions", get(pages::editions_list::show))
        .route("/editions/{edition}/recall", post(pages::edition_recall::submit))
        .route(
            "/editions/{edition}",
            get(pages::edition_edit::show).post(pages::edition_approve::submit),
        )
        .route("/editions/{edition}/order", post(pages::edition_order::submit))
        .route("/editions/{edition}/proof", post(pages::edition_proof::submit))
        .route(
            "/editions/{edition}/add",
            get(pages::entry_add::show).post(pages::entry_add::submit),
        )
        .route(
            "/editions/{edition}/preview/{form}",
            get(pages::edition_preview::show),
        )
        .route(
            "/editions/{edition}/corrections/{correction}",
            get(pages::correction_mail::show).post(pages::correction_mail::submit),
        )
        .route(
            "/editions/{edition}/{entry}/correct",
            get(pages::entry_correct::show).post(pages::entry_correct::submit),
        )
        .route(
            "/editions/{edition}/{entry}",
            get(pages::words_show::show).post(pages::words_change::submit),
        )
        .route("/events/{section}", post(pages::events_change::submit))
        .route("/{*rest}", any(error::not_found))
        .route_layer(middleware::from_fn_with_state(shared.clone(), session::admit));
    Router::new()
        .route("/sign-in", get(pages::sign_in::explain))
        .route(
            "/sign-in/{token}",
            get(pages::sign_in::show).post(pages::sign_in::submit),
        )
        .merge(inside)
        .route_layer(middleware::from_fn_with_state(
            shared.clone(),
            session::refuse_strangers,
        ))
}

/// For whoever watches the process: whether it is up and its store answers.
async fn healthz(State(desk): State<Arc<Desk>>) -> (StatusCode, &'static str) {
    match reveille_store::briefs::list(&desk.store).await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!("the store does not answer: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n")
        }
    }
}
