//! `reveille doctor`: tries everything that a morning needs, and says what to do about what fails.

mod domains;
mod names;
mod relays;
mod spf;

use anyhow::{Context, bail};
use reveille_mail::smtp::Tls;
use reveille_model::{CanonicalUrl, Clock};
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
    let mut tried = vec![
        ("store", store),
        ("mail", mail(config, &clock).await),
        ("bulk mail", bulk_mail(config)),
    ];
    tried.extend(domains::check(config).await);
    tried.extend([("web", web(config).await), ("sources", sources)]);
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
    let post = Post::new(&config.mail, clock.clone())?;
    let mut names = Vec::new();
    for (server, failure) in post.try_all().await {
        let name = &server.host;
        if let Some(failure) = failure {
            return Err(failure).with_context(|| {
                format!("the mail server {name} cannot be used: look at `mail.smtp` and `mail.relays`")
            });
        }
        names.push(match server.tls {
            Tls::None => format!("{name} takes mail, not encrypted"),
            Tls::StartTls | Tls::Implicit => format!("{name} takes mail over TLS"),
        });
    }
    let signed = match &config.mail.dkim.domain {
        Some(domain) => format!("signed for {domain}"),
        None => "not signed (`mail.dkim.domain`); many mail hosts will distrust it".to_owned(),
    };
    Ok(match config.mail.transport {
        TransportKind::Smtp => format!("{}; {signed}", names.join(", ")),
        TransportKind::Folder => {
            let folder = &config.mail.folder;
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot write to {}", folder.display()))?;
            format!("messages are written to {}, not sent", folder.display())
        }
    })
}

/// What Gmail, Yahoo and Microsoft ask of whoever mails many people, and laws such as CAN-SPAM, as far as the settings show it.
fn bulk_mail(config: &Config) -> anyhow::Result<String> {
    let (mail, public) = (&config.mail, &config.web.public_url);
    if mail.transport == TransportKind::Folder {
        return Ok("nothing is sent".to_owned());
    }
    let domain = mail.from_address.domain();
    let top = domain.rsplit('.').next().unwrap_or_default();
    let is_example = ["example", "invalid", "localhost", "test"].contains(&top)
        || ["example.com", "example.net", "example.org"].contains(&domain);
    let is_outside = public.parse::<CanonicalUrl>().is_ok_and(|url| {
        url.url().scheme() == "https" && !["localhost", "127.0.0.1", "[::1]"].contains(&url.host())
    });
    let wanting = [
        (
            mail.identity.trim().is_empty(),
            "`mail.identity` is empty: laws ask for the sender's name and postal address",
        ),
        (
            is_example,
            "`mail.from_address` is that of an example: mail hosts refuse it",
        ),
        (
            !is_outside,
            "`web.public_url` is no https address: to leave by one click (RFC 8058) mail hosts call it",
        ),
        (
            mail.dkim.domain.is_none(),
            "`mail.dkim.domain` is empty: large mail hosts take no unsigned bulk mail (`reveille dkim keygen`)",
        ),
    ];
    let wanting: Vec<&str> = wanting
        .into_iter()
        .filter_map(|(wants, text)| wants.then_some(text))
        .collect();
    match wanting.as_slice() {
        [] => Ok("it says who sends it, is signed, and can be left by one click".to_owned()),
        some => bail!("{}", some.join("; ")),
    }
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
