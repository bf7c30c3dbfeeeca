//! `reveille gather`: reads what is new and folds it into stories.

use std::path::PathBuf;

use anyhow::{bail, ensure};
use reveille_model::{SourceState, UnixMillis};
use reveille_store::sources::{Filter, Source, list};

use crate::{
    app::App, archive, jobs::Kind, print, progress::Progress, schedule, stop::until_stopped, worker,
};

pub(super) async fn run(app: &App, all: bool) -> anyhow::Result<()> {
    let began = app.now();
    let mut asked = match all {
        true => make_all_due(app).await?,
        false => 0,
    };
    let before = reveille_store::tally(&app.store).await?;
    let progress = Progress::to_stderr();
    let Some(due) = until_stopped(app, night(app, &progress)).await? else {
        bail!("stopped before its end: what was read is kept, and `reveille gather` goes on with the rest");
    };
    asked += due;
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
        count => format!(
            " {} could not be read: `reveille sources list --failing` says why.",
            print::count(count, "source")
        ),
    };
    if asked == 0 {
        print::line(match reveille_store::sources::next_due(&app.store).await? {
            None => "There is no source to ask: `reveille sources add ADDRESS` adds one.".to_owned(),
            Some(at) => format!(
                "No source was due; the next is at {at}. `reveille gather --all` asks all of them now."
            ),
        })?;
    }
    let new = after.articles.saturating_sub(before.articles);
    print::line(format!(
        "{}; in all {}, {} folded, {}.{trouble}",
        print::count(new, "new article"),
        print::count(after.articles, "article"),
        print::count(after.copies, "copy"),
        print::count(after.stories, "story")
    ))?;
    // A folder fails for one bad file, and may have brought news by the others.
    if new == 0 {
        some_answered(app, began).await
    } else {
        Ok(())
    }
}

/// Fails where sources were asked since then and every one of them failed: a night without any source is no night.
async fn some_answered(app: &App, since: UnixMillis) -> anyhow::Result<()> {
    let mut asked = list(&app.store, Filter::default()).await?;
    asked.retain(|source| source.last_fetch_at.is_some_and(|at| at >= since));
    ensure!(
        asked.is_empty() || !asked.iter().all(Source::is_failing),
        "every source that was asked failed: `reveille sources list --failing` says why"
    );
    Ok(())
}

/// Reads the articles of archives and folds them.
pub(super) async fn read_archives(app: &App, files: &[PathBuf]) -> anyhow::Result<()> {
    match until_stopped(app, fold_archives(app, files)).await? {
        Some(()) => Ok(()),
        None => {
            bail!("stopped before its end: what was read is kept, and the same command goes on with the rest")
        }
    }
}

async fn fold_archives(app: &App, files: &[PathBuf]) -> anyhow::Result<()> {
    for file in files {
        let tally = archive::read(app, file).await?;
        print::line(format!(
            "{}: {}, {}, {} of them new or changed.",
            file.display(),
            print::count(tally.documents, "document"),
            print::count(tally.articles, "article"),
            tally.changed
        ))?;
    }
    schedule::folding(app, &reveille_store::briefs::list(&app.store).await?, 0).await?;
    worker::drain(
        app,
        &[Kind::FoldStories, Kind::AmendEditions],
        &Progress::to_stderr(),
    )
    .await
}

/// Everything from the sources that are due to the stories. Says how many sources were due.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn night(app: &App, progress: &Progress) -> anyhow::Result<usize> {
    schedule::rereading(app).await?;
    let mut asked = 0;
    loop {
        // While pages are read, more sources may come due.
        let added = schedule::sources(app).await?;
        worker::drain(app, &Kind::GATHERING, progress).await?;
        if added == 0 {
            break;
        }
        asked += added;
    }
    if schedule::folding(app, &reveille_store::briefs::list(&app.store).await?, 0).await? > 0 {
        worker::drain(app, &Kind::GATHERING, progress).await?;
    }
    Ok(asked)
}

/// Has every source asked now, and for all that it has: a setting may have changed what is made of the same answer.
async fn make_all_due(app: &App) -> anyhow::Result<usize> {
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
    reveille_store::sources::forget_validators(&mut tx).await?;
    reveille_store::jobs::insert_batch(&mut tx, &jobs, now).await?;
    tx.commit().await?;
    Ok(jobs.len())
}
