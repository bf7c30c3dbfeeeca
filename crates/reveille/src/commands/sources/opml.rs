//! `reveille sources import` and `export`: lists of feeds that go from one program to another.

use std::{
    io::{Read, Write},
    path::Path,
};

use anyhow::{Context, bail};
use reveille_feed::opml::{Outline, parse, write};
use reveille_model::{SourceKind, SourceState};
use reveille_store::{
    Inserted,
    sources::{self as rows, Filter, NewSource, Source},
};

use super::{address::on_the_web, is_weight};
use crate::{
    app::App,
    cli::Global,
    commands::{begin, input, output},
    print,
    progress::Progress,
};

/// The weight of a source of which nobody said one.
const USUAL: f64 = 1.0;

pub(super) async fn import(global: &Global, place: &str) -> anyhow::Result<()> {
    let name = input::name(place);
    let mut bytes = Vec::new();
    let (mut opened, _) = input::open(place)?;
    opened
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {name}"))?;
    let list = parse(&bytes).with_context(|| format!("{name} is no OPML file"))?;
    // Not before there is something to put into it: it may have to be made.
    let app = begin(global).await?;
    let (mut added, mut known, mut bad) = (0, 0, 0_usize);
    let step = Progress::to_stderr().step("Importing sources");
    step.set_total(list.outlines.len() as u64);
    let mut tx = app.store.begin().await?;
    for outline in list.outlines {
        step.advance();
        let Some(new) = source(outline, name) else {
            bad += 1;
            continue;
        };
        match rows::insert(&mut tx, &new, app.now()).await? {
            Inserted::New(_) => added += 1,
            Inserted::Known(_) => known += 1,
        }
    }
    tx.commit().await?;
    step.finish("done");
    print::line(format!(
        "{} added, {known} there already, {bad} left out.",
        print::count(added, "source")
    ))?;
    match list.breaks_off {
        Some(line) => bail!(
            "{name} breaks off in line {line}: what stands before that was imported; import it again once it is whole"
        ),
        None if bad > 0 => bail!(
            "{} of {name} could not be read and left out; what is wrong with each stands above",
            print::count(bad, "address")
        ),
        None => Ok(()),
    }
}

/// The source that a line of a list names. What cannot be read of it is told on standard error, under the list's name.
fn source(outline: Outline, list: &str) -> Option<NewSource> {
    // What programs write is whole; a lone word is no host of which they left out the rest.
    let whole = Some(&outline.feed_url).filter(|url| url.contains("://"));
    let meant = whole.and_then(|url| on_the_web(url).ok());
    let Some(url) = meant.and_then(|urls| urls.into_iter().next()) else {
        eprintln!(
            "{list}: `{}` is no address of a feed and was left out",
            outline.feed_url
        );
        return None;
    };
    let weight = outline.weight.as_deref().map_or(USUAL, |text| {
        let weight = text.parse().ok().filter(|weight| is_weight(*weight));
        weight.unwrap_or_else(|| {
            eprintln!("{list}: {url}: the weight `{text}` is no number above 0; it counts as {USUAL}");
            USUAL
        })
    });
    Some(NewSource {
        carrier: match outline.title.as_str() {
            "" => url.host().to_owned(),
            title => title.to_owned(),
        },
        url: url.into(),
        kind: SourceKind::Feed,
        site_url: outline.site_url.and_then(|site| site.parse().ok()),
        language: None,
        weight,
        icon_url: None,
    })
}

/// What the list cannot carry is told, so that nobody misses it only where it was taken to.
pub(super) async fn export(app: &App, place: &str) -> anyhow::Result<()> {
    let all = rows::list(&app.store, Filter::default()).await?;
    let (listed, others): (Vec<Source>, Vec<Source>) =
        all.into_iter().partition(|source| source.url.web().is_some());
    told("left out, since they have no address on the web", &others, |_| {
        true
    });
    told(
        "on the list without what was issued for them",
        &listed,
        |source| source.credential.is_some(),
    );
    told(
        "on the list, which does not say that they are paused",
        &listed,
        |source| source.state == SourceState::Paused,
    );
    let outlines: Vec<Outline> = listed.into_iter().map(outline).collect();
    let text = write("Reveille sources", &outlines);
    if place == "-" {
        return print::line(text.trim_end());
    }
    let mut file = output::create(Path::new(place))?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("cannot write {place}"))?;
    print::line(format!(
        "{} written to {place}.",
        print::count(outlines.len(), "source")
    ))
}

fn outline(source: Source) -> Outline {
    Outline {
        title: source.carrier,
        feed_url: source.url.into(),
        site_url: source.site_url.map(Into::into),
        category: None,
        weight: Some(source.weight)
            .filter(|weight| *weight != USUAL)
            .map(|weight| weight.to_string()),
    }
}

/// Names those sources of which something is to be known, on standard error.
fn told(what: &str, sources: &[Source], is_meant: impl Fn(&Source) -> bool) {
    let meant = sources.iter().filter(|source| is_meant(source));
    let named: Vec<String> = meant
        .map(|source| format!("{} ({})", source.carrier, source.url))
        .collect();
    if !named.is_empty() {
        eprintln!("{what}: {}", named.join(", "));
    }
}
