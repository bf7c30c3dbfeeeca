//! `reveille articles`: what was read, and how it changed.

use anyhow::{Context, ensure};
use reveille_brief::{Line, diff, marked};
use reveille_model::{Article, ArticleId, ArticleState, UnixMillis, Uri};
use reveille_store::articles::{self as rows, StoredArticle, Upserted};
use serde_json::json;

use crate::{
    app::App,
    cli::ArticlesCommand,
    jobs::{Kind, request_amendment},
    print,
    progress::Progress,
    stop::until_stopped,
    worker,
};

pub(super) async fn run(app: &App, command: ArticlesCommand) -> anyhow::Result<()> {
    match command {
        ArticlesCommand::Show {
            article,
            versions,
            diff,
            json,
        } => {
            let article = find(app, &article).await?;
            match (versions, diff, json) {
                (_, _, true) => as_json(app, &article).await,
                (false, false, _) => show(&article),
                (versions, diff, _) => history(app, &article, versions, diff).await,
            }
        }
        ArticlesCommand::Withdraw { article, reason } => withdraw(app, &article, reason.as_deref()).await,
    }
}

/// The article of this number or at this address.
///
/// # Errors
/// Where there is none.
pub(super) async fn find(app: &App, which: &str) -> anyhow::Result<StoredArticle> {
    let found = match which.parse::<i64>() {
        Ok(id) => rows::find(&app.store, ArticleId(id)).await?,
        Err(_) => rows::find_by_url(&app.store, &which.parse::<Uri>()?).await?,
    };
    found.with_context(|| {
        format!("there is no article {which} (`reveille stories show STORY` lists a story's articles)")
    })
}

fn show(stored: &StoredArticle) -> anyhow::Result<()> {
    let article = &stored.article;
    print::line(&article.title)?;
    let by = article.authors.join(", ");
    let facts = [stored.carrier.as_str(), &by, &stored.published_at.to_string()];
    let facts = facts.into_iter().filter(|fact| !fact.is_empty());
    print::line(facts.collect::<Vec<_>>().join(" · "))?;
    print::line(stored.place().as_str())?;
    print::line(standing(stored))?;
    if !article.topics.is_empty() {
        print::line(format!("Topics: {}", article.topics))?;
    }
    for notice in &article.corrections {
        print::line(format!("Correction: {notice}"))?;
    }
    print::line("")?;
    print::line(article.text())
}

/// "Version 2, standing."
fn standing(stored: &StoredArticle) -> String {
    let note = stored.state_note.as_ref();
    let note = note.filter(|_| stored.state != ArticleState::Standing);
    let note = note.map(|note| format!(" ({note})")).unwrap_or_default();
    let embargo = stored.not_before;
    let embargo = embargo
        .map(|at| format!(", not to be printed before {at}"))
        .unwrap_or_default();
    format!("Version {}, {}{note}{embargo}.", stored.version, stored.state)
}

/// One version of an article.
struct Version {
    number: u32,
    article: Article,
    fetched_at: UnixMillis,
}

/// All its versions, the one that stands last.
async fn versions(app: &App, stored: &StoredArticle) -> anyhow::Result<Vec<Version>> {
    let earlier = rows::versions(&app.store, stored.id).await?;
    let latest = Version {
        number: stored.version,
        article: stored.article.clone(),
        fetched_at: stored.fetched_at,
    };
    let earlier = earlier.into_iter().map(|earlier| Version {
        number: earlier.version,
        article: earlier.article,
        fetched_at: earlier.fetched_at,
    });
    Ok(earlier.chain([latest]).collect())
}

async fn history(app: &App, stored: &StoredArticle, list: bool, changes: bool) -> anyhow::Result<()> {
    let versions = versions(app, stored).await?;
    if list {
        let row = |version: &Version| {
            vec![
                version.number.to_string(),
                version.fetched_at.to_string(),
                version.article.title.clone(),
            ]
        };
        let table: Vec<_> = versions.iter().map(row).collect();
        print::line(print::table(&["VERSION", "READ", "HEADLINE"], &table))?;
        print::line(standing(stored))?;
    }
    if !changes {
        return Ok(());
    }
    if versions.len() == 1 {
        return print::line("There is one version only.");
    }
    for pair in versions.windows(2) {
        let (old, new) = (&pair[0], &pair[1]);
        print::line(format!(
            "Version {} → {}, read {}",
            old.number, new.number, new.fetched_at
        ))?;
        for line in diff(&old.article, &new.article) {
            print::line(match line {
                Line::Changed(spans) => format!("  {}", marked(&spans)),
                Line::Kept(1) => "  … 1 line as before".to_owned(),
                Line::Kept(lines) => format!("  … {lines} lines as before"),
            })?;
        }
    }
    Ok(())
}

async fn as_json(app: &App, stored: &StoredArticle) -> anyhow::Result<()> {
    let versions = versions(app, stored).await?;
    let versions: Vec<_> = versions
        .iter()
        .map(|version| {
            let mut article = json!(version.article);
            // Tables keep milliseconds; people and programs outside read text.
            article["published"] = json!(version.article.published.map(|at| at.to_string()));
            article["modified"] = json!(version.article.modified.map(|at| at.to_string()));
            json!({ "version": version.number, "read": version.fetched_at.to_string(), "article": article })
        })
        .collect();
    let object = json!({
        "article": stored.id,
        "url": stored.url,
        "carrier": stored.carrier,
        "state": stored.state,
        "note": stored.state_note,
        "not_before": stored.not_before.map(|at| at.to_string()),
        "revision": stored.revision.number,
        "published": stored.published_at.to_string(),
        "versions": versions,
    });
    print::line(serde_json::to_string_pretty(&object)?)
}

async fn withdraw(app: &App, which: &str, reason: Option<&str>) -> anyhow::Result<()> {
    let article = find(app, which).await?;
    let state = ArticleState::Withdrawn;
    let mut tx = app.store.begin().await?;
    let changed = rows::set_state(&mut tx, article.id, state, reason, app.now()).await?;
    let stored = Upserted {
        id: article.id,
        version: article.version,
        changed,
    };
    request_amendment(app, &mut tx, stored, state).await?;
    tx.commit().await?;
    let title = &article.article.title;
    let progress = Progress::silent();
    let amended = until_stopped(app, worker::drain(app, &[Kind::AmendEditions], &progress)).await?;
    ensure!(
        amended.is_some(),
        "“{title}” is withdrawn, but it was stopped before all editions lost its entry: the same command goes on with the \
         rest, or `reveille serve`"
    );
    print::line(if changed {
        format!("“{title}” is withdrawn.")
    } else {
        format!("“{title}” was withdrawn before.")
    })
}
