//! `reveille doctor`: tries everything that a morning needs, and says what to do about what fails.

mod briefs;
mod domains;
mod mail;
mod names;
mod relays;
mod spf;
mod web;

use anyhow::{Context, anyhow, bail};
use reveille_model::Clock;
use reveille_store::{Schema, Store, StoreError, shares_sessions, sources::Filter};

use crate::{app, config::Config, jobs::try_returns, model::Model, print, reconcile, templates};

pub(super) async fn run(config: &Config, clock: Clock) -> anyhow::Result<()> {
    print::line("  settings   well")?;
    let store = match shares_sessions(&config.store.url).await {
        Ok(true) => Err(anyhow!(
            "a pooler before PostgreSQL gives each transaction another session, in which what we set and prepared does not \
             hold: have it pool by session (PgBouncer: `pool_mode = session`), or go past it"
        )),
        // Whether the database can be reached is told by opening it.
        Ok(false) | Err(_) => current(config).await,
    };
    let untried = || Err(anyhow!("not tried, since the store cannot be used"));
    let (kept, sources, briefs) = match &store {
        Ok(store) => (
            kept(store).await,
            sources(store).await,
            briefs::check(store, &config.mail).await,
        ),
        // What is not there yet, or of another release, says so, and how it comes.
        Err(error) if error.is::<app::NoStore>() || error.is::<OtherRelease>() => {
            (Err(anyhow!("{error:#}")), untried(), untried())
        }
        Err(error) => (
            Err(anyhow!("{error:#}: look at `store.url`")),
            untried(),
            untried(),
        ),
    };
    let mut tried = vec![
        ("store", kept),
        ("mail", mail::servers(&config.mail, &clock).await),
        ("bulk mail", mail::bulk(config)),
    ];
    if config.mail.relay_log.is_some() {
        tried.push(("mail log", reconcile::try_log(&config.mail).await));
    }
    if let Some(place) = &config.mail.returns {
        tried.push(("returns", try_returns(&config.mail, place).await));
    }
    tried.extend(domains::check(config).await);
    tried.push(("web", web::check(&config.web, clock.clone()).await));
    tried.push(("look", look(config)));
    if config.model.url.is_some() {
        tried.push(("model", model(config, &clock)));
    }
    tried.push(("gathering", gathering(config, clock)));
    tried.extend([("sources", sources), ("briefs", briefs)]);
    let mut faults = 0;
    for (part, result) in tried {
        match result {
            Ok(text) => print::line(format!("  {part:<10} well: {text}"))?,
            Err(error) => {
                faults += 1;
                print::line(format!("  {part:<10} FAULT: {error:#}"))?;
            }
        }
    }
    if faults > 0 {
        bail!("there are faults in {}", print::count(faults, "part"))
    } else {
        Ok(())
    }
}

/// The tables are not those of this release.
#[derive(Debug, thiserror::Error)]
enum OtherRelease {
    #[error(
        "the tables are of an earlier release: `reveille backup FILE` copies them as they are, and `reveille serve`, or any other \
         command, then brings them up to date"
    )]
    Earlier,
    #[error(transparent)]
    Later(StoreError),
}

/// The store, where its tables are of this release. It is only looked at: an earlier release may be at work on it.
async fn current(config: &Config) -> anyhow::Result<Store> {
    let store = app::find_store(config).await?;
    match store.schema().await? {
        Schema::Old => Err(OtherRelease::Earlier.into()),
        Schema::Newer => match store.migrate().await {
            Err(error) => Err(OtherRelease::Later(error).into()),
            Ok(_) => Ok(store),
        },
        Schema::Empty | Schema::Current => Ok(store),
    }
}

async fn kept(store: &Store) -> anyhow::Result<String> {
    store.try_writing().await.context("the store cannot be written")?;
    let tally = reveille_store::tally(store).await?;
    Ok(format!(
        "{}, {}, {}",
        print::count(tally.sources, "source"),
        print::count(tally.articles, "article"),
        print::count(tally.stories, "story")
    ))
}

fn look(config: &Config) -> anyhow::Result<String> {
    templates::load(config.look.templates.as_deref())?;
    Ok(match &config.look.templates {
        Some(folder) => format!("the templates in {folder} can be used"),
        None => "our own templates".to_owned(),
    })
}

fn model(config: &Config, clock: &Clock) -> anyhow::Result<String> {
    Model::new(config, clock)?;
    let name = &config.model.name;
    Ok(format!(
        "{name} can be asked for; it was not, since that may cost"
    ))
}

fn gathering(config: &Config, clock: Clock) -> anyhow::Result<String> {
    app::gatherer(config, clock)?;
    Ok(match config.gather.contact.trim() {
        "" => "publishers see no address of yours (`gather.contact`)".to_owned(),
        contact => format!("publishers see {contact}"),
    })
}

async fn sources(store: &Store) -> anyhow::Result<String> {
    let sources = reveille_store::sources::list(store, Filter::default()).await?;
    let failing = sources.iter().filter(|source| source.is_failing()).count();
    match (sources.len(), failing) {
        (0, _) => bail!("there are none yet: `reveille sources add URL`"),
        (all, 0) => Ok(format!("{all}, none failing")),
        (all, some) => bail!("{some} of {all} are failing: `reveille sources list --failing` says why"),
    }
}
