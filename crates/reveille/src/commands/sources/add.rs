//! `reveille sources add` and `find`.

use anyhow::bail;
use reveille_gather::{FetchError, Gatherer};
use reveille_model::{CanonicalUrl, SourceKind, UnixMillis, Uri};
use reveille_store::sources::NewSource;

use super::{address::on_the_web, insert, is_weight, local::local};
use crate::{
    app::{self, App},
    cli::Global,
    commands::{OF_COMMAND, begin, clock_of, load, start_log},
    discovery::{Found, discover},
    print,
};

/// What a person says of the source that they add.
pub(super) struct Wish {
    pub(super) carrier: Option<String>,
    pub(super) weight: f64,
    pub(super) unseen: bool,
}

pub(super) async fn add(global: &Global, address: &str, wish: Wish) -> anyhow::Result<()> {
    let looking = Looking::ready(global)?;
    let Meant { new, faults, others } = meant(&looking, address, wish).await?;
    // Not before there is something to put into it: it may have to be made.
    let app = begin(global).await?;
    told(&app, &new).await?;
    for fault in faults {
        print::line(format!("It is damaged, and read as far as that goes: {fault}."))?;
    }
    if others.is_empty() {
        return Ok(());
    }
    print::line(format!("Found there too:\n{}", table(looking.now, &others)))
}

pub(super) async fn find(global: &Global, address: &str) -> anyhow::Result<()> {
    let looking = Looking::ready(global)?;
    if let Some(here) = local(address)? {
        bail!(
            "{} is no site: `reveille sources add` takes it as it is",
            here.url
        );
    }
    let found = look(&looking, &on_the_web(address)?).await?;
    print::line(table(looking.now, &found))
}

/// What it takes to look at a site; no store.
struct Looking {
    gatherer: Gatherer,
    now: UnixMillis,
}

impl Looking {
    fn ready(global: &Global) -> anyhow::Result<Self> {
        let config = load(global)?;
        start_log(&config, OF_COMMAND);
        let clock = clock_of(global);
        Ok(Self {
            now: clock.now(),
            gatherer: app::gatherer(&config, clock)?,
        })
    }
}

/// What a person meant by what they typed.
struct Meant {
    new: NewSource,
    /// What had to be forgiven in it, in words.
    faults: Vec<String>,
    /// What else its site has.
    others: Vec<Found>,
}

impl Meant {
    fn alone(new: NewSource) -> Self {
        Self {
            new,
            faults: Vec::new(),
            others: Vec::new(),
        }
    }
}

async fn meant(looking: &Looking, address: &str, wish: Wish) -> anyhow::Result<Meant> {
    let Wish {
        carrier,
        weight,
        unseen,
    } = wish;
    if !is_weight(weight) {
        bail!("`--weight {weight}`: expected a number above 0, 1 for an ordinary source");
    }
    if let Some(here) = local(address)? {
        let carrier = carrier.unwrap_or(here.title);
        return Ok(Meant::alone(bare(here.url, here.kind, carrier, weight)));
    }
    if address.starts_with("mailto:") || address.starts_with("urn:") {
        bail!(
            "`{address}` cannot be visited: a newsletter is a source as soon as its mailbox, which is one too, has a letter of it; \
             `reveille sources resume` brings back one that was removed"
        );
    }
    let mut urls = on_the_web(address)?;
    let mut found = match unseen {
        true => Vec::new(),
        false => look(looking, &urls).await?,
    };
    let others = found.split_off(found.len().min(1));
    let Some(best) = found.pop() else {
        let likeliest = urls.swap_remove(0);
        let carrier = carrier.unwrap_or_else(|| likeliest.host().to_owned());
        let url = likeliest.into();
        return Ok(Meant::alone(bare(url, SourceKind::Feed, carrier, weight)));
    };
    let carrier = carrier.unwrap_or_else(|| best.outlet().to_owned());
    let new = NewSource {
        site_url: best.site,
        language: best.language,
        icon_url: best.icon,
        ..bare(best.url.into(), best.kind, carrier, weight)
    };
    Ok(Meant {
        new,
        faults: best.faults,
        others,
    })
}

/// A source of which no more is known.
const fn bare(url: Uri, kind: SourceKind, carrier: String, weight: f64) -> NewSource {
    NewSource {
        url,
        kind,
        carrier,
        site_url: None,
        language: None,
        weight,
        icon_url: None,
    }
}

async fn told(app: &App, new: &NewSource) -> anyhow::Result<()> {
    if insert(app, new).await? {
        print::line(format!("Added {} ({}).", new.carrier, new.url))
    } else {
        print::line(format!("{} is there already.", new.url))
    }
}

/// What stands at the first of these addresses, or at the next one where the host does not speak TLS. A certificate that is
/// not valid is no reason to ask without one.
async fn look(looking: &Looking, urls: &[CanonicalUrl]) -> anyhow::Result<Vec<Found>> {
    let hint = "`--unseen` adds a source without a visit";
    let is = |error: &anyhow::Error, what: fn(&FetchError) -> bool| error.downcast_ref().is_some_and(what);
    let mut failed: Vec<String> = Vec::new();
    for url in urls {
        match discover(&looking.gatherer, looking.now, url).await {
            Ok(found) if found.is_empty() => bail!(
                "{url} is no feed, and neither the page, nor robots.txt, nor the usual places have one; {hint}"
            ),
            Ok(found) => return Ok(found),
            Err(error) if is(&error, FetchError::is_closed) => {
                bail!("{error:#}: `gather.allow_networks` opens it")
            }
            Err(error) => {
                failed.push(format!("{error:#}"));
                if !is(&error, FetchError::is_without_tls) {
                    break;
                }
            }
        }
    }
    bail!("{}; {hint}", failed.join("; "))
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
