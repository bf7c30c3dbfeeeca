//! What comes back: each mail has a return path of its own, and what arrives there is believed of that reader only.
//! Beside bounces and complaints that is what readers write there: a plain wish to leave is followed, also where a mail program
//! wrote it for them; all else is kept for a person to read.
//!
//! The path holds the reader's key, 128 random bits that stand in no mail's text but in its links. Who has the key could
//! make the reader leave by the link as well, so a forged bounce can do no more than that.

mod face;
mod named;
mod told;

pub(crate) use face::router;
use reveille_mail::{
    bounce::{self, Failure, Returned},
    letter, receiver,
};
use reveille_model::{Consent, ConsentKind, EmailAddress, Means, ReturnKind, SubscriberState, UnixMillis};
use reveille_store::{
    briefs,
    deliveries::Mailing,
    returns::{self, Return},
    subscribers::{self, Subscriber},
};

use crate::{app::App, config::Mail, reconcile};

/// Hex digits of a reader's key.
const KEY: usize = 32;

/// The return path of one reader's mails: `bounce+KEY@example.org`.
pub(crate) fn path(mail: &Mail, token: &str) -> Option<EmailAddress> {
    let address = mail.return_address.as_ref()?;
    let (local, domain) = address.as_str().rsplit_once('@')?;
    format!("{local}+{token}@{domain}").parse().ok()
}

/// The header of a mail.
fn header(mail: &[u8]) -> &[u8] {
    let ends = |bytes: &[u8]| bytes.starts_with(b"\n\n") || bytes.starts_with(b"\n\r\n");
    let end = (0..mail.len()).find(|at| ends(&mail[*at..]));
    &mail[..end.unwrap_or(mail.len())]
}

/// The key of the one return path that a mail names, in its header or in the message that it returns.
fn key_in(mail: &Mail, bytes: &[u8]) -> Option<String> {
    let address = mail.return_address.as_ref()?.as_str().to_ascii_lowercase();
    let (local, domain) = address.rsplit_once('@')?;
    let (before, after) = (format!("{local}+"), format!("@{domain}"));
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let keys = text.match_indices(&before).filter_map(|(at, _)| {
        let rest = &text[at + before.len()..];
        let key = rest
            .get(..KEY)
            .filter(|key| key.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        rest[KEY..].starts_with(&after).then(|| key.to_owned())
    });
    let mut keys: Vec<String> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    keys.pop().filter(|_| keys.is_empty())
}

/// Takes what mail hosts bring to our own server for it: mail to one reader's return path, and no other.
pub(crate) struct Inbox(pub(crate) App);

impl receiver::Inbox for Inbox {
    fn is_ours(&self, recipient: &str) -> bool {
        let mail = &self.0.config.mail;
        let own = key_in(mail, recipient.as_bytes()).and_then(|key| path(mail, &key));
        own.is_some_and(|own| own.as_str().eq_ignore_ascii_case(recipient))
    }

    async fn keep(&self, recipients: Vec<String>, mail: Vec<u8>) -> bool {
        for recipient in recipients {
            // The envelope names the reader; a mail that names another one is believed of neither.
            let delivered = [format!("Delivered-To: {recipient}\r\n").as_bytes(), &mail].concat();
            if let Err(error) = take(&self.0, delivered).await {
                tracing::error!("returned mail could not be kept: {error:#}");
                return false;
            }
        }
        true
    }
}

/// What became of a mail that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is no bounce or complaint.
    NoReturn,
    /// It names no reader of ours by their key, or several.
    Nobody,
    /// It was read before.
    Before,
    /// It was kept; the reader's state afterwards.
    Kept(ReturnKind, SubscriberState),
}

/// Keeps what a mail says of the reader on whose return path it came, and draws the conclusion: an address that is none
/// gets no more mail, who complained or asked to be taken off has left. Whatever it is, what it answers has arrived.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn take(app: &App, mail: Vec<u8>) -> anyhow::Result<Taken> {
    let Some(key) = key_in(&app.config.mail, &mail) else {
        return Ok(Taken::Nobody);
    };
    let Some(reader) = subscribers::find_by_token(&app.store, &key).await? else {
        return Ok(Taken::Nobody);
    };
    reconcile::by_answer(app, reader.id, &mail).await?;
    let reading = tokio::task::spawn_blocking(move || (bounce::read(&mail), mail));
    let (returned, mail) = match reading.await {
        Ok(read) => read,
        // Our own fault, which must not hold up all that came behind this mail. What it says may repeat the mail.
        Err(error) if error.is_panic() => {
            tracing::error!("a mail that came back could not be read, and is passed over");
            return Ok(Taken::NoReturn);
        }
        Err(error) => return Err(error.into()),
    };
    let what = match returned {
        Returned::Other => written(app, &mail),
        // Mail programs that follow our way out by themselves say so of their mail.
        Returned::AutoReply => written(app, &mail).filter(|what| what.kind == ReturnKind::Exit),
        returned => meaning(app, &reader.email, returned),
    };
    let Some(what) = what else {
        return Ok(Taken::NoReturn);
    };
    let mailing = named::mailing(app, reader.id, &String::from_utf8_lossy(&mail)).await?;
    keep(app, (&reader, mailing), &what, &mail).await
}

/// Keeps what came back for a reader, and of which mailing where that is known, and draws the conclusion; once for the same
/// `proof`, which is the mail, or the name of what a service told.
async fn keep(
    app: &App,
    (reader, mailing): (&Subscriber, Option<Mailing>),
    what: &Return,
    proof: &[u8],
) -> anyhow::Result<Taken> {
    let mut tx = app.store.begin().await?;
    if !returns::insert(&mut tx, reader.id, mailing, proof, what).await? {
        return Ok(Taken::Before);
    }
    conclude(app, &mut tx, reader, what, proof).await?;
    tx.commit().await?;
    // Erased in between.
    let Some(now) = subscribers::find(&app.store, reader.id).await? else {
        return Ok(Taken::Nobody);
    };
    let brief = briefs::find(&app.store, reader.brief).await?;
    tracing::info!(
        brief = brief.map(|stored| stored.brief.slug.to_string()),
        reader = %reader.id,
        state = %now.state,
        "a mail came back: {} ({})",
        what.kind,
        what.reason
    );
    Ok(Taken::Kept(what.kind, now.state))
}

async fn conclude(
    app: &App,
    tx: &mut reveille_store::Tx,
    reader: &Subscriber,
    what: &Return,
    mail: &[u8],
) -> anyhow::Result<()> {
    let (sentence, means) = match what.kind {
        ReturnKind::Hard => {
            subscribers::bounced(tx, reader.id, app.now()).await?;
            return Ok(());
        }
        ReturnKind::Complaint => (
            format!("Complained of a mail at their mail host ({}).", what.reason),
            Means::Complaint,
        ),
        ReturnKind::Exit => {
            let message_id = letter::read(mail).map(|letter| letter.message_id);
            let message_id = message_id.unwrap_or_default();
            (
                format!("Wrote \u{201c}{}\u{201d}.", what.reason),
                Means::Letter { message_id },
            )
        }
        ReturnKind::Soft | ReturnKind::Answer => return Ok(()),
    };
    let consent = Consent {
        kind: ConsentKind::Left,
        at: app.now(),
        sentence,
        means,
    };
    subscribers::leave(tx, &reader.token, &consent).await?;
    Ok(())
}

/// Subjects that ask for nothing but to be taken off, as mail programs write them (RFC 2369, section 3.2) and people do.
const EXITS: [&str; 23] = [
    "unsubscribe",
    "unsubscribe me",
    "please unsubscribe",
    "please unsubscribe me",
    "remove",
    "remove me",
    "take me off",
    "stop",
    "abmelden",
    "abmeldung",
    "abbestellen",
    "austragen",
    "bitte abmelden",
    "stopp",
    "désabonner",
    "désabonnement",
    "me désabonner",
    "se désabonner",
    "désinscription",
    "baja",
    "dar de baja",
    "darme de baja",
    "cancelar suscripción",
];

/// The beginning of a reader's letter that is kept, in characters.
const KEPT: usize = 500;

/// What a person wrote to a reader's own return path, as the header says; `None` where it went elsewhere, and only quotes it.
fn written(app: &App, mail: &[u8]) -> Option<Return> {
    key_in(&app.config.mail, header(mail))?;
    let letter = letter::read(mail)?;
    let subject = letter.subject.trim();
    let asked = subject.trim_end_matches(['.', '!']).to_lowercase();
    let kind = match EXITS.contains(&asked.as_str()) {
        true => ReturnKind::Exit,
        false => ReturnKind::Answer,
    };
    let text = letter.text.unwrap_or_default();
    let own = text.lines().filter(|line| !line.starts_with('>'));
    let own: Vec<&str> = own.flat_map(str::split_whitespace).collect();
    Some(Return {
        kind,
        reason: subject.chars().take(KEPT).collect(),
        status: None,
        said: own.join(" ").chars().take(KEPT).collect(),
        at: app.now(),
    })
}

/// What a mail means for the reader of this address; `None` where nothing.
fn meaning(app: &App, reader: &EmailAddress, returned: Returned) -> Option<Return> {
    /// Reports that speak for the reader (RFC 5965, section 7.3); others are of mail hosts about signatures.
    const BY_READERS: [&str; 4] = ["abuse", "fraud", "virus", "opt-out"];
    let at = app.now();
    match returned {
        Returned::Bounce(failures) => {
            // One message goes to one reader: of several recipients the others are where it was passed on to.
            let own = failures.iter().position(|failure| is_own(failure, reader));
            let mut what = of_failure(failures.into_iter().nth(own.unwrap_or(0))?, at);
            if own.is_some() {
                return Some(what);
            }
            // The reader's own address took it, so that it is one.
            what.kind = ReturnKind::Soft;
            what.reason = format!("{} where it was passed on to", what.reason);
            Some(what)
        }
        Returned::Complaint { kind, .. } if BY_READERS.contains(&kind.as_str()) => Some(Return {
            kind: ReturnKind::Complaint,
            reason: kind,
            status: None,
            said: String::new(),
            at,
        }),
        Returned::Complaint { .. } | Returned::AutoReply | Returned::Other => None,
    }
}

/// Whether a failure is of the reader's own address, as far as it says of which it is.
fn is_own(failure: &Failure, reader: &EmailAddress) -> bool {
    let named: Vec<EmailAddress> = failure
        .named
        .iter()
        .filter_map(|name| name.parse().ok())
        .collect();
    named.is_empty() || named.iter().any(|name| name.key() == reader.key())
}

/// What a message that did not arrive means for its reader.
pub(crate) fn of_failure(failure: Failure, at: UnixMillis) -> Return {
    let kind = match failure.reason.is_hard() {
        true => ReturnKind::Hard,
        false => ReturnKind::Soft,
    };
    Return {
        kind,
        reason: failure.reason.name().to_owned(),
        status: failure.status,
        said: failure.said,
        at,
    }
}
