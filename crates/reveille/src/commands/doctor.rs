//! `reveille doctor`: tries everything that a morning needs, and says what to do about what fails.

mod domains;
mod names;
mod relays;
mod spf;
mod web;

use anyhow::{Context, anyhow, bail};
use reveille_mail::smtp::Tls;
use reveille_model::{CanonicalUrl, Clock};
use reveille_store::{Store, sources::Filter};

use crate::{
    app,
    config::{Config, TransportKind},
    model::Model,
    post::Post,
    print, templates,
};

pub(super) async fn run(config: &Config, clock: Clock) -> anyhow::Result<()> {
    print::line("  settings   well")?;
    let store = app::open_store(config).await;
    let (kept, sources) = match &store {
        Ok(store) => (kept(store).await, sources(store).await),
        Err(error) => (
            Err(anyhow!("{error:#}: look at `store.url`")),
            Err(anyhow!("not tried, since the store cannot be used")),
        ),
    };
    let mut tried = vec![
        ("store", kept),
        ("mail", mail(config, &clock).await),
        ("bulk mail", bulk_mail(config)),
    ];
    tried.extend(domains::check(config).await);
    tried.push(("web", web::check(&config.web, clock.clone()).await));
    tried.push(("look", look(config)));
    if config.model.url.is_some() {
        tried.push(("model", model(config, &clock)));
    }
    tried.push(("gathering", gathering(config, clock)));
    tried.push(("sources", sources));
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

async fn kept(store: &Store) -> anyhow::Result<String> {
    let tx = store.begin().await.context("the store cannot be written")?;
    tx.commit().await.context("the store cannot be written")?;
    let tally = reveille_store::tally(store).await?;
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
