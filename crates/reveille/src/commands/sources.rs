//! `reveille sources`: where news comes from.

use std::path::Path;

use anyhow::{Context, bail};
use reveille_feed::{Hint, opml};
use reveille_gather::{Accept, Fetched, Request};
use reveille_model::{CanonicalUrl, Language, SourceKind, SourceState, UnixMillis, Uri};
use reveille_store::{
    Inserted,
    sources::{self as rows, NewSource, Source},
};
use url::Url;

use crate::{
    app::App,
    cli::SourcesCommand,
    jobs::{self, Visit, visit},
    print,
    progress::Progress,
};

pub(super) async fn run(app: &App, command: SourcesCommand) -> anyhow::Result<()> {
    match command {
        SourcesCommand::Add {
            url,
            carrier,
            weight,
            unseen,
        } => add(app, &url, carrier, weight, unseen).await,
        SourcesCommand::List { failing, json } => list(app, failing, json).await,
        SourcesCommand::Import { file } => import(app, &file).await,
        SourcesCommand::Export { file } => export(app, file.as_deref()).await,
        SourcesCommand::Check { urls } => check(app, &urls).await,
        SourcesCommand::Pause { url } => set_state(app, &url, SourceState::Paused).await,
        SourcesCommand::Resume { url } => set_state(app, &url, SourceState::Active).await,
    }
}

async fn add(app: &App, url: &str, carrier: Option<String>, weight: f64, unseen: bool) -> anyhow::Result<()> {
    if !(weight.is_finite() && weight > 0.0) {
        bail!("`--weight {weight}`: expected a number above 0, 1 for an ordinary source");
    }
    let found = match local(url)? {
        Some(found) => found,
        None if unseen => Found::unseen(url.parse()?),
        None => look(app, url.parse()?).await?,
    };
    let new = NewSource {
        carrier: carrier.unwrap_or(found.title),
        url: found.url,
        kind: found.kind,
        site_url: found.site,
        language: found.language,
        weight,
    };
    if insert(app, &new).await? {
        print::line(format!("Added {} ({}).", new.carrier, new.url))
    } else {
        print::line(format!("{} is there already.", new.url))
    }
}

/// What stands at the address that a person gave.
struct Found {
    url: Uri,
    kind: SourceKind,
    title: String,
    site: Option<CanonicalUrl>,
    language: Option<Language>,
}

impl Found {
    fn unseen(url: CanonicalUrl) -> Self {
        Self {
            title: url.host().to_owned(),
            url: url.into(),
            kind: SourceKind::Feed,
            site: None,
            language: None,
        }
    }
}

/// What is no address on the web: a mailbox, or what lies on this machine, a folder where wire messages land, a Maildir, an
/// mbox file.
fn local(place: &str) -> anyhow::Result<Option<Found>> {
    let path = Path::new(place);
    if place.starts_with("imaps://") {
        let url = Url::parse(place)?;
        return Ok(Some(Found {
            title: url.host_str().unwrap_or_default().to_owned(),
            url: Uri::Other(url),
            kind: SourceKind::Imap,
            site: None,
            language: None,
        }));
    }
    if place.contains("://") || !path.exists() {
        return Ok(None);
    }
    let path = path
        .canonicalize()
        .with_context(|| format!("cannot read {place}"))?;
    let kind = if path.join("new").is_dir() && path.join("cur").is_dir() {
        SourceKind::Maildir
    } else if path.is_dir() {
        SourceKind::Wires
    } else {
        SourceKind::Mbox
    };
    let url =
        Url::from_file_path(&path).map_err(|()| anyhow::anyhow!("{place} is no path of this machine"))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Some(Found {
        title: name.into_owned(),
        url: Uri::Other(url),
        kind,
        site: None,
        language: None,
    }))
}

/// The address or the name under which a source was added.
fn address(place: &str) -> anyhow::Result<Uri> {
    match local(place)? {
        Some(found) => Ok(found.url),
        None => Ok(place.parse()?),
    }
}

/// Visits the address; where a page stands there, the feed that the page names.
async fn look(app: &App, url: CanonicalUrl) -> anyhow::Result<Found> {
    let document = fetch(app, &url).await?;
    let hint = Hint {
        url: Some(document.url.url()),
        content_type: document.content_type.as_deref(),
    };
    let error = match reveille_feed::parse(&document.body, &hint) {
        Ok(feed) => return Ok(found(url, feed)),
        Err(error) => error,
    };
    let links = reveille_feed::discover(&document.body, document.url.url());
    let Some(link) = links.first() else {
        bail!("{url}: {error}; no feed is named there either (`--unseen` adds it all the same)");
    };
    let url = CanonicalUrl::try_from(link.url.clone())?;
    let document = fetch(app, &url).await?;
    let hint = Hint {
        url: Some(document.url.url()),
        content_type: document.content_type.as_deref(),
    };
    let feed = reveille_feed::parse(&document.body, &hint)
        .with_context(|| format!("{url} names the feed {}, which cannot be read", link.url))?;
    Ok(found(url, feed))
}

async fn fetch(app: &App, url: &CanonicalUrl) -> anyhow::Result<reveille_gather::Document> {
    let request = Request::new(url.clone(), Accept::Feed);
    let hint = "`--unseen` adds a source without a visit";
    match app.gatherer.fetch(&request).await {
        Ok(Fetched::Document(document)) => Ok(document),
        Ok(Fetched::NotModified) => bail!("{url}: the server answered 304 to a first request; {hint}"),
        Err(error) => Err(error).with_context(|| format!("{url} could not be read; {hint}")),
    }
}

fn found(url: CanonicalUrl, feed: reveille_feed::Feed) -> Found {
    let title = if feed.title.trim().is_empty() {
        url.host().to_owned()
    } else {
        feed.title
    };
    Found {
        title,
        url: url.into(),
        kind: SourceKind::Feed,
        site: feed.site_url,
        language: feed.language,
    }
}

async fn insert(app: &App, new: &NewSource) -> anyhow::Result<bool> {
    let mut tx = app.store.begin().await?;
    let inserted = rows::insert(&mut tx, new, app.now()).await?;
    tx.commit().await?;
    Ok(matches!(inserted, Inserted::New(_)))
}

async fn list(app: &App, failing: bool, json: bool) -> anyhow::Result<()> {
    let mut sources = rows::list(&app.store, rows::Filter::default()).await?;
    sources.retain(|source| !failing || source.failures > 0 || source.state == SourceState::Gone);
    if json {
        let all: Vec<_> = sources.iter().map(as_json).collect();
        return print::line(serde_json::to_string_pretty(&all)?);
    }
    if sources.is_empty() {
        return print::line(if failing {
            "No source failed."
        } else {
            "No sources yet: `reveille sources add URL`."
        });
    }
    let now = app.now();
    let row = |source: &Source| {
        let state = match (&source.last_error, source.state) {
            (_, SourceState::Paused) => "paused".to_owned(),
            (Some(error), _) => format!(
                "{}: {error}",
                if source.state == SourceState::Gone {
                    "gone"
                } else {
                    "failing"
                }
            ),
            (None, _) if source.last_success_at.is_none() => "not read yet".to_owned(),
            (None, _) => "well".to_owned(),
        };
        let next = if source.state == SourceState::Active && source.kind != SourceKind::Letters {
            until(now, source.next_fetch_at)
        } else {
            "–".to_owned()
        };
        vec![
            source.carrier.clone(),
            source.url.to_string(),
            ago(now, source.last_success_at),
            next,
            state,
        ]
    };
    let table: Vec<_> = sources.iter().map(row).collect();
    print::line(print::table(
        &["CARRIER", "ADDRESS", "LAST READ", "NEXT TRY", "STATE"],
        &table,
    ))
}

fn as_json(source: &Source) -> serde_json::Value {
    serde_json::json!({
        "carrier": source.carrier,
        "url": source.url,
        "state": source.state,
        "weight": source.weight,
        "last_fetch": source.last_fetch_at.map(|at| at.to_string()),
        "last_success": source.last_success_at.map(|at| at.to_string()),
        "next_fetch": source.next_fetch_at.to_string(),
        "failures": source.failures,
        "last_error": source.last_error,
    })
}

fn ago(now: UnixMillis, at: Option<UnixMillis>) -> String {
    at.map_or_else(|| "never".to_owned(), |at| format!("{} ago", span(now.since(at))))
}

fn until(now: UnixMillis, at: UnixMillis) -> String {
    if at <= now {
        "now".to_owned()
    } else {
        format!("in {}", span(at.since(now)))
    }
}

fn span(millis: i64) -> String {
    let minutes = millis.max(0) / 60_000;
    match minutes {
        0 => "less than 1 min".to_owned(),
        1..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

async fn import(app: &App, file: &Path) -> anyhow::Result<()> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let outlines = opml::parse(&bytes).with_context(|| format!("{} is no OPML file", file.display()))?;
    let (mut added, mut known, mut bad) = (0, 0, 0);
    let step = Progress::to_stderr().step("Importing sources");
    step.set_total(outlines.len() as u64);
    let mut tx = app.store.begin().await?;
    for outline in outlines {
        step.advance();
        let Ok(url) = outline.feed_url.parse::<CanonicalUrl>() else {
            bad += 1;
            eprintln!(
                "{}: `{}` is no address of a feed and was left out",
                file.display(),
                outline.feed_url
            );
            continue;
        };
        let new = NewSource {
            carrier: if outline.title.is_empty() {
                url.host().to_owned()
            } else {
                outline.title
            },
            url: url.into(),
            kind: SourceKind::Feed,
            site_url: outline.site_url.and_then(|site| site.parse().ok()),
            language: None,
            weight: 1.0,
        };
        match rows::insert(&mut tx, &new, app.now()).await? {
            Inserted::New(_) => added += 1,
            Inserted::Known(_) => known += 1,
        }
    }
    tx.commit().await?;
    step.finish("done");
    print::line(format!(
        "{added} sources added, {known} were there already, {bad} were left out."
    ))
}

async fn export(app: &App, file: Option<&Path>) -> anyhow::Result<()> {
    let outlines: Vec<opml::Outline> = rows::list(&app.store, rows::Filter::default())
        .await?
        .into_iter()
        .filter(|source| source.url.web().is_some())
        .map(|source| opml::Outline {
            title: source.carrier,
            feed_url: source.url.into(),
            site_url: source.site_url.map(Into::into),
            category: None,
        })
        .collect();
    let text = opml::write("Reveille sources", &outlines);
    match file {
        Some(file) => std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display())),
        None => print::line(text.trim_end()),
    }
}

async fn check(app: &App, urls: &[String]) -> anyhow::Result<()> {
    let mut sources = rows::list(&app.store, rows::Filter::default()).await?;
    sources.retain(|source| match urls {
        [] => source.state == SourceState::Active,
        some => some
            .iter()
            .any(|url| address(url).is_ok_and(|url| url == source.url)),
    });
    if sources.len() < urls.len() {
        bail!("not all of these addresses are sources (`reveille sources list` shows all)");
    }
    let mut failed = 0;
    for mut source in sources {
        (source.etag, source.last_modified) = (None, None);
        if source.kind == SourceKind::Letters {
            continue;
        }
        if let Some(mailbox) = jobs::mailbox_of(app, &source) {
            match jobs::ask_mailbox(&mailbox, None).await {
                Ok(news) => print::line(format!("{}: well, {} letters", source.url, news.letters.len()))?,
                Err(error) => {
                    failed += 1;
                    print::line(format!(
                        "{}: failing: {:#}",
                        source.url,
                        anyhow::Error::from(error)
                    ))?;
                }
            }
            continue;
        }
        if let Some(folder) = jobs::folder_of(&source) {
            match jobs::look_into(&source, &folder) {
                Ok(files) => print::line(format!("{}: well, {files} files", source.url))?,
                Err(error) => {
                    failed += 1;
                    print::line(format!("{}: failing: {error}", source.url))?;
                }
            }
            continue;
        }
        let said = match visit(app, &source).await {
            Visit::Unchanged => "unchanged".to_owned(),
            Visit::News { items, .. } => format!("well, {} recent entries", items.len()),
            Visit::Failed { error, .. } => {
                failed += 1;
                format!("failing: {error}")
            }
        };
        print::line(format!("{}: {said}", source.url))?;
    }
    if failed > 0 {
        bail!("{failed} sources could not be read")
    } else {
        Ok(())
    }
}

async fn set_state(app: &App, url: &str, state: SourceState) -> anyhow::Result<()> {
    let url = address(url)?;
    let source = rows::find_by_url(&app.store, &url).await?;
    let source = source.with_context(|| format!("{url} is no source (`reveille sources list` shows all)"))?;
    let mut tx = app.store.begin().await?;
    rows::set_state(&mut tx, source.id, state).await?;
    tx.commit().await?;
    print::line(format!("{} is {state} now.", source.carrier))
}
