//! `reveille demo`: a whole morning on this machine, with nothing to set up.
//!
//! Nothing here is special to the demo but its surroundings: an invented web, a mail catcher, and a clock that is
//! set forward while nothing is due. The morning itself is the product's own code over real HTTP and real SMTP.

mod mailbox;
mod sample;
mod surroundings;
mod web;

use std::{collections::BTreeSet, sync::Arc};

use anyhow::{Context, bail};
use reveille_brief::render;
use reveille_mail::catcher;
use reveille_model::{DeliveryState, EditionState, UnixMillis};
use reveille_store::{briefs::StoredBrief, editions::StoredEdition};
use surroundings::Surroundings;

use crate::{
    app::{self, App},
    cli::Demo,
    clock::Settable,
    commands,
    jobs::{self, Kind},
    print,
    progress::Progress,
    schedule, stop, worker,
};

/// The sample morning begins here.
const START: &str = "2026-03-10T04:00:00Z";

/// Runs the demo: to its end with `--once`, else until it is told to stop. `settings` override the demo's own, as
/// `--set` does everywhere.
///
/// # Errors
/// Where no port, no temporary folder or no disk space is to be had.
pub(crate) async fn run(options: &Demo, settings: Vec<(String, String)>) -> anyhow::Result<()> {
    let progress = Progress::to_stderr();
    let fresh = tempfile::Builder::new()
        .prefix("reveille-demo-")
        .tempdir()
        .context("no temporary folder")?;
    let dir = options.dir.clone().unwrap_or_else(|| fresh.path().to_owned());
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    anyhow::ensure!(
        surroundings::may_use(&dir),
        "{} holds a store that is no demo's: give `--dir` a folder of its own",
        dir.display()
    );

    let start: UnixMillis = START.parse()?;
    let clock = Settable::starting_at(start);
    let morning = Arc::new(sample::Morning::load()?);
    let here = Surroundings::start(&dir, options.port, Arc::clone(&morning), clock.clock()).await?;
    let config = here.config(&dir, settings)?;
    let app = App::open(app::open_or_make_store(&config).await?.0, config, clock.clock()).await?;
    // A demo that was cut off goes on from the hour that it had reached.
    if let Some(reached) = reveille_store::jobs::last_activity(&app.store).await? {
        clock.forward(reached);
    }
    let desk = here.serve_desk(&app).await?;
    progress.line(format!("A morning on this machine, in {}", dir.display()));

    let brief = surroundings::seed(&app, &morning, &here).await?;
    let edition = play(&app, &clock, &brief, &progress).await?;
    let mails = catcher::list(&here.mailbox)?;
    if options.once {
        print::line(render::text(&edition.edition).trim_end())?;
        return print::line(tally(&app, &here, mails.len()).await?);
    }
    progress.line(tally(&app, &here, mails.len()).await?);
    let desk_link = commands::link(&app, "editor").await?;
    // From before anybody hears how to stop it.
    let told = stop::told_to_stop();
    print::line(where_to_look(&here, &edition, &desk_link))?;
    tokio::select! {
        ended = desk => ended.context("the web pages stopped")?.context("the web pages stopped")?,
        ended = keep_mailing(&app) => ended?,
        ended = keep_gathering(&app) => ended?,
        () = told => {}
    }
    Ok(())
}

/// The morning from the first source to the last inbox. Whatever was done before a crash is not done again.
async fn play(
    app: &App,
    clock: &Settable,
    brief: &StoredBrief,
    progress: &Progress,
) -> anyhow::Result<StoredEdition> {
    let begun: UnixMillis = START.parse()?;
    let (day, compile_at) = schedule::next_edition(brief, begun);
    loop {
        let edition = reveille_store::editions::find_by_day(&app.store, brief.id, day).await?;
        let Some(edition) = edition else {
            gather_and_compile(app, clock, compile_at, progress).await?;
            continue;
        };
        match edition.state {
            EditionState::Draft => bail!("the edition's checks found faults: {}", edition.findings),
            EditionState::Checked => {
                progress.line(format!("  {} · the editor approves the edition", hour(app)));
                jobs::approve(app, &edition).await?;
            }
            EditionState::Approved => deliver(app, clock, &edition, progress).await?,
            EditionState::Sent | EditionState::Corrected => return Ok(edition),
        }
    }
}

async fn gather_and_compile(
    app: &App,
    clock: &Settable,
    compile_at: UnixMillis,
    progress: &Progress,
) -> anyhow::Result<()> {
    let before = reveille_store::tally(&app.store).await?.articles;
    let compiles = app.now() >= compile_at;
    // The first look fills the night; of later ones only what they brought is worth a line.
    let shown = match before {
        0 => {
            progress.line(format!("  {} · gathering", hour(app)));
            progress.clone()
        }
        _ => Progress::silent(),
    };
    commands::night(app, &shown).await?;
    let new = reveille_store::tally(&app.store).await?.articles - before;
    if before > 0 && new > 0 {
        progress.line(format!("  {} · {}", hour(app), print::count(new, "more article")));
    }
    if compiles {
        progress.line(format!("  {} · compiling", hour(app)));
    }
    // What a killed process had in hand is part of this night too: its leases run out within a minute.
    if !is_abandoned(app, &Kind::GATHERING).await? {
        let briefs = reveille_store::briefs::list(&app.store).await?;
        schedule::editions(app, &briefs, app.now(), &mut BTreeSet::new()).await?;
        worker::drain(app, &[Kind::CompileEdition], progress).await?;
    }
    skip_to(app, clock, &Kind::GATHERING, Some(compile_at)).await
}

/// Whether jobs of these kinds are claimed although nobody here works on them.
async fn is_abandoned(app: &App, kinds: &[Kind]) -> anyhow::Result<bool> {
    let counts = reveille_store::jobs::count(&app.store).await?;
    let mut states = kinds.iter().filter_map(|kind| counts.get(kind.as_str()));
    Ok(states.any(|states| states.get("running").is_some_and(|running| *running > 0)))
}

/// Each reader's morning, one after the other.
async fn deliver(
    app: &App,
    clock: &Settable,
    edition: &StoredEdition,
    progress: &Progress,
) -> anyhow::Result<()> {
    let before = sent(app, edition).await?;
    worker::drain(app, &Kind::DELIVERING, &Progress::silent()).await?;
    let readers = sent(app, edition).await? - before;
    if readers > 0 {
        progress.line(format!("  {} · morning for {readers} of the readers", hour(app)));
    }
    skip_to(app, clock, &Kind::DELIVERING, None).await
}

/// Sets the clock to the next instant at which anything is due.
async fn skip_to(
    app: &App,
    clock: &Settable,
    kinds: &[Kind],
    at_latest: Option<UnixMillis>,
) -> anyhow::Result<()> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let job = reveille_store::jobs::next_at(&app.store, &names, app.now()).await?;
    let source = match at_latest {
        Some(_) => reveille_store::sources::next_due(&app.store).await?,
        None => None,
    };
    let next = [job, source, at_latest]
        .into_iter()
        .flatten()
        .filter(|at| *at > app.now())
        .min();
    if let Some(next) = next {
        clock.forward(next);
    }
    Ok(())
}

async fn sent(app: &App, edition: &StoredEdition) -> anyhow::Result<u64> {
    let tally = reveille_store::deliveries::tally(&app.store, edition.id).await?;
    Ok(tally.get(&DeliveryState::Sent).copied().unwrap_or(0))
}

fn hour(app: &App) -> String {
    app.now().timestamp().strftime("%H:%M UTC").to_string()
}

/// While a person looks around, sign-ups get their mails.
async fn keep_mailing(app: &App) -> anyhow::Result<()> {
    loop {
        worker::drain(app, &Kind::DELIVERING, &Progress::silent()).await?;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
}

/// And sources are read as they fall due, or when an editor asks for one at the desk.
async fn keep_gathering(app: &App) -> anyhow::Result<()> {
    loop {
        commands::night(app, &Progress::silent()).await?;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}

async fn tally(app: &App, here: &Surroundings, mails: usize) -> anyhow::Result<String> {
    let tally = reveille_store::tally(&app.store).await?;
    let repeats = match here.repeats() {
        0 => String::new(),
        some => format!(" ({some} repeats after a restart were recognised and dropped)"),
    };
    Ok(format!(
        "\n{}, {}, {} folded, {}, {}, {} accepted{repeats}",
        print::count(tally.sources, "source"),
        print::count(tally.articles, "article"),
        print::count(tally.copies, "copy"),
        print::count(tally.stories, "story"),
        print::count(tally.entries, "entry"),
        print::count(mails, "message")
    ))
}

fn where_to_look(here: &Surroundings, edition: &StoredEdition, desk_link: &str) -> String {
    let base = &here.public_url;
    let (slug, day) = (&edition.edition.slug, edition.edition.day);
    format!(
        "\nLook at\n  the edition       {base}/{slug}/{day}\n  the mailbox       {base}/mailbox\n  \
         the sign-up page  {base}/{slug}\n  the desk, once    {desk_link}\n  an outlet         {}\n\nStop with Ctrl-C.",
        here.outlet_url
    )
}
