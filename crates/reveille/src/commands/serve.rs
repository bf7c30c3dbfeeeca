//! `reveille serve`: everything on its schedule, and the web pages.

use std::{
    collections::BTreeSet, convert::Infallible, future::IntoFuture, net::SocketAddr, sync::Arc,
    time::Duration,
};

use anyhow::Context;
use reveille_desk::{Clicks, Desk, Imprint};
use reveille_mail::receiver;
use reveille_model::{BriefId, Day, UnixMillis};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    app::App, cli::Role, config::Config, jobs::Kind, outage, print, progress::Progress, returns,
    returns::Inbox, schedule, stop::told_to_stop, worker,
};

/// How often the schedule is looked at while nothing is due.
const TURN: Duration = Duration::from_secs(1);
/// A page that is the same for everybody is made anew after a second.
const KEPT: Duration = Duration::from_secs(1);
/// So long may requests that are under way at the end take.
const LAST_PAGES: Duration = Duration::from_secs(10);
/// What was counted of clicks is kept after so long.
const CLICKS_PAUSE: Duration = Duration::from_secs(5);
/// Articles are folded at most this often, in milliseconds.
const FOLDING_PAUSE_MILLIS: i64 = 10_000;
/// Who asked and never confirmed is forgotten so long after they last asked: 14 days for which the mailed link is good, and 30
/// in which whoever got that mail unasked may complain of it, in milliseconds. Until then their record is the only proof that
/// the mail was sent because somebody asked for it; later nothing is left that it could be needed for, and data that serves
/// no purpose any more must go (GDPR, article 5(1)(e)).
const UNCONFIRMED_MILLIS: i64 = (14 + 30) * 86_400_000;
/// So many of them at a time.
const FORGOTTEN: u32 = 1_000;
/// Answers to programs are kept under their key for a day, in milliseconds.
const ANSWERS_MILLIS: i64 = 86_400_000;
/// Tokens of mail services' calls are kept for a day, in milliseconds: longer than any of them is believed.
const TOKENS_MILLIS: i64 = 86_400_000;
/// Ended jobs and calls are kept as a record for so long: 14 days, in milliseconds.
const RECORD_MILLIS: i64 = 14 * 86_400_000;

pub(super) async fn run(app: &App, roles: &[Role]) -> anyhow::Result<()> {
    // From before anybody hears that it serves.
    let told = told_to_stop();
    let listeners = Listeners::open(app, roles).await?;
    let mut pages = JoinSet::new();
    // The pages hear of the end from here: a signal that came before they listened for it themselves would be lost on them.
    let (stop, stopped) = watch::channel(());
    if let Some(listener) = listeners.web {
        pages.spawn(serve_pages(app.clone(), listener, stopped));
    }
    // Work that is cut off by the end is taken up again at the next start: every step is a row.
    let ended = tokio::select! {
        Some(ended) = pages.join_next() => ended.map_err(anyhow::Error::from).flatten(),
        ended = take_returns(app, listeners.returns) => ended,
        ended = keep_at_it(app, roles) => ended,
        never = app.keep_time() => match never {},
        () = told => Ok(()),
    };
    drop(stop);
    if ended.is_err() {
        pages.abort_all();
    }
    // Mailings and pages end at the same time.
    let (stopped, last) = tokio::join!(app.stop(), pages.join_next());
    ended.and(stopped)?;
    last.unwrap_or(Ok(Ok(())))?
}

/// Where this node can be reached; bound before anything else begins, so that a port in use is told at the start.
struct Listeners {
    web: Option<TcpListener>,
    returns: Option<TcpListener>,
}

impl Listeners {
    async fn open(app: &App, roles: &[Role]) -> anyhow::Result<Self> {
        let (mut web, mut returns) = (None, None);
        if roles.contains(&Role::Web) {
            let listener = bind("web.listen", app.config.web.listen).await?;
            print::line(format!(
                "Serving {} on {}. Stop with Ctrl-C. `reveille desk link` lets an editor in.",
                app.config.web.public_url,
                listener.local_addr()?
            ))?;
            web = Some(listener);
        }
        if let (true, Some(listen)) = (roles.contains(&Role::Bounce), app.config.mail.returns_listen) {
            let listener = bind("mail.returns_listen", listen).await?;
            print::line(format!("Taking returned mail on {}.", listener.local_addr()?))?;
            returns = Some(listener);
        }
        if web.is_none() && returns.is_none() {
            print::line("Working on what is due. Stop with Ctrl-C.")?;
        }
        if roles == [Role::Bounce] && returns.is_none() && app.config.mail.returns.is_none() {
            tracing::warn!(
                "neither `mail.returns` nor `mail.returns_listen` says where mail comes back: there is nothing to do"
            );
        }
        Ok(Self { web, returns })
    }
}

async fn bind(key: &str, listen: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(listen).await;
    listener.with_context(|| format!("{key}: cannot listen on {listen} (is another Reveille running there?)"))
}

/// Serves the pages until the sender of `stopped` is gone, and gives requests under way some time to end.
async fn serve_pages(app: App, listener: TcpListener, stopped: watch::Receiver<()>) -> anyhow::Result<()> {
    let desk = desk(&app).await?;
    let clicks = Arc::clone(&desk.clicks);
    let desk = reveille_desk::router(desk).merge(returns::router(app.clone()));
    let web = axum::serve(listener, desk.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(gone(stopped.clone()));
    let ended = tokio::select! {
        ended = web.into_future() => ended.context("the web pages stopped"),
        () = keep_clicks(&app, &clicks) => Ok(()),
        // Whoever never ends a request does not keep us.
        () = async { gone(stopped).await; tokio::time::sleep(LAST_PAGES).await } => Ok(()),
    };
    clicks.keep(&app.store).await?;
    ended
}

/// Waits until the sender is gone, who never sends.
async fn gone(mut sender: watch::Receiver<()>) {
    while sender.changed().await.is_ok() {}
}

/// Puts what was counted of clicks into the store now and then, for ever. A crash loses what was counted since.
pub(crate) async fn keep_clicks(app: &App, clicks: &Clicks) {
    loop {
        tokio::time::sleep(CLICKS_PAUSE).await;
        if let Err(error) = clicks.keep(&app.store).await {
            tracing::warn!("clicks wait to be kept: {error:#}");
        }
    }
}

/// Takes mail that comes back, where this node is its mail server.
async fn take_returns(app: &App, listener: Option<TcpListener>) -> anyhow::Result<()> {
    let Some(listener) = listener else {
        return std::future::pending().await;
    };
    let name = app
        .config
        .mail
        .return_address
        .as_ref()
        .map_or("localhost", |address| address.domain());
    let taken = receiver::receive(listener, name, Arc::new(Inbox(app.clone()))).await;
    taken.context("the server for returned mail stopped")
}

/// What the web pages need of the application.
///
/// # Errors
/// Where the store fails, or the system has no randomness to give.
pub(crate) async fn desk(app: &App) -> anyhow::Result<Desk> {
    // The pages ask for a token per sign-up; a failing source of randomness shows at the start, not then.
    let fresh = crate::entropy::token()?;
    let mut tx = app.store.begin().await?;
    let secret = reveille_store::secrets::find_or_insert(&mut tx, "forms", &fresh).await?;
    tx.commit().await?;
    Ok(Desk {
        store: app.store.clone(),
        clock: app.clock.clone(),
        token: || crate::entropy::token().ok(),
        faces: crate::faces::faces,
        templates: Arc::clone(&app.templates),
        public_url: app.config.web.public_url.clone(),
        imprint: imprint(app),
        secret,
        keep_pages: KEPT,
        proxies: app.config.web.trusted_proxies.clone(),
        form_origins: app.config.web.form_origins.clone(),
        clicks: Arc::default(),
        polling: app.polling_bounds(),
        editing: Arc::new(app.clone()),
    })
}

/// Who stands behind the briefs, as sign-up forms say it.
pub(crate) fn imprint(app: &App) -> Imprint {
    let Config { mail, web, .. } = &*app.config;
    Imprint {
        identity: mail.identity.clone(),
        // Checked when the settings were read.
        privacy: web.privacy.as_ref().and_then(|page| page.parse().ok()),
    }
}

/// After a start an edition whose hour is over waits so long, in milliseconds, for what was not gathered meanwhile.
const CATCH_UP_MILLIS: i64 = 15 * 60_000;

/// Adds what has come due and runs it, for ever.
///
/// # Errors
/// Where the store was full or lost for too long.
async fn keep_at_it(app: &App, roles: &[Role]) -> anyhow::Result<()> {
    let mut schedule = Schedule {
        app,
        roles,
        purged: app.now(),
        patience: app.now().plus(CATCH_UP_MILLIS),
        told: BTreeSet::new(),
        over: BTreeSet::new(),
    };
    loop {
        let Err(down) = tokio::select! {
            down = schedule.keep() => down,
            down = work(app, roles) => down,
        };
        outage::sit_out(app, &down, outage::PATIENCE).await?;
        // What was not gathered meanwhile is waited for as after a start.
        schedule.patience = app.now().plus(CATCH_UP_MILLIS);
    }
}

/// What is due, and what is remembered of that from turn to turn.
struct Schedule<'a> {
    app: &'a App,
    roles: &'a [Role],
    /// When old records were last deleted.
    purged: UnixMillis,
    /// Until when an edition waits for what was not gathered before the start.
    patience: UnixMillis,
    /// Editions that nobody had approved by their hour.
    told: BTreeSet<(BriefId, Day)>,
    /// Editions that nobody compiled while it was their day.
    over: BTreeSet<(BriefId, Day)>,
}

impl Schedule<'_> {
    /// Adds what has come due, turn after turn.
    ///
    /// # Errors
    /// Where the store is full or lost.
    async fn keep(&mut self) -> anyhow::Result<Infallible> {
        loop {
            tell(self.turn().await)?;
            tokio::time::sleep(TURN).await;
        }
    }

    async fn turn(&mut self) -> anyhow::Result<()> {
        let (app, roles) = (self.app, self.roles);
        app.store.ensure_in_place()?;
        let briefs = reveille_store::briefs::list(&app.store).await?;
        if roles.contains(&Role::Gather) {
            schedule::sources(app).await?;
            schedule::hubs(app).await?;
            schedule::rereading(app).await?;
            schedule::folding(app, &briefs, FOLDING_PAUSE_MILLIS).await?;
        }
        if roles.contains(&Role::Deliver) {
            schedule::editions(app, &briefs, self.patience, &mut self.over).await?;
            schedule::forgotten(app, &briefs, &mut self.told).await?;
            schedule::webhooks(app).await?;
            schedule::alerts(app).await?;
        }
        if app.now().since(self.purged) > 3_600_000 {
            self.purged = app.now();
            let purged = self.purged;
            let mut tx = app.store.begin().await?;
            reveille_store::jobs::purge(&mut tx, purged.plus(-RECORD_MILLIS)).await?;
            reveille_store::webhooks::purge(&mut tx, purged.plus(-RECORD_MILLIS)).await?;
            reveille_store::alerts::purge(&mut tx, purged.plus(-RECORD_MILLIS)).await?;
            reveille_store::service_calls::purge(&mut tx, purged.plus(-TOKENS_MILLIS)).await?;
            reveille_store::reader_tally::fold(&mut tx).await?;
            reveille_store::figures::fold(&mut tx).await?;
            reveille_store::subscribers::forget_unconfirmed(
                &mut tx,
                purged.plus(-UNCONFIRMED_MILLIS),
                FORGOTTEN,
            )
            .await?;
            reveille_store::answers::purge(&mut tx, purged.plus(-ANSWERS_MILLIS)).await?;
            tx.commit().await?;
        }
        // Last: a Maildir that cannot be read keeps nothing else from its turn.
        if roles.contains(&Role::Bounce) {
            schedule::returns(app).await?;
        }
        Ok(())
    }
}

/// Runs what is due, turn after turn.
///
/// # Errors
/// Where the store is full or lost.
async fn work(app: &App, roles: &[Role]) -> anyhow::Result<Infallible> {
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| roles.contains(&kind.role()))
        .collect();
    loop {
        tell(worker::drain(app, &kinds, &Progress::silent()).await)?;
        tokio::time::sleep(TURN).await;
    }
}

/// A turn that failed is told and followed by the next, but where the store is full or lost.
fn tell(turn: anyhow::Result<()>) -> anyhow::Result<()> {
    match turn {
        Err(error) if worker::is_store_down(&error) => Err(error),
        Err(error) => {
            tracing::error!("{error:#}");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
