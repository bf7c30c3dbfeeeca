//! `reveille sources`: where news comes from.

mod add;
mod address;
mod health;
mod local;
mod opml;
mod sign_in;

use anyhow::bail;
use reveille_model::{SourceKind, SourceState};
use reveille_store::{
    Inserted,
    sources::{self as rows, NewSource, Source},
};

use super::open;
use add::Wish;

use crate::{
    app::App,
    cli::{Global, SourcesCommand},
    jobs::{self, Visit, visit},
    print,
};

pub(super) async fn run(global: &Global, command: SourcesCommand) -> anyhow::Result<()> {
    match command {
        SourcesCommand::Add {
            url,
            carrier,
            weight,
            unseen,
        } => {
            let wish = Wish {
                carrier,
                weight,
                unseen,
            };
            add::add(global, &url, wish).await
        }
        SourcesCommand::Find { url } => add::find(global, &url).await,
        SourcesCommand::List { failing, json } => health::list(&open(global).await?, failing, json).await,
        SourcesCommand::Show { name, json } => health::show(&open(global).await?, &name, json).await,
        SourcesCommand::Import { file } => opml::import(global, &file).await,
        SourcesCommand::Export { file } => opml::export(&open(global).await?, &file).await,
        SourcesCommand::Check { urls } => check(&open(global).await?, &urls).await,
        SourcesCommand::SignIn { name, issued, secret } => {
            sign_in::sign_in(&open(global).await?, &name, issued, &secret).await
        }
        SourcesCommand::SignOut { name } => sign_in::sign_out(&open(global).await?, &name).await,
        SourcesCommand::Pause { name } => pause(&open(global).await?, &name).await,
        SourcesCommand::Remove { name } => remove(&open(global).await?, &name).await,
        SourcesCommand::Resume { name } => resume(&open(global).await?, &name).await,
    }
}

async fn insert(app: &App, new: &NewSource) -> anyhow::Result<bool> {
    let mut tx = app.store.begin().await?;
    let inserted = rows::insert(&mut tx, new, app.now()).await?;
    tx.commit().await?;
    Ok(matches!(inserted, Inserted::New(_)))
}

/// Whether stories can be weighed by it.
fn is_weight(weight: f64) -> bool {
    weight.is_finite() && weight > 0.0
}

async fn check(app: &App, urls: &[String]) -> anyhow::Result<()> {
    let mut sources = rows::list(&app.store, rows::Filter::default()).await?;
    sources.retain(|source| match urls {
        [] => source.state == SourceState::Active,
        some => some.iter().any(|url| address::listed(url).contains(&source.url)),
    });
    if sources.len() < urls.len() {
        bail!("not all of these addresses are sources (`reveille sources list` shows all)");
    }
    let mut failed = 0;
    // Letters come with their mailbox, which is a source too.
    sources.retain(|source| source.kind != SourceKind::Letters);
    for mut source in sources {
        (source.etag, source.last_modified) = (None, None);
        let said = match answer(app, &source).await {
            Ok(well) => well,
            Err(why) => {
                failed += 1;
                format!("failing: {why}")
            }
        };
        print::line(format!("{}: {said}", source.url))?;
    }
    if failed > 0 {
        bail!("{} could not be read", print::count(failed, "source"))
    } else {
        Ok(())
    }
}

/// How a source fares that is asked now, or why it cannot be read.
async fn answer(app: &App, source: &Source) -> Result<String, String> {
    let well = |number, noun| format!("well, {}", print::count(number, noun));
    if let Some(mailbox) = jobs::mailbox_of(app, source) {
        let news = jobs::ask_mailbox(&mailbox, None).await;
        let news = news.map_err(|error| format!("{:#}", anyhow::Error::from(error)))?;
        return Ok(well(news.letters.len(), "letter"));
    }
    if let Some(folder) = jobs::folder_of(source) {
        let files = jobs::look_into(source, &folder);
        return files
            .map(|files| well(files, "file"))
            .map_err(|error| error.to_string());
    }
    match visit(app, source).await {
        Visit::Unchanged { .. } => Ok("unchanged".to_owned()),
        Visit::News { items, .. } => Ok(well(items.len(), "recent entry")),
        Visit::Failed { error, .. } => Err(error),
    }
}

async fn pause(app: &App, name: &str) -> anyhow::Result<()> {
    let source = named(app, name).await?;
    let mut tx = app.store.begin().await?;
    rows::set_state(&mut tx, source.id, SourceState::Paused).await?;
    tx.commit().await?;
    print::line(format!("{} is paused now.", source.carrier))
}

async fn resume(app: &App, name: &str) -> anyhow::Result<()> {
    let removed = rows::Filter {
        state: Some(SourceState::Removed),
        ..rows::Filter::default()
    };
    let listed = rows::list(&app.store, rows::Filter::default()).await?;
    let removed = rows::list(&app.store, removed).await?;
    let source = meant(name, &[listed, removed].concat())?;
    let mut tx = app.store.begin().await?;
    rows::resume(&mut tx, source.id, app.now()).await?;
    tx.commit().await?;
    print::line(format!("{} is active now.", source.carrier))
}

async fn remove(app: &App, name: &str) -> anyhow::Result<()> {
    let source = named(app, name).await?;
    let mut tx = app.store.begin().await?;
    rows::set_credential(&mut tx, source.id, None).await?;
    rows::set_state(&mut tx, source.id, SourceState::Removed).await?;
    tx.commit().await?;
    print::line(format!(
        "{} is removed; what it brought stays. `reveille sources resume {}` would bring it back.",
        source.carrier, source.url
    ))
}

/// The source on the list that a person means; see [`meant`].
async fn named(app: &App, name: &str) -> anyhow::Result<Source> {
    meant(name, &rows::list(&app.store, rows::Filter::default()).await?)
}

/// The one of these sources that a person means by its address, its carrier's name or its host; a part of the name will do.
fn meant(name: &str, sources: &[Source]) -> anyhow::Result<Source> {
    let wanted = name.trim().to_lowercase();
    let urls = address::listed(name);
    let is_exact = |source: &Source| {
        urls.contains(&source.url) || source.carrier.to_lowercase() == wanted || source.url.host() == wanted
    };
    let in_part = |source: &Source| !wanted.is_empty() && source.carrier.to_lowercase().contains(&wanted);
    let mut meant: Vec<&Source> = sources.iter().filter(|source| is_exact(source)).collect();
    if meant.is_empty() {
        meant = sources.iter().filter(|source| in_part(source)).collect();
    }
    match meant.as_slice() {
        [one] => Ok((*one).clone()),
        [] => bail!("`{name}` is no source (`reveille sources list` shows all)"),
        several => {
            let urls: Vec<_> = several.iter().map(|source| source.url.as_str()).collect();
            bail!(
                "`{name}` may be any of these, say which:\n  {}",
                urls.join("\n  ")
            )
        }
    }
}
