//! Which of several mail servers takes the next messages, and over how many connections.
//!
//! Whoever wants a connection takes a place first, at the server whose turn it is. Where that takes no more connections, everybody
//! goes to another server or waits.

mod places;
mod settings;
mod turns;

use std::sync::{Arc, Mutex, PoisonError};

use reveille_mail::smtp::{Connection, Options, SmtpError, Without};
use reveille_model::Day;
use tokio::time::Instant;

use crate::config::Share;
use turns::Turns;
pub(crate) use turns::{MOST_UNKNOWN, Others};

/// Messages of one connection, where there are several servers or other mailings wait for it.
pub(super) const TURN: u32 = 100;

/// The mail servers, of which there is one at least. Clones count together.
#[derive(Clone)]
pub(crate) struct Relays {
    first: Arc<Options>,
    others: Arc<[Options]>,
    turns: Shared,
}

impl Relays {
    pub(crate) fn new(first: (Options, Share), others: Vec<(Options, Share)>) -> Self {
        let (others, mut shares): (Vec<_>, Vec<_>) = others.into_iter().unzip();
        shares.insert(0, first.1);
        Self {
            first: Arc::new(first.0),
            others: others.into(),
            turns: Shared(Arc::new(Mutex::new(Turns::new(shares)))),
        }
    }

    /// Every server in turn.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Options> {
        std::iter::once(&*self.first).chain(self.others.iter())
    }

    /// How many messages a connection is good for; any number where there is no other server.
    pub(crate) fn turn(&self) -> u32 {
        if self.others.is_empty() { u32::MAX } else { TURN }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// A place at the server whose turn it is, of those that are not `unfit` for what is to be sent; `None` where none of these
    /// takes one more connection now, or that would be more than `most` with all of them together.
    pub(crate) fn place(&self, most: usize, unfit: &[usize], today: Day) -> Option<Place> {
        let next = self.turns.with(|turns| match turns.taken() < most {
            true => turns.next(&[], unfit, today, Instant::now()),
            false => None,
        });
        next.map(|index| self.turns.place(index))
    }

    /// A place at the server whose turn it is; where none takes one more connection, at the one that is the likeliest to do it.
    pub(crate) fn any_place(&self, today: Day) -> Place {
        let index = self.turns.with(|turns| {
            let free = turns.next(&[], &[], today, Instant::now());
            free.unwrap_or_else(|| turns.next_anyway(today))
        });
        self.turns.place(index)
    }

    /// A connection at this place, or else at another server's.
    ///
    /// # Errors
    /// What the last one said, where none can be had.
    pub(crate) async fn connect(
        &self,
        mut place: Place,
        today: Day,
    ) -> Result<(Connection, Place), SmtpError> {
        let mut tried = Vec::new();
        loop {
            let server = self.all().nth(place.index).unwrap_or(&self.first);
            let error = match Connection::connect(server).await {
                Ok(mut connection) => {
                    place.stand();
                    connection.go_without(self.turns.with(|turns| *turns.without(place.index)));
                    return Ok((connection, place));
                }
                Err(error) => error,
            };
            tried.push(place.index);
            place.refused(&error);
            let next = self
                .turns
                .with(|turns| turns.next(&tried, &[], today, Instant::now()));
            place = self.turns.place(next.ok_or(error)?);
        }
    }

    /// Whether a connection to some server stands.
    pub(crate) fn is_connected(&self) -> bool {
        self.turns.with(|turns| turns.is_connected())
    }

    /// Has no server be believed of a reader whom it does not know until it takes a message, where it has taken none yet.
    pub(crate) fn know_nobody(&self) {
        self.turns.with(Turns::know_nobody);
    }

    /// Tells of the servers that took no connection since then, while another one took messages, each once.
    pub(crate) fn tell_down(&self, since: Instant) {
        let down = self.turns.with(|turns| turns.down_anew(since));
        down.iter().for_each(|said| tell(said));
    }

    /// How far connections are with the servers that are none of these.
    pub(crate) fn others(&self, these: &[usize]) -> Others {
        self.turns.with(|turns| turns.others(these, Instant::now()))
    }
}

#[derive(Clone)]
struct Shared(Arc<Mutex<Turns>>);

impl Shared {
    fn with<T>(&self, change: impl FnOnce(&mut Turns) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The place that was counted for the server of this number.
    fn place(&self, index: usize) -> Place {
        Place {
            turns: self.clone(),
            index,
            stands: false,
            is_news: false,
            messages: 0,
        }
    }
}

/// A place for one connection at a server, which is free again once this is dropped.
pub(crate) struct Place {
    turns: Shared,
    index: usize,
    /// Whether its connection stands.
    stands: bool,
    /// Whether it is one more than the server was known to take, and has carried no message yet.
    is_news: bool,
    /// How many were announced over its connection.
    messages: u32,
}

impl Place {
    /// The number of its server.
    pub(crate) fn server(&self) -> usize {
        self.index
    }

    /// How many messages were announced over its connection.
    pub(crate) fn messages(&self) -> u32 {
        self.messages
    }

    /// Takes note that a message was announced over its connection, whatever became of it.
    pub(crate) fn announced(&mut self) {
        self.messages = self.messages.saturating_add(1);
    }

    fn stand(&mut self) {
        self.stands = true;
        self.is_news = self.turns.with(|turns| turns.places(self.index).stand());
    }

    /// Takes note that its connection, to the server of this name, carried a message.
    pub(crate) fn carried(&mut self, server: &str) {
        let is_news = std::mem::take(&mut self.is_news);
        let is_back = self.turns.with(|turns| {
            if is_news {
                turns.places(self.index).carried(Instant::now());
            }
            turns.took(self.index, Instant::now())
        });
        if is_back {
            tracing::warn!("mail server {server} takes messages again");
        }
    }

    /// Takes note that its server does not know a reader, and says whether it may know nobody.
    pub(crate) fn knows_not(&self) -> bool {
        self.turns.with(|turns| turns.knows_not(self.index))
    }

    /// Takes note of what its server offers and does not carry out, for all connections to come.
    pub(crate) fn goes_without(&self, lack: Without) {
        self.turns.with(|turns| {
            let without = turns.without(self.index);
            *without = without.and(lack);
        });
    }

    /// Gives it up, since the server cannot be reached, or takes nothing over it now.
    pub(crate) fn refused(self, why: &SmtpError) {
        let (turns, index, stood) = (self.turns.clone(), self.index, self.stands);
        drop(self);
        let said = why.for_log();
        if turns.with(|turns| turns.refused(index, stood, &said, Instant::now())) {
            tell(&said);
        }
    }

    /// Takes note that a message which its server did not take goes by another one.
    pub(crate) fn passed_on(&self, why: &SmtpError) {
        if self.turns.with(|turns| turns.passes_on(self.index)) {
            tell(&why.for_log());
        }
    }
}

/// Tells that a server takes nothing, by what it said: with others to send by, nobody would hear of it.
fn tell(said: &str) {
    tracing::warn!(
        "{said}: what it does not take goes by other mail servers, and it is tried again now and then (`reveille doctor` tries all)"
    );
}

impl Drop for Place {
    fn drop(&mut self) {
        self.turns
            .with(|turns| turns.places(self.index).leave(self.stands));
    }
}
