//! `reveille segments`: readers by what they have in common, under a name.

use anyhow::{Context, bail, ensure};
use reveille_model::{Brief, Segment};
use reveille_store::{briefs, segments};

use crate::{
    app::App,
    cli::{self, SegmentsCommand},
    print,
};

pub(super) async fn run(app: &App, command: SegmentsCommand) -> anyhow::Result<()> {
    match command {
        SegmentsCommand::Add { name, common } => {
            let segment = Segment::from(common);
            if let (Some(from), Some(until)) = (&segment.from, &segment.until)
                && from > until
            {
                let text =
                    format!("`--from {from}` is after `--until {until}`, so that no month is between them");
                return Err(cli::misuse(&text).into());
            }
            for brief in briefs_to(app, &name).await? {
                ensure!(
                    segment.within(&brief).is_some(),
                    "{} goes to {name}, which would hold none of its readers: {}",
                    brief.name,
                    another_audience(&brief)
                );
            }
            let mut tx = app.store.begin().await?;
            segments::insert(&mut tx, &name, &segment, app.now()).await?;
            tx.commit().await?;
            let count = segments::count(&app.store, &segment).await?;
            print::line(format!("{name} holds {} now.", print::count(count, "reader")))
        }
        SegmentsCommand::List => list(app).await,
        SegmentsCommand::Remove { name } => {
            if let Some(brief) = briefs_to(app, &name).await?.first() {
                bail!("{} goes to {name}: {}", brief.name, another_audience(brief));
            }
            let mut tx = app.store.begin().await?;
            if !segments::delete(&mut tx, &name).await? {
                bail!("there is no segment `{name}` (`reveille segments list` shows all)");
            }
            tx.commit().await?;
            print::line(format!("{name} is forgotten."))
        }
    }
}

fn another_audience(brief: &Brief) -> String {
    let slug = &brief.slug;
    format!(
        "give it another audience first (`reveille brief audience {slug} --everybody`, or `--segment NAME`)"
    )
}

/// The briefs whose editions go to that segment.
async fn briefs_to(app: &App, name: &str) -> anyhow::Result<Vec<Brief>> {
    let all = briefs::list(&app.store)
        .await?
        .into_iter()
        .map(|stored| stored.brief);
    Ok(all
        .filter(|brief| brief.audience.as_deref() == Some(name))
        .collect())
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
        table.push(vec![stored.name, count.to_string(), stored.segment.to_string()]);
    }
    match table.as_slice() {
        [] => print::line("No segment: `reveille segments add north --country NO --country SE` keeps one."),
        rows => print::line(print::table(&["SEGMENT", "READERS", "WHO"], rows)),
    }
}
