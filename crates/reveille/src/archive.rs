//! Pages into a folder of WARC files, where the settings ask for it (`gather.warc`), and out of one.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{BufReader, Write},
    path::Path,
};

use anyhow::Context;
use reveille_gather::{
    Document,
    warc::{self, Archived},
};
use reveille_model::{ArticleState, CanonicalUrl, SourceId, SourceKind, SourceState};
use reveille_store::{
    Tx,
    articles::{self, NewArticle},
    sources::{self, NewSource},
};

use crate::{
    app::App,
    entropy,
    jobs::{read_page, request_amendment},
};

/// Appends a fetched page to the hour's archive.
///
/// # Errors
/// Where the folder takes no more.
pub(crate) fn keep(app: &App, document: &Document) -> anyhow::Result<()> {
    let Some(folder) = &app.config.gather.warc else {
        return Ok(());
    };
    let archived = Archived {
        url: document.url.clone(),
        at: Some(app.now()),
        content_type: document.content_type.clone(),
        body: document.body.clone(),
    };
    append(app, Path::new(folder), &archived).context("gather.warc: the page cannot be archived")
}

fn append(app: &App, folder: &Path, page: &Archived) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let hour = app.now().timestamp().strftime("%Y%m%d-%H").to_string();
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join(format!("reveille-{hour}.warc.gz")))?;
    let mut members = Vec::new();
    if file.metadata()?.len() == 0 {
        let software = concat!("reveille/", env!("CARGO_PKG_VERSION"));
        members = warc::info(software, app.now(), entropy::bits()?)?;
    }
    members.extend(warc::resource(page, entropy::bits()?)?);
    // In one piece, so that of two processes neither writes into the other's record.
    Ok(file.write_all(&members)?)
}

/// What an archive brought.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) documents: usize,
    pub(crate) articles: usize,
    pub(crate) changed: usize,
}

/// Reads the articles of an archive. Each goes to the source of its site; a site without one gets one that is paused.
///
/// # Errors
/// Where the archive is damaged, or the store fails. What was read before that stays.
pub(crate) async fn read(app: &App, path: &Path) -> anyhow::Result<Tally> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
    let most = app.config.gather.max_page_mib << 20;
    let archive = warc::read(BufReader::new(file), most).with_context(|| format!("cannot read {shown}"))?;
    let mut sites: HashMap<String, SourceId> = HashMap::new();
    for source in sources::list(&app.store, sources::Filter::default()).await? {
        sites.extend(source.sites().map(|site| (site.to_owned(), source.id)));
    }
    let mut tally = Tally::default();
    for archived in archive {
        let archived = archived.with_context(|| format!("{shown} is damaged"))?;
        tally.documents += 1;
        keep_page(app, &mut sites, archived, &mut tally).await?;
    }
    Ok(tally)
}

async fn keep_page(
    app: &App,
    sites: &mut HashMap<String, SourceId>,
    archived: Archived,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let kind = archived
        .content_type
        .clone()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let (url, fetched_at) = (archived.url.clone(), archived.at.unwrap_or_else(|| app.now()));
    // A site's front page is no article.
    if !kind.contains("html") || url.url().path() == "/" {
        return Ok(());
    }
    let charset = kind
        .split_once("charset=")
        .map(|(_, name)| name.trim_matches(['"', ' ']).to_owned());
    let Some(article) = read_page(archived.body, url.clone(), charset, None).await? else {
        return Ok(());
    };
    tally.articles += 1;
    let known = articles::find_by_url(&app.store, &url.clone().into()).await?;
    if known.is_some_and(|known| known.fetched_at >= fetched_at) {
        return Ok(());
    }
    let mut tx = app.store.begin().await?;
    let source = match sites.get(url.site()) {
        Some(id) => *id,
        None => add_site(app, &mut tx, &url, article.carrier.as_deref()).await?,
    };
    sites.insert(url.site().to_owned(), source);
    let new = NewArticle {
        item: None,
        source,
        url: url.into(),
        article,
        wire: None,
        fetched_at,
    };
    let stored = articles::upsert(&mut tx, &new).await?;
    tally.changed += usize::from(stored.changed);
    request_amendment(app, &mut tx, stored, ArticleState::Standing).await?;
    Ok(tx.commit().await?)
}

async fn add_site(
    app: &App,
    tx: &mut Tx,
    url: &CanonicalUrl,
    carrier: Option<&str>,
) -> anyhow::Result<SourceId> {
    let front = url.join("/")?;
    let new = NewSource {
        url: front.clone().into(),
        kind: SourceKind::Feed,
        carrier: carrier.unwrap_or_else(|| url.site()).to_owned(),
        site_url: Some(front),
        language: None,
        weight: 1.0,
        icon_url: None,
    };
    let id = sources::insert(tx, &new, app.now()).await?.id();
    sources::set_state(tx, id, SourceState::Paused).await?;
    Ok(id)
}
