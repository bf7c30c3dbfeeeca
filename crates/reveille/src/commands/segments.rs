//! `reveille segments`: readers by what they have in common, under a name.

use anyhow::{Context, bail};
use reveille_model::{Country, Language, Month, Segment, Slug, Zone};
use reveille_store::segments;

use crate::{app::App, cli::SegmentsCommand, print};

pub(super) async fn run(app: &App, command: SegmentsCommand) -> anyhow::Result<()> {
    match command {
        SegmentsCommand::Add { name, common } => {
            let segment = Segment::from(common);
            let mut tx = app.store.begin().await?;
            segments::insert(&mut tx, &name, &segment, app.now()).await?;
            tx.commit().await?;
            let count = segments::count(&app.store, &segment).await?;
            print::line(format!("{name} holds {count} readers now."))
        }
        SegmentsCommand::List => list(app).await,
        SegmentsCommand::Remove { name } => {
            let mut tx = app.store.begin().await?;
            if !segments::delete(&mut tx, &name).await? {
                bail!("there is no segment `{name}` (`reveille segments list` shows all)");
            }
            tx.commit().await?;
            print::line(format!("{name} is forgotten."))
        }
    }
}

/// The segment of that name.
///
/// # Errors
/// Where there is none.
pub(super) async fn find(app: &App, name: &str) -> anyhow::Result<Segment> {
    let found = segments::find(&app.store, name).await?;
    let found = found
        .with_context(|| format!("there is no segment `{name}` (`reveille segments list` shows all)"))?;
    Ok(found.segment)
}

async fn list(app: &App) -> anyhow::Result<()> {
    let mut table = Vec::new();
    for stored in segments::list(&app.store).await? {
        let count = segments::count(&app.store, &stored.segment).await?;
        table.push(vec![stored.name, count.to_string(), in_words(&stored.segment)]);
    }
    match table.as_slice() {
        [] => print::line("No segment: `reveille segments add north --country NO --country SE` keeps one."),
        rows => print::line(print::table(&["SEGMENT", "READERS", "WHO"], rows)),
    }
}

/// "brief morning; country Norway or Sweden; from 2026-03".
fn in_words(segment: &Segment) -> String {
    let any = |what: &str, names: Vec<String>| {
        (!names.is_empty()).then(|| format!("{what} {}", names.join(" or ")))
    };
    let month = |what: &str, month: &Option<Month>| month.as_ref().map(|month| format!("{what} {month}"));
    let parts = [
        any("brief", segment.briefs.iter().map(Slug::to_string).collect()),
        any(
            "language",
            segment.languages.iter().map(Language::to_string).collect(),
        ),
        any(
            "country",
            segment
                .countries
                .iter()
                .map(|country: &Country| country.name().to_owned())
                .collect(),
        ),
        any("zone", segment.zones.iter().map(Zone::to_string).collect()),
        month("from", &segment.from),
        month("until", &segment.until),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.is_empty() {
        true => "everybody".to_owned(),
        false => parts.join("; "),
    }
}
