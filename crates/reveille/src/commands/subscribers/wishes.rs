//! `reveille subscribers leave`, `pause`, `resume` and `answers`: what readers ask for by telephone, letter or mail.

use anyhow::{Context, bail, ensure};
use reveille_model::{Consent, ConsentKind, Day, Means, Slug, SubscriberState};
use reveille_store::{
    briefs::StoredBrief,
    returns,
    subscribers::{self as rows, Subscriber},
};

use super::{super::find_brief, say_what_comes};
use crate::{app::App, cli::Wish, print};

/// Answers that are listed.
const LISTED: u32 = 100;

pub(super) async fn leave(app: &App, wish: &Wish) -> anyhow::Result<()> {
    let (brief, reader) = find(app, wish).await?;
    let (email, name) = (&reader.email, &brief.brief.name);
    if reader.state == SubscriberState::Left {
        return print::line(format!("{email} had left {name} before."));
    }
    let consent = line(app, wish, ConsentKind::Left, "left");
    let mut tx = app.store.begin().await?;
    rows::leave(&mut tx, &reader.token, &consent).await?;
    tx.commit().await?;
    print::line(format!("{email} has left {name}, and gets no more of it."))
}

pub(super) async fn pause(app: &App, wish: &Wish, until: Day) -> anyhow::Result<()> {
    let (brief, reader) = find(app, wish).await?;
    let today = app.now().day(&reader.home.zone);
    ensure!(
        until > today,
        "`--until {until}` is not to come: a pause ends tomorrow at the earliest"
    );
    let consent = line(
        app,
        wish,
        ConsentKind::Changed,
        &format!("no edition before {until}"),
    );
    let mut tx = app.store.begin().await?;
    ensure!(
        rows::pause(&mut tx, reader.id, until, &consent).await?,
        "{} is {} and gets no edition anyway",
        reader.email,
        reader.state
    );
    tx.commit().await?;
    print::line(format!(
        "{} gets {} again with the edition of {until}.",
        reader.email, brief.brief.name
    ))
}

pub(super) async fn resume(app: &App, wish: &Wish) -> anyhow::Result<()> {
    let (brief, reader) = find(app, wish).await?;
    let consent = line(app, wish, ConsentKind::Changed, "every edition again");
    let mut tx = app.store.begin().await?;
    let resumed = match reader.state {
        SubscriberState::Bounced | SubscriberState::Pending => {
            rows::recover(&mut tx, reader.id, &consent).await?
        }
        _ => rows::resume(&mut tx, reader.id, &consent).await?,
    };
    tx.commit().await?;
    let (email, name) = (&reader.email, &brief.brief.name);
    match reader.state {
        _ if resumed => say_what_comes(app, &brief, (reader.id, email, &reader.home.zone)).await,
        SubscriberState::Active => print::line(format!("{email} had not paused {name}.")),
        state => bail!("{email} is {state}, and had not paused {name}"),
    }
}

/// The brief, and its reader at this address, or whoever took their place at another one.
async fn find(app: &App, wish: &Wish) -> anyhow::Result<(StoredBrief, Subscriber)> {
    let (brief, email) = (find_brief(app, wish.brief.as_ref()).await?, &wish.email);
    let reader = rows::find_by_email(&app.store, brief.id, email).await?;
    let reader = reader.with_context(|| format!("{email} is no reader of {}", brief.brief.name))?;
    let reader = rows::successor(&app.store, reader).await?;
    Ok((brief, reader))
}

/// The line of their record: what was changed, and how they asked for it.
fn line(app: &App, wish: &Wish, kind: ConsentKind, what: &str) -> Consent {
    Consent {
        kind,
        at: app.now(),
        sentence: format!("{what}; {}", wish.reason),
        means: Means::Editor,
    }
}

pub(super) async fn answers(app: &App, slug: Option<&Slug>) -> anyhow::Result<()> {
    let brief = find_brief(app, slug).await?;
    let rows: Vec<_> = returns::answers(&app.store, brief.id, LISTED)
        .await?
        .into_iter()
        .map(|(email, answer)| {
            vec![
                answer.at.to_string(),
                email.to_string(),
                answer.reason,
                answer.said,
            ]
        })
        .collect();
    match rows.as_slice() {
        [] => print::line(format!(
            "No reader of {} has written to a return path.",
            brief.brief.name
        )),
        rows => print::line(print::table(&["WHEN", "READER", "SUBJECT", "TEXT"], rows)),
    }
}
