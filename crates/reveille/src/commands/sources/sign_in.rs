//! `reveille sources sign-in` and `sign-out`: what publishers issue to their readers.

use std::io::Read;

use anyhow::{Context, bail};
use reveille_model::{Credential, Secret, SourceKind};
use reveille_store::sources as rows;

use super::named;
use crate::{
    app::App,
    cli::{Issued, SecretPlace},
    commands::input,
    print,
};

/// The longest secret that is read, in bytes: more than any server takes in one header.
const LONGEST: u64 = 16 << 10;

pub(super) async fn sign_in(
    app: &App,
    name: &str,
    issued: Issued,
    place: &SecretPlace,
) -> anyhow::Result<()> {
    let source = named(app, name).await?;
    let text = secret_at(place)?;
    let secret = match (issued.user, issued.header) {
        (Some(user), _) => Secret::Basic { user, password: text },
        (None, Some(name)) => Secret::Header { name, value: text },
        (None, None) => Secret::Cookie(text),
    };
    let is_mailbox = source.kind == SourceKind::Imap;
    if is_mailbox && !matches!(secret, Secret::Basic { .. }) {
        bail!("a mailbox asks for a user and a password: give `--user`");
    }
    let credential = Credential::new(secret, source.url.url()).with_context(|| source.url.to_string())?;
    let mut tx = app.store.begin().await?;
    rows::set_credential(&mut tx, source.id, Some(&credential)).await?;
    tx.commit().await?;
    print::line(format!("{} is asked with {credential}.", source.carrier))?;
    if source.url.url().scheme() == "http" {
        print::line("Its address is http: the secret crosses the network in clear text.")?;
    }
    Ok(())
}

pub(super) async fn sign_out(app: &App, name: &str) -> anyhow::Result<()> {
    let source = named(app, name).await?;
    let mut tx = app.store.begin().await?;
    rows::set_credential(&mut tx, source.id, None).await?;
    tx.commit().await?;
    print::line(format!("{} is asked without a secret.", source.carrier))
}

/// The secret, without the line break that editors and `echo` put after it.
fn secret_at(place: &SecretPlace) -> anyhow::Result<String> {
    let text = match &place.secret_env {
        // The error would show a secret that is no Unicode.
        Some(variable) => std::env::var(variable)
            .ok()
            .with_context(|| format!("the variable {variable} is not set, or holds no text"))?,
        None => {
            let (from, _) = input::open(&place.secret_file)?;
            let mut text = String::new();
            from.take(LONGEST)
                .read_to_string(&mut text)
                .with_context(|| format!("cannot read {}", input::name(&place.secret_file)))?;
            text
        }
    };
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
