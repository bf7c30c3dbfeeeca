//! What the demo has around it: the invented web, the mail catcher, the ports, and the first rows of the store.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use reveille_mail::catcher::{Catcher, CatcherOptions};
use reveille_model::{Clock, Consent, ConsentKind, Home, Means, SourceKind, SubscriberState, ZoneOrigin};
use reveille_store::{briefs::StoredBrief, sources::NewSource, subscribers::NewSubscriber};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{mailbox, sample::Morning, web};
use crate::{
    app::App,
    commands,
    config::{Config, Sources},
    entropy,
};

/// The ports of a demo, kept in its folder: links in an edition must lead to the same places after a restart.
#[derive(Debug, Serialize, Deserialize)]
struct Ports {
    sample_web: u16,
    pages: u16,
}

/// Everything that runs around the morning; it ends with the process.
pub(super) struct Surroundings {
    pub(super) public_url: String,
    pub(super) outlet_url: String,
    pub(super) mailbox: PathBuf,
    desk: std::sync::Mutex<Option<TcpListener>>,
    catcher: Catcher,
    smtp_port: u16,
}

/// Where the folder keeps the ports that the demo's links hold, and its store.
const PORTS: &str = "ports.json";
const STORE: &str = "reveille.db";

impl Surroundings {
    /// Starts the invented web and the mail catcher on loopback and finds a port for the pages.
    pub(super) async fn start(
        dir: &Path,
        port: u16,
        morning: Arc<Morning>,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let (sample, desk) = listeners(dir, port).await?;
        let sample_port = sample.local_addr()?.port();
        let outlet_url = morning
            .sources()
            .first()
            .map(|source| format!("http://{}:{sample_port}/", source.host));
        let router = web::router(morning, clock);
        tokio::spawn(axum::serve(sample, router).into_future());

        let mailbox = dir.join("mailbox");
        let smtp = TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("no port for the mail catcher")?;
        let smtp_port = smtp.local_addr()?.port();
        let catcher = Catcher::start(smtp, &mailbox, CatcherOptions::default())?;

        let public_url = format!("http://{}", desk.local_addr()?);
        Ok(Self {
            public_url,
            outlet_url: outlet_url.unwrap_or_default(),
            mailbox,
            desk: std::sync::Mutex::new(Some(desk)),
            catcher,
            smtp_port,
        })
    }

    /// The demo's settings: the same keys as anybody's, given as flags.
    pub(super) fn config(&self, dir: &Path, settings: Vec<(String, String)>) -> anyhow::Result<Config> {
        let flags = [
            ("store.url", format!("sqlite:{}", dir.join(STORE).display())),
            ("gather.allow_networks", "127.0.0.0/8".to_owned()),
            ("gather.host_delay_millis", "0".to_owned()),
            ("gather.longest_interval_minutes", "30".to_owned()),
            ("mail.transport", "smtp".to_owned()),
            ("mail.from_address", "brief@reveille.example".to_owned()),
            (
                "mail.identity",
                "The Morning Brief, 1 Harbour Street, Newport (a demo; nothing here is real)".to_owned(),
            ),
            ("mail.smtp.host", "127.0.0.1".to_owned()),
            ("mail.smtp.port", self.smtp_port.to_string()),
            ("mail.smtp.tls", "none".to_owned()),
            ("web.public_url", self.public_url.clone()),
        ];
        let own = flags.map(|(key, value)| (key.to_owned(), value));
        let flags = own.into_iter().chain(settings).collect();
        Ok(Config::load(&Sources {
            flags,
            ..Sources::default()
        })
        .map_err(commands::SettingsError)?)
    }

    /// Serves the web pages, the mailbox among them.
    pub(super) async fn serve_desk(&self, app: &App) -> anyhow::Result<JoinHandle<std::io::Result<()>>> {
        let listener = self
            .desk
            .lock()
            .ok()
            .and_then(|mut slot| slot.take())
            .context("the pages are served already")?;
        let desk = commands::desk(app).await?;
        let (counting, clicks) = (app.clone(), Arc::clone(&desk.clicks));
        tokio::spawn(async move { commands::keep_clicks(&counting, &clicks).await });
        let router = reveille_desk::router(desk)
            .merge(mailbox::router(self.mailbox.clone()))
            .into_make_service_with_connect_info::<SocketAddr>();
        Ok(tokio::spawn(axum::serve(listener, router).into_future()))
    }

    /// Messages that came a second time under the same Message-ID.
    pub(super) fn repeats(&self) -> u64 {
        self.catcher.tally().repeated
    }
}

/// Whether a folder is a demo's, or may become one: it holds nobody else's store.
pub(super) fn may_use(dir: &Path) -> bool {
    dir.join(PORTS).exists() || !dir.join(STORE).exists()
}

/// Listeners for the invented web and for the pages: on the ports that the folder remembers, or on free ones,
/// which it then remembers.
async fn listeners(dir: &Path, port: u16) -> anyhow::Result<(TcpListener, TcpListener)> {
    let file = dir.join(PORTS);
    let known = std::fs::read(&file)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Ports>(&bytes).ok());
    if let Some(ports) = known {
        return Ok((again(ports.sample_web).await?, again(ports.pages).await?));
    }
    let sample = TcpListener::bind(("127.0.0.1", 0))
        .await
        .context("no port for the invented web")?;
    let pages = free_from(port).await?;
    let ports = Ports {
        sample_web: sample.local_addr()?.port(),
        pages: pages.local_addr()?.port(),
    };
    // Written aside and renamed: a demo that is killed here must not leave half a file.
    let unfinished = dir.join("ports.json.new");
    let written = std::fs::write(&unfinished, serde_json::to_vec(&ports)?)
        .and_then(|()| std::fs::rename(&unfinished, &file));
    written.with_context(|| format!("cannot write {}", file.display()))?;
    Ok((sample, pages))
}

async fn again(port: u16) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    listener.with_context(|| {
        format!("port {port}, which this demo's links hold, is in use: give another folder by --dir")
    })
}

/// The first free port of twenty, or any for port 0.
async fn free_from(port: u16) -> anyhow::Result<TcpListener> {
    for port in port..port.saturating_add(20) {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
            return Ok(listener);
        }
    }
    anyhow::bail!(
        "no port from {port} to {} is free: give another by --port",
        port.saturating_add(19)
    )
}

/// Enters the sample's sources, brief and readers; those that are there already are left alone.
pub(super) async fn seed(app: &App, morning: &Morning, here: &Surroundings) -> anyhow::Result<StoredBrief> {
    let now = app.now();
    let port = here
        .outlet_url
        .rsplit(':')
        .next()
        .map(|rest| rest.trim_end_matches('/').to_owned())
        .unwrap_or_default();
    let mut tx = app.store.begin().await?;
    for source in morning.sources() {
        let new = NewSource {
            url: format!("http://{}:{port}{}", source.host, source.feed).parse()?,
            kind: SourceKind::Feed,
            carrier: source.carrier.clone(),
            site_url: Some(format!("http://{}:{port}/", source.host).parse()?),
            language: None,
            weight: source.weight,
            icon_url: None,
        };
        reveille_store::sources::insert(&mut tx, &new, now).await?;
    }
    let brief = morning.brief();
    reveille_store::briefs::insert(&mut tx, brief, now).await?;
    tx.commit().await?;
    let stored = reveille_store::briefs::find_by_slug(&app.store, &brief.slug)
        .await?
        .context("the brief is gone")?;

    let mut tx = app.store.begin().await?;
    for reader in morning.readers() {
        let consent = Consent {
            kind: ConsentKind::Entered,
            at: now,
            sentence: "Invented for the demo".to_owned(),
            means: Means::Editor,
        };
        let new = NewSubscriber {
            brief: stored.id,
            email: reader.email.clone(),
            home: Home::of(
                reader.country.code(),
                Some((reader.zone.clone(), ZoneOrigin::Import)),
                &brief.zone,
            ),
            state: SubscriberState::Active,
            token: entropy::token()?,
            consent,
        };
        reveille_store::subscribers::insert(&mut tx, &new).await?;
    }
    tx.commit().await?;
    Ok(stored)
}
