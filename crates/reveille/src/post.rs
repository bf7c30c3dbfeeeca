//! The way out for mail: one or several SMTP servers, or a folder of .eml files.

mod crowd;
mod error;
mod keys;
mod patience;
mod relays;
mod way;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crowd::Crowd;
pub(crate) use error::{PostError, told};
pub(crate) use keys::signing_keys;
use patience::Patience;
pub(crate) use patience::{AGAIN_MILLIS, Doubt, Said};
pub(crate) use relays::{MOST_UNKNOWN, Others, Relays};
use reveille_mail::{Message, dkim::Signer, smtp};
use reveille_model::{Clock, Day, DeliveryId, UnixMillis, Zone};
use reveille_store::deliveries::Mailing;
use tokio::time::Instant;
pub(crate) use way::{Sealed, Way};

use crate::config::{Mail, TransportKind};

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
            TransportKind::Smtp => (Transport::Smtp(Relays::of(mail)), mail.smtp.connections),
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
    /// these takes another connection now, as many are open as may be, or the mailing has given its own to another one a moment ago.
    pub(crate) fn place(&self, mailing: Mailing, unfit: &[usize]) -> Option<Place> {
        self.place_within(self.width, mailing, unfit)
    }

    /// The same for a way in place of one that is open still.
    pub(crate) fn place_instead(&self, mailing: Mailing, unfit: &[usize]) -> Option<Place> {
        self.place_within(usize::MAX, mailing, unfit)
    }

    fn place_within(&self, most: usize, mailing: Mailing, unfit: &[usize]) -> Option<Place> {
        match &self.transport {
            Transport::Folder(_) => Some(Place(None)),
            Transport::Smtp(_) if !self.crowd().may_ask(mailing, Instant::now()) => None,
            Transport::Smtp(relays) => {
                let place = relays.place(most, unfit, self.today());
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

    /// Has no mail server be believed of a reader whom it does not know until it takes a message, where it has taken none yet: it
    /// refused many, as another process has found.
    pub(crate) fn know_nobody(&self) {
        if let Transport::Smtp(relays) = &self.transport {
            relays.know_nobody();
        }
    }

    /// Tells of the mail servers that took no connection since then, while another one took messages.
    pub(crate) fn tell_down(&self, since: Instant) {
        if let Transport::Smtp(relays) = &self.transport {
            relays.tell_down(since);
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

    /// Takes note that a mail server was busy with a message although it had heard of its reader, or refused it in words that may speak of
    /// us, and says whom that speaks of.
    pub(crate) fn doubt(&self, mailing: Mailing, message: (DeliveryId, Said)) -> Doubt {
        self.patience().doubt(mailing, message, self.clock.now())
    }

    /// Takes note that a mail server took a mailing's message.
    pub(crate) fn taken(&self, mailing: Mailing) {
        self.patience().taken(mailing, self.clock.now());
    }

    /// Takes note of how many were sent of a mailing, by whatever node, where its messages are put off.
    pub(crate) fn note_sent(&self, mailing: Mailing, sent: u64) {
        self.patience().note_sent(mailing, sent);
    }

    /// How many that were, when nothing of it was taken from this node any more.
    pub(crate) fn sent_when_put_off(&self, mailing: Mailing) -> Option<u64> {
        self.patience().sent_when_put_off(mailing, self.clock.now())
    }

    /// Takes note that a mail server took a mailing's message, whichever node's, or answered about its reader.
    pub(crate) fn heard(&self, mailing: Mailing) {
        self.patience().heard(mailing);
    }

    /// Hands over one mail to a reader by a way of its own. `false`: the mail server refused it for good, as the log says,
    /// and no other try can help.
    ///
    /// # Errors
    /// Where it did not leave this time. What is told has none of the mail server's words, which may repeat the address.
    pub(crate) async fn send_alone(&self, message: &Message) -> Result<bool, PostError> {
        let sealed = self.seal(message)?;
        let mut way = self.open().await?;
        let (sent, server) = (way.send(&sealed).await, way.server());
        way.close().await;
        match sent {
            Ok(_) => Ok(true),
            // Another mail server may take it at another try, or this one once our own address is another.
            Err(error)
                if error.unfit(&message.to).is_some()
                    || error.may_blame_us()
                    || error.is_address_unfit(&message.to) && !self.are_all(server.as_slice()) =>
            {
                Err(error.without_words())
            }
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
        Sealed::new(message, &self.signers)
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
