//! `reveille tokens`: programs that may use the API.

use anyhow::{Context, bail};
use reveille_model::Scope;
use reveille_store::tokens;

use crate::{app::App, cli::TokensCommand, entropy, print};

pub(super) async fn run(app: &App, command: TokensCommand) -> anyhow::Result<()> {
    match command {
        TokensCommand::Add { name, scopes } => add(app, &name, &scopes).await,
        TokensCommand::List => list(app).await,
        TokensCommand::Revoke { name } => {
            let mut tx = app.store.begin().await?;
            if !tokens::revoke(&mut tx, &name, app.now()).await? {
                bail!("no program `{name}` is let in (`reveille tokens list` shows all)");
            }
            tx.commit().await?;
            print::line(format!("{name} is shut out from now on."))
        }
    }
}

async fn add(app: &App, name: &str, scopes: &[String]) -> anyhow::Result<()> {
    let scopes: Result<Vec<Scope>, _> = scopes.iter().map(|word| word.parse()).collect();
    let token = entropy::token()?;
    let mut tx = app.store.begin().await?;
    if !tokens::insert(&mut tx, name, &token, &scopes.context("--scope")?, app.now()).await? {
        bail!("there is or was a program `{name}`: choose another name, since consent records may hold it");
    }
    tx.commit().await?;
    // Alone on standard output, so that it can be piped to where it is kept.
    print::line(token)
}

async fn list(app: &App) -> anyhow::Result<()> {
    let mut table = Vec::new();
    for token in tokens::list(&app.store).await? {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        let state = match (token.revoked_at, token.used_at) {
            (Some(at), _) => format!("revoked {at}"),
            (None, Some(at)) => format!("seen {at}"),
            (None, None) => "never seen".to_owned(),
        };
        table.push(vec![token.name, scopes.join(" "), state]);
    }
    match table.as_slice() {
        [] => print::line(
            "No program may use the API: `reveille tokens add NAME --scope briefs:read` lets one in.",
        ),
        rows => print::line(print::table(&["PROGRAM", "MAY", "STATE"], rows)),
    }
}
