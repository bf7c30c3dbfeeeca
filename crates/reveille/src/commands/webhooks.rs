//! `reveille webhooks`: addresses that are told of what happens.

use anyhow::{Context, bail};
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_model::{CallId, CanonicalUrl, Event};
use reveille_store::{
    Inserted,
    webhooks::{self, Call, Webhook},
};

use crate::{
    app::App,
    cli::WebhooksCommand,
    entropy,
    jobs::{SECRET_PREFIX, call_webhook},
    print,
};

pub(super) async fn run(app: &App, command: WebhooksCommand) -> anyhow::Result<()> {
    match command {
        WebhooksCommand::Add { url, events } => add(app, &url, &events).await,
        WebhooksCommand::List => list(app).await,
        WebhooksCommand::Remove { url } => {
            let mut tx = app.store.begin().await?;
            if !webhooks::delete(&mut tx, &url).await? {
                bail!("no webhook calls {url} (`reveille webhooks list` shows all)");
            }
            tx.commit().await?;
            print::line(format!("{url} is told nothing more."))
        }
        WebhooksCommand::Test { url } => test(app, &url).await,
    }
}

async fn add(app: &App, url: &CanonicalUrl, events: &[String]) -> anyhow::Result<()> {
    let events: Vec<Event> = match events {
        [] => Event::ALL
            .iter()
            .copied()
            .filter(|event| *event != Event::Test)
            .collect(),
        words => words
            .iter()
            .map(|word| word.parse())
            .collect::<Result<_, _>>()
            .context("--event")?,
    };
    let secret = secret()?;
    let mut tx = app.store.begin().await?;
    if let Inserted::Known(_) = webhooks::insert(&mut tx, url, &secret, &events, app.now()).await? {
        bail!("a webhook calls {url} already: remove it first, to choose its events or its secret anew");
    }
    tx.commit().await?;
    print::line(format!(
        "{url} is called from now on. It knows our calls by this secret (Standard Webhooks, HMAC-SHA256):"
    ))?;
    print::line(secret)
}

/// 256 random bits, as Standard Webhooks write a secret.
fn secret() -> anyhow::Result<String> {
    let bits = [entropy::bits()?.to_be_bytes(), entropy::bits()?.to_be_bytes()].concat();
    Ok(format!("{SECRET_PREFIX}{}", BASE64_STANDARD.encode(bits)))
}

async fn list(app: &App) -> anyhow::Result<()> {
    let mut table = Vec::new();
    for webhook in webhooks::list(&app.store).await? {
        let health = webhooks::health(&app.store, webhook.id).await?;
        let events: Vec<&str> = webhook.events.iter().map(|event| event.as_str()).collect();
        table.push(vec![
            webhook.url.to_string(),
            events.join(" "),
            health.taken.to_string(),
            health.waiting.to_string(),
            health.given_up.to_string(),
            health.error.unwrap_or_default(),
        ]);
    }
    match table.as_slice() {
        [] => print::line("No webhook: `reveille webhooks add https://…` adds one."),
        rows => print::line(print::table(
            &["WEBHOOK", "EVENTS", "TAKEN", "WAITING", "GIVEN UP", "LAST ERROR"],
            rows,
        )),
    }
}

async fn test(app: &App, url: &CanonicalUrl) -> anyhow::Result<()> {
    let all = webhooks::list(&app.store).await?;
    let known = all.into_iter().find(|webhook: &Webhook| webhook.url == *url);
    let webhook =
        known.with_context(|| format!("no webhook calls {url} (`reveille webhooks list` shows all)"))?;
    let call = Call {
        // No row: a try is neither kept nor repeated.
        id: CallId(0),
        webhook: webhook.id,
        event: Event::Test,
        subscriber: None,
        edition: None,
        at: app.now(),
        tries: 0,
    };
    call_webhook(app, &webhook, &call)
        .await
        .with_context(|| format!("{url} did not take the call"))?;
    print::line(format!("{url} took the call."))
}
