//! `reveille sources add` and `find`.

use anyhow::{anyhow, bail};
use reveille_gather::{FetchError, Gatherer};
use reveille_model::{CanonicalUrl, SourceKind, UnixMillis};
use reveille_store::sources::NewSource;

use super::{insert, local::local};
use crate::{
    app::{self, App},
    cli::Global,
    commands::{clock_of, load, start_log},
    discovery::{Found, discover},
    print,
};

/// What a person says of the source that they add.
pub(super) struct Wish {
    pub(super) carrier: Option<String>,
    pub(super) weight: f64,
    pub(super) unseen: bool,
}

pub(super) async fn add(app: &App, address: &str, wish: Wish) -> anyhow::Result<()> {
    let Wish {
        carrier,
        weight,
        unseen,
    } = wish;
    if !(weight.is_finite() && weight > 0.0) {
        bail!("`--weight {weight}`: expected a number above 0, 1 for an ordinary source");
    }
    if let Some(here) = local(address)? {
        return told(
            app,
            &NewSource {
                carrier: carrier.unwrap_or(here.title),
                url: here.url,
                kind: here.kind,
                site_url: None,
                language: None,
                weight,
                icon_url: None,
            },
        )
        .await;
    }
    if address.starts_with("mailto:") || address.starts_with("urn:") {
        bail!(
            "`{address}` cannot be visited: a newsletter is a source as soon as its mailbox, which is one too, has a letter of it; \
             `reveille sources resume` brings back one that was removed"
        );
    }
    let url = address_of(address)?;
    let mut found = if unseen {
        Vec::new()
    } else {
        look(&app.gatherer, app.now(), &url).await?
    };
    let others = found.split_off(found.len().min(1));
    let new = match found.pop() {
        Some(best) => NewSource {
            carrier: carrier.unwrap_or_else(|| best.outlet().to_owned()),
            url: best.url.into(),
            kind: best.kind,
            site_url: best.site,
            language: best.language,
            weight,
            icon_url: best.icon,
        },
        None => NewSource {
            carrier: carrier.unwrap_or_else(|| url.host().to_owned()),
            url: url.into(),
            kind: SourceKind::Feed,
            site_url: None,
            language: None,
            weight,
            icon_url: None,
        },
    };
    told(app, &new).await?;
    if others.is_empty() {
        return Ok(());
    }
    print::line(format!("Found there too:\n{}", table(app.now(), &others)))
}

async fn told(app: &App, new: &NewSource) -> anyhow::Result<()> {
    if insert(app, new).await? {
        print::line(format!("Added {} ({}).", new.carrier, new.url))
    } else {
        print::line(format!("{} is there already.", new.url))
    }
}

/// It needs no store: whoever looks around has none yet.
pub(super) async fn find(global: &Global, address: &str) -> anyhow::Result<()> {
    let config = load(global)?;
    start_log(&config);
    let clock = clock_of(global);
    let gatherer = app::gatherer(&config, clock.clone())?;
    let found = look(&gatherer, clock.now(), &address_of(address)?).await?;
    print::line(table(clock.now(), &found))
}

/// What a person types: `example.org` will do.
fn address_of(text: &str) -> Result<CanonicalUrl, reveille_model::UrlError> {
    let has_scheme = text.contains("://");
    if has_scheme {
        text.parse()
    } else {
        format!("https://{text}").parse()
    }
}

async fn look(gatherer: &Gatherer, now: UnixMillis, url: &CanonicalUrl) -> anyhow::Result<Vec<Found>> {
    let hint = "`--unseen` adds a source without a visit";
    let found = discover(gatherer, now, url).await.map_err(|error| {
        let is_closed = |error: &FetchError| error.is_closed();
        match error.downcast_ref().is_some_and(is_closed) {
            true => anyhow!("{error:#}: `gather.allow_networks` opens it"),
            false => anyhow!("{error:#}; {hint}"),
        }
    })?;
    if found.is_empty() {
        bail!(
            "{url} is no feed, and neither the page, nor robots.txt, nor the usual places have one; {hint}"
        );
    }
    Ok(found)
}

fn table(now: UnixMillis, found: &[Found]) -> String {
    let row = |found: &Found| {
        vec![
            found.title.clone(),
            found.url.to_string(),
            found.kind.to_string(),
            found.entries.to_string(),
            reveille_desk::ago(now, found.newest),
        ]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    print::table(&["TITLE", "ADDRESS", "KIND", "ENTRIES", "NEWEST"], &rows)
}
