//! `reveille doctor`: tries everything that a morning needs, and says what to do about what fails.

use anyhow::{Context, bail};
use reveille_model::Clock;
use reveille_store::sources::Filter;
use tokio::net::TcpListener;

use crate::{app::App, config::Config, config::TransportKind, post::Post, print};

pub(super) async fn run(config: &Config, clock: Clock) -> anyhow::Result<()> {
    print::line("  settings   well")?;
    let app = App::open(config.clone(), clock.clone()).await;
    let store = match &app {
        Ok(app) => store(app).await,
        Err(error) => Err(anyhow::anyhow!("{error:#}")),
    };
    let sources = match &app {
        Ok(app) => sources(app).await,
        Err(_) => Err(anyhow::anyhow!("not tried, since the store cannot be used")),
    };
    let tried = [
        ("store", store),
        ("mail", mail(config, &clock).await),
        ("web", web(config).await),
        ("sources", sources),
    ];
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

async fn store(app: &App) -> anyhow::Result<String> {
    let tx = app.store.begin().await.context("the store cannot be written")?;
    tx.commit().await.context("the store cannot be written")?;
    let tally = reveille_store::tally(&app.store).await?;
    Ok(format!(
        "{}, {}, {}",
        print::count(tally.sources, "source"),
        print::count(tally.articles, "article"),
        print::count(tally.stories, "story")
    ))
}

async fn mail(config: &Config, clock: &Clock) -> anyhow::Result<String> {
    let servers = Post::new(&config.mail, clock.clone())?.try_all().await;
    let names: Vec<String> = servers.iter().map(|(name, _)| name.clone()).collect();
    for (name, failure) in servers {
        if let Some(failure) = failure {
            return Err(failure).with_context(|| {
                format!("the mail server {name} cannot be used: look at `mail.smtp` and `mail.relays`")
            });
        }
    }
    let signed = match &config.mail.dkim.domain {
        Some(domain) => format!("signed for {domain}"),
        None => "not signed (`mail.dkim.domain`); many mail hosts will distrust it".to_owned(),
    };
    Ok(match config.mail.transport {
        TransportKind::Smtp => format!("{} takes mail, {signed}", names.join(", ")),
        TransportKind::Folder => {
            let folder = &config.mail.folder;
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot write to {}", folder.display()))?;
            format!("messages are written to {}, not sent", folder.display())
        }
    })
}

async fn web(config: &Config) -> anyhow::Result<String> {
    let listen = config.web.listen;
    match TcpListener::bind(listen).await {
        Ok(_) => Ok(format!(
            "{listen} is free; readers come by {}",
            config.web.public_url
        )),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            Ok(format!("{listen} is in use, as it is while Reveille serves"))
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on {listen}: look at `web.listen`")),
    }
}

async fn sources(app: &App) -> anyhow::Result<String> {
    let sources = reveille_store::sources::list(&app.store, Filter::default()).await?;
    let failing = sources.iter().filter(|source| source.is_failing()).count();
    match (sources.len(), failing) {
        (0, _) => bail!("there are none yet: `reveille sources add URL`"),
        (all, 0) => Ok(format!("{all}, none failing")),
        (all, some) => bail!("{some} of {all} are failing: `reveille sources list --failing` says why"),
    }
}
