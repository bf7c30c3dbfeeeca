//! `reveille desk`: who works at the desk. Whoever can open the store may let editors in.

use anyhow::bail;
use reveille_desk::ago;
use reveille_model::SessionId;
use reveille_store::sessions::{self, Session};

use crate::{app::App, cli::DeskCommand, entropy, letters::addresses, print};

pub(super) async fn run(app: &App, command: DeskCommand) -> anyhow::Result<()> {
    match command {
        DeskCommand::Link { name } => print::line(link(app, &name).await?),
        DeskCommand::Sessions => list(app).await,
        DeskCommand::SignOut(which) => match which.number {
            Some(number) => sign_out(app, SessionId(number)).await,
            None => sign_out_all(app).await,
        },
    }
}

/// Makes a link that signs an editor in.
///
/// # Errors
/// Where the store fails or the system has no randomness to give.
pub(crate) async fn link(app: &App, editor: &str) -> anyhow::Result<String> {
    let token = entropy::token()?;
    let mut tx = app.store.begin().await?;
    sessions::insert_link(&mut tx, editor, &token, app.now()).await?;
    tx.commit().await?;
    Ok(addresses::sign_in(&app.config.web, &token))
}

async fn list(app: &App) -> anyhow::Result<()> {
    let now = app.now();
    let sessions = sessions::list(&app.store, now).await?;
    if sessions.is_empty() {
        return print::line("Nobody is signed in: `reveille desk link` prints a link.");
    }
    let row = |session: &Session| {
        vec![
            session.id.to_string(),
            session.editor.clone(),
            ago(now, Some(session.made_at)),
            ago(now, Some(session.seen_at)),
            session.agent.clone().unwrap_or_default(),
        ]
    };
    let rows: Vec<_> = sessions.iter().map(row).collect();
    print::line(print::table(
        &["NUMBER", "EDITOR", "SIGNED IN", "SEEN", "BROWSER"],
        &rows,
    ))
}

async fn sign_out(app: &App, id: SessionId) -> anyhow::Result<()> {
    let mut tx = app.store.begin().await?;
    let ended = sessions::delete(&mut tx, id).await?;
    tx.commit().await?;
    if !ended {
        bail!("there is no session {id} (`reveille desk sessions` lists them)");
    }
    print::line(format!("Session {id} has ended."))
}

async fn sign_out_all(app: &App) -> anyhow::Result<()> {
    let mut tx = app.store.begin().await?;
    let ended = sessions::delete_all(&mut tx).await?;
    tx.commit().await?;
    print::line(format!("Sessions ended: {ended}."))
}
