//! `reveille gather`: reads what is new and folds it into stories.

use std::path::PathBuf;

use reveille_model::SourceState;
use reveille_store::sources::{Filter, list};

use crate::{app::App, archive, jobs::Kind, print, progress::Progress, schedule, worker};

pub(super) async fn run(app: &App, all: bool) -> anyhow::Result<()> {
    if all {
        make_all_due(app).await?;
    }
    let before = reveille_store::tally(&app.store).await?;
    night(app, &Progress::to_stderr()).await?;
    let after = reveille_store::tally(&app.store).await?;
    let failing = list(
        &app.store,
        Filter {
            failing: true,
            ..Filter::default()
        },
    )
    .await?
    .len();
    let trouble = match failing {
        0 => String::new(),
        count => format!(" {count} sources could not be read: `reveille sources list --failing` says why."),
    };
    let new = after.articles.saturating_sub(before.articles);
    print::line(format!(
        "{new} new articles; in all {} articles, {} copies folded, {} stories.{trouble}",
        after.articles, after.copies, after.stories
    ))
}

/// Reads the articles of archives and folds them.
pub(super) async fn read_archives(app: &App, files: &[PathBuf]) -> anyhow::Result<()> {
    for file in files {
        let tally = archive::read(app, file).await?;
        print::line(format!(
            "{}: {} documents, {} articles, {} of them new or changed.",
            file.display(),
            tally.documents,
            tally.articles,
            tally.changed
        ))?;
    }
    schedule::folding(app, 0).await?;
    worker::drain(
        app,
        &[Kind::FoldStories, Kind::AmendEditions],
        &Progress::to_stderr(),
    )
    .await
}

/// Everything from the sources that are due to the stories.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn night(app: &App, progress: &Progress) -> anyhow::Result<()> {
    schedule::rereading(app).await?;
    loop {
        // While pages are read, more sources may come due.
        let added = schedule::sources(app).await?;
        worker::drain(app, &Kind::GATHERING, progress).await?;
        if added == 0 {
            break;
        }
    }
    if schedule::folding(app, 0).await? > 0 {
        worker::drain(app, &Kind::GATHERING, progress).await?;
    }
    Ok(())
}

async fn make_all_due(app: &App) -> anyhow::Result<()> {
    let now = app.now();
    let active = Filter {
        state: Some(SourceState::Active),
        ..Filter::default()
    };
    let sources = list(&app.store, active).await?;
    let mut tx = app.store.begin().await?;
    let jobs: Vec<_> = sources
        .iter()
        .map(|source| schedule::fetch(source, now))
        .collect();
    reveille_store::jobs::insert_batch(&mut tx, &jobs, now).await?;
    Ok(tx.commit().await?)
}
