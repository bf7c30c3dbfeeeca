//! source → article, for a mailbox of newsletters on an IMAP server.

use std::time::Duration;

use percent_encoding::percent_decode_str;
use reveille_mail::{
    Account, Proof,
    imap::{self, Limits, Mailbox, Mark},
};
use reveille_model::{Outcome, Secret, SourceKind};
use reveille_store::{
    jobs::Job,
    sources::{FetchSuccess, Source},
};

use super::letter::{self, Issue};
use crate::{
    app::App,
    jobs::{Ended, commit},
};

/// Letters of one visit.
const LETTERS: usize = 50;
/// The largest letter, in bytes.
const LETTER: u32 = 8 << 20;
/// After so many bytes a visit takes no further letter.
const VISIT: u64 = 64 << 20;
/// Nor after so long.
const VISIT_TIME: Duration = Duration::from_secs(300);
/// How often a mailbox is asked, in milliseconds.
const PAUSE_MILLIS: i64 = 5 * 60_000;

/// The mailbox that a source is, if it is one.
pub(crate) fn mailbox_of(app: &App, source: &Source) -> Option<Mailbox> {
    if source.kind != SourceKind::Imap {
        return None;
    }
    let url = source.url.url();
    let text = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
    let name = text(url.path().trim_matches('/'));
    let issued = source
        .credential
        .as_ref()
        .and_then(|credential| credential.secret_for(url));
    let gather = &app.config.gather;
    let (user, proof) = match (issued, &gather.imap_token_file) {
        (Some(Secret::Basic { user, password }), _) => (user.clone(), Proof::Password(password.clone())),
        (_, Some(file)) => (text(url.username()), Proof::TokenFile(file.clone())),
        (_, None) => {
            let password = gather.imap_password.clone().unwrap_or_default();
            (text(url.username()), Proof::Password(password))
        }
    };
    Some(Mailbox {
        host: url.host_str()?.to_owned(),
        port: url.port().unwrap_or(993),
        account: Account { user, proof },
        name: if name.is_empty() { "INBOX".to_owned() } else { name },
    })
}

/// Asks the mailbox once; storing nothing, `sources check` does just this.
///
/// # Errors
/// Why it cannot be read.
pub(crate) async fn ask(mailbox: &Mailbox, since: Option<Mark>) -> Result<imap::News, imap::ImapError> {
    let limits = Limits {
        letters: LETTERS,
        bytes: LETTER,
        wait: Duration::from_secs(30),
        visit_bytes: VISIT,
        visit_time: VISIT_TIME,
    };
    imap::read_new(mailbox, since, limits).await
}

pub(super) async fn run(app: &App, job: &Job, source: &Source, mailbox: &Mailbox) -> anyhow::Result<Ended> {
    // The mark of the last visit is to a mailbox what a validator is to a page.
    let since = source.etag.as_deref().and_then(mark);
    // Read before the transaction begins, which on SQLite holds up all others.
    let asked = match ask(mailbox, since).await {
        Ok(news) => Ok((news.mark, issues(news.letters).await?)),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    };
    let mut tx = app.store.begin().await?;
    match asked {
        Ok((mark, issues)) => {
            let polling = source.polling.learn(Outcome::found(issues.len()), app.now());
            for (uid, issue) in issues {
                match issue {
                    Ok(issue) => letter::keep(app, &mut tx, source, issue).await?,
                    Err(error) => tracing::warn!(source = %source.id, uid, "{error}"),
                }
            }
            let success = FetchSuccess {
                etag: Some(format!("{}:{}", mark.validity, mark.uid)),
                ..FetchSuccess::default()
            };
            let next = app.now().plus(PAUSE_MILLIS);
            reveille_store::sources::fetched(&mut tx, source.id, &success, &polling, next, app.now()).await?;
        }
        Err(error) => {
            let next = app.now().plus(2 * PAUSE_MILLIS);
            let polling = source.polling.learn(Outcome::FAILED, app.now());
            reveille_store::sources::failed(&mut tx, source.id, &error, &polling, next, app.now()).await?;
        }
    }
    commit(app, tx, job).await
}

/// What the letters bring, each under its number.
async fn issues(letters: Vec<(u32, Vec<u8>)>) -> anyhow::Result<Vec<(u32, Result<Issue, String>)>> {
    let read = move || {
        letters
            .iter()
            .map(|(uid, bytes)| (*uid, letter::read(bytes)))
            .collect()
    };
    Ok(tokio::task::spawn_blocking(read).await?)
}

fn mark(text: &str) -> Option<Mark> {
    let (validity, uid) = text.split_once(':')?;
    Some(Mark {
        validity: validity.parse().ok()?,
        uid: uid.parse().ok()?,
    })
}
