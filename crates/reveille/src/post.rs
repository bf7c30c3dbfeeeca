//! The way out for mail: one or several SMTP servers, or a folder of .eml files.

mod crowd;
mod error;
mod patience;
mod relays;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context;
use crowd::Crowd;
pub(crate) use error::PostError;
use patience::Patience;
pub(crate) use relays::{Others, Relays};
use reveille_mail::{Account, Message, Proof, dkim::Signer, folder, smtp};
use reveille_model::{Clock, Day, EmailAddress, UnixMillis, Zone};
use reveille_store::deliveries::Mailing;
use tokio::time::Instant;

use crate::config::{Dkim, Mail, Relay, Share, TlsKind, TransportKind};

/// Opens ways out. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Post {
    transport: Transport,
    clock: Clock,
    signers: Arc<[Signer]>,
    patience: Arc<Mutex<Patience>>,
    crowd: Arc<Mutex<Crowd>>,
    /// How many ways may be open at the same time.
    pub(crate) width: usize,
}

#[derive(Clone)]
enum Transport {
    Folder(PathBuf),
    Smtp(Relays),
}

impl Post {
    /// Readies the transport that the settings name.
    ///
    /// # Errors
    /// Where the signing key cannot be read.
    pub(crate) fn new(mail: &Mail, clock: Clock) -> anyhow::Result<Self> {
        let (transport, width) = match mail.transport {
            TransportKind::Folder => (Transport::Folder(mail.folder.clone()), 1),
            TransportKind::Smtp => (Transport::Smtp(relays(mail)), mail.smtp.connections),
        };
        Ok(Self {
            transport,
            clock,
            signers: signing_keys(&mail.dkim)?
                .into_iter()
                .map(|key| key.signer)
                .collect(),
            patience: Arc::default(),
            crowd: Arc::default(),
            width,
        })
    }

    /// A place for one more way out of a mailing, to a mail server that is not `unfit` for what is to be sent; `None` where none of
    /// these takes another connection now, or the mailing has given its own to another one a moment ago.
    pub(crate) fn place(&self, mailing: Mailing, unfit: &[usize]) -> Option<Place> {
        match &self.transport {
            Transport::Folder(_) => Some(Place(None)),
            Transport::Smtp(_) if !self.crowd().may_ask(mailing, Instant::now()) => None,
            Transport::Smtp(relays) => {
                let place = relays.place(unfit, self.today());
                place.map(|place| Place(Some(place)))
            }
        }
    }

    /// Counts as one that waits for a place, for as long as it is kept.
    pub(crate) fn wait_for_place(&self, mailing: Mailing) -> Waits {
        self.crowd().wait(mailing);
        Waits {
            crowd: Arc::clone(&self.crowd),
            mailing,
        }
    }

    /// Whether another mailing waits for a place.
    pub(crate) fn others_wait(&self, mailing: Mailing) -> bool {
        self.crowd().others_wait(mailing)
    }

    /// Has a way end with its next message, where it has had its turn and another mailing waits for a place; says whether it does.
    pub(crate) fn end_turn(&self, way: &mut Way, mailing: Mailing) -> bool {
        let Way::Smtp(_, left, place) = way else {
            return false;
        };
        let is_over = self.crowd().is_turn_over(mailing, place.messages());
        if is_over {
            *left = 1;
        }
        is_over
    }

    /// Takes note that a mailing has closed a way: whoever else waits for a place is first.
    pub(crate) fn give_way(&self, mailing: Mailing) {
        self.crowd().give_way(mailing, Instant::now());
    }

    /// Opens the way out for which there is a place.
    ///
    /// # Errors
    /// Where the mail server cannot be reached, takes no other connection or refuses the user.
    pub(crate) async fn open_at(&self, place: Place) -> Result<Way, PostError> {
        Ok(match &self.transport {
            Transport::Folder(folder) => Way::Folder(folder.clone()),
            Transport::Smtp(relays) => {
                let today = self.today();
                let place = place.0.unwrap_or_else(|| relays.any_place(today));
                let (connection, place) = relays.connect(place, today).await?;
                self.patience().reached();
                Way::Smtp(Box::new(connection), relays.turn(), place)
            }
        })
    }

    /// Opens one way out, whether or not the mail servers are known to take another connection.
    ///
    /// # Errors
    /// As those of [`Post::open_at`].
    pub(crate) async fn open(&self) -> Result<Way, PostError> {
        self.open_at(Place(None)).await
    }

    /// Whether any way out is open.
    pub(crate) fn is_connected(&self) -> bool {
        matches!(&self.transport, Transport::Smtp(relays) if relays.is_connected())
    }

    /// How far ways are out to the mail servers that are none of these.
    pub(crate) fn others(&self, these: &[usize]) -> Others {
        match &self.transport {
            Transport::Folder(_) => Others::Gone,
            Transport::Smtp(relays) => relays.others(these),
        }
    }

    /// Whether all mail servers are among these.
    pub(crate) fn are_all(&self, these: &[usize]) -> bool {
        match &self.transport {
            Transport::Folder(_) => true,
            Transport::Smtp(relays) => (0..relays.count()).all(|server| these.contains(&server)),
        }
    }

    /// Takes note that no connection can be had, as a try has shown that began then, and says how long that has lasted, in
    /// milliseconds.
    pub(crate) fn out_of_reach(&self, began: UnixMillis) -> i64 {
        self.patience().out_of_reach(began, self.clock.now())
    }

    /// Takes note that a mailing's message is put off, and says how long nothing of it was taken, in milliseconds.
    pub(crate) fn put_off(&self, mailing: Mailing) -> i64 {
        self.patience().put_off(mailing, self.clock.now())
    }

    /// Takes note that a mail server took a mailing's message, whichever node's, or answered about its reader.
    pub(crate) fn heard(&self, mailing: Mailing) {
        self.patience().heard(mailing);
    }

    fn crowd(&self) -> MutexGuard<'_, Crowd> {
        self.crowd.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn patience(&self) -> MutexGuard<'_, Patience> {
        self.patience.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn today(&self) -> Day {
        self.clock.now().day(&Zone::UTC)
    }

    /// Hands over one mail to a reader by a way of its own. `false`: the mail server refused it for good, as the log says,
    /// and no other try can help.
    ///
    /// # Errors
    /// Where it did not leave this time. What is told has none of the mail server's words, which may repeat the address.
    pub(crate) async fn send_alone(&self, message: &Message) -> Result<bool, PostError> {
        let sealed = self.seal(message)?;
        let mut way = self.open().await?;
        let sent = way.send(&sealed).await;
        way.close().await;
        match sent {
            Ok(_) => Ok(true),
            Err(error) if error.is_refusal() || error.is_permanent() => {
                tracing::warn!(message = sealed.id(), "{}", error.without_words());
                Ok(false)
            }
            Err(error) => Err(error.without_words()),
        }
    }

    /// Opens and closes a connection to every mail server; each with what went wrong where something did.
    pub(crate) async fn try_all(&self) -> Vec<(&smtp::Options, Option<smtp::SmtpError>)> {
        let Transport::Smtp(relays) = &self.transport else {
            return Vec::new();
        };
        let mut tried = Vec::new();
        for server in relays.all() {
            let failure = match smtp::Connection::connect(server).await {
                Ok(connection) => {
                    connection.quit().await;
                    None
                }
                Err(error) => Some(error),
            };
            tried.push((server, failure));
        }
        tried
    }

    /// Gives a message the form in which it leaves, signed where there is a key.
    ///
    /// # Errors
    /// Where it cannot be signed.
    pub(crate) fn seal(&self, message: &Message) -> Result<Sealed, PostError> {
        Ok(Sealed {
            from: message.return_path.as_ref().unwrap_or(&message.from.1).clone(),
            to: message.to.clone(),
            id: message.message_id.clone(),
            text: reveille_mail::build_signed(message, &self.signers)?,
        })
    }
}

/// A key of the settings that signs.
pub(crate) struct SigningKey {
    /// Which setting holds it.
    pub(crate) setting: &'static str,
    /// Of which kind the setting's key is to be, as [`Signer::kind`] says it.
    pub(crate) wanted: &'static str,
    pub(crate) signer: Signer,
}

/// The keys that sign: the usual one, and one in Ed25519 for receivers that know it (RFC 8463).
///
/// # Errors
/// Where one of them cannot be read.
pub(crate) fn signing_keys(dkim: &Dkim) -> anyhow::Result<Vec<SigningKey>> {
    let Some(domain) = &dkim.domain else {
        return Ok(Vec::new());
    };
    let (rsa, ed25519) = (&dkim.selector, &dkim.ed25519_selector);
    let mut keys = Vec::new();
    for (setting, wanted, selector, key) in [
        ("mail.dkim.key", "rsa", rsa, &dkim.key),
        ("mail.dkim.ed25519_key", "ed25519", ed25519, &dkim.ed25519_key),
    ] {
        let Some(key) = key else { continue };
        let signer = Signer::from_pem(domain, selector, key);
        keys.push(SigningKey {
            setting,
            wanted,
            signer: signer.with_context(|| format!("{setting}: the key cannot be used"))?,
        });
    }
    Ok(keys)
}

/// The servers of `mail.relays`, or else the one of `[mail.smtp]`.
pub(crate) fn relays(mail: &Mail) -> Relays {
    let smtp = &mail.smtp;
    let account = |user: &str, proof| Account {
        user: user.to_owned(),
        proof,
    };
    let proof = match (&smtp.password, &smtp.token_file) {
        (Some(password), _) => Some(Proof::Password(password.clone())),
        (None, Some(file)) => Some(Proof::TokenFile(file.clone())),
        (None, None) => None,
    };
    let own = smtp::Options {
        host: smtp.host.clone(),
        port: smtp.port,
        tls: tls(smtp.tls),
        account: smtp
            .user
            .as_deref()
            .zip(proof)
            .map(|(user, proof)| account(user, proof)),
        hello: mail.from_address.domain().to_owned(),
        timeout: Some(Duration::from_secs(smtp.timeout_seconds)),
        patience: None,
        root: None,
    };
    let options = |relay: &Relay| {
        let proof = |password: &String| Proof::Password(password.clone());
        let options = smtp::Options {
            host: relay.host.clone(),
            port: relay.port,
            tls: tls(relay.tls),
            account: relay
                .account
                .as_ref()
                .map(|(user, password)| account(user, proof(password))),
            ..own.clone()
        };
        (options, relay.share)
    };
    match mail.relays.split_first() {
        Some((first, others)) => Relays::new(options(first), others.iter().map(options).collect()),
        None => Relays::new((own, Share::Weight(1, None)), Vec::new()),
    }
}

fn tls(kind: TlsKind) -> smtp::Tls {
    match kind {
        TlsKind::Implicit => smtp::Tls::Implicit,
        TlsKind::StartTls => smtp::Tls::StartTls,
        TlsKind::None => smtp::Tls::None,
    }
}

/// A message ready to leave.
pub(crate) struct Sealed {
    from: EmailAddress,
    to: EmailAddress,
    id: String,
    text: smtp::Text,
}

/// Where a way out may be opened: at a mail server, or wherever one is.
pub(crate) struct Place(Option<relays::Place>);

/// A mailing's connection to be that waits for a place, until it is dropped.
pub(crate) struct Waits {
    crowd: Arc<Mutex<Crowd>>,
    mailing: Mailing,
}

impl Drop for Waits {
    fn drop(&mut self) {
        let mut crowd = self.crowd.lock().unwrap_or_else(PoisonError::into_inner);
        crowd.leave(self.mailing);
    }
}

/// One open way out; it takes message after message.
pub(crate) enum Way {
    Folder(PathBuf),
    /// A connection, how many messages more it is good for, and its place at the server.
    Smtp(Box<smtp::Connection>, u32, relays::Place),
}

impl Sealed {
    /// Its Message-ID, without angle brackets.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    fn parcel(&self) -> smtp::Parcel<'_> {
        smtp::Parcel {
            from: &self.from,
            to: &self.to,
            message: &self.text,
            id: Some(&self.id),
        }
    }
}

impl Way {
    /// Hands over one message and returns what the other side said on taking it.
    ///
    /// # Errors
    /// Where it was not taken, or where nobody can tell.
    pub(crate) async fn send(&mut self, message: &Sealed) -> Result<String, PostError> {
        self.begin(message).await?;
        self.finish(message, None).await
    }

    /// Announces a message, of which nothing leaves yet. [`Way::finish`] must follow with the same one.
    ///
    /// # Errors
    /// Where it cannot be taken.
    pub(crate) async fn begin(&mut self, message: &Sealed) -> Result<(), PostError> {
        match self {
            Self::Smtp(connection, left, place) => {
                let begun = connection.begin(message.parcel()).await;
                if begun.is_err() {
                    *left = left.saturating_sub(1);
                    place.announced();
                }
                Ok(begun?)
            }
            Self::Folder(_) => Ok(()),
        }
    }

    /// Hands over the message that was begun, announces the next, and returns what the other side said on taking it.
    ///
    /// # Errors
    /// Where it was not taken, or where nobody can tell.
    pub(crate) async fn finish(
        &mut self,
        message: &Sealed,
        next: Option<&Sealed>,
    ) -> Result<String, PostError> {
        match self {
            Self::Smtp(connection, left, place) => {
                *left = left.saturating_sub(1);
                place.announced();
                // The next one then goes by whoever's turn it is.
                let next = next.filter(|_| *left > 0);
                let sent = connection.finish(message.parcel(), next.map(Sealed::parcel));
                let reply = sent.await?.reply;
                place.carried();
                Ok(reply)
            }
            Self::Folder(folder) => {
                let path = folder::deliver(folder, &file_name(&message.id), message.text.bytes())?;
                Ok(format!("written to {}", path.display()))
            }
        }
    }

    /// Whether an error says no more than that this way has carried its fill.
    pub(crate) fn is_worn(&self, error: &PostError) -> bool {
        match (self, error) {
            (Self::Smtp(connection, ..), PostError::Smtp(error)) => connection.is_worn(error),
            _ => false,
        }
    }

    /// Whether a message was announced that is still to come, and nothing else can follow.
    pub(crate) fn is_begun(&self) -> bool {
        match self {
            Self::Folder(_) => false,
            Self::Smtp(connection, ..) => connection.is_begun(),
        }
    }

    /// The number of the mail server to which it leads.
    pub(crate) fn server(&self) -> Option<usize> {
        match self {
            Self::Folder(_) => None,
            Self::Smtp(_, _, place) => Some(place.server()),
        }
    }

    /// Whether it can take another message.
    pub(crate) fn is_ready(&self) -> bool {
        match self {
            Self::Folder(_) => true,
            Self::Smtp(connection, left, _) => connection.is_ready() && *left > 0,
        }
    }

    /// Takes leave of the other side.
    pub(crate) async fn close(self) {
        if let Self::Smtp(connection, _, _place) = self {
            connection.quit().await;
        }
    }

    /// The same with another side that asks us to wait: fewer connections go there for a while.
    pub(crate) async fn close_for_now(self) {
        if let Self::Smtp(connection, _, place) = self {
            connection.quit().await;
            place.refused();
        }
    }
}

/// A Message-ID as a file name: the same message, sent again, replaces itself.
fn file_name(message_id: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@' | '_') {
            c
        } else {
            '_'
        }
    };
    message_id.trim_matches(['<', '>']).chars().map(safe).collect()
}
