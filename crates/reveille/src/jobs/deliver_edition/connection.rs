//! One way out: message after message, each begun with the end of the one before.

mod parcel;
mod turned_away;

use std::{collections::VecDeque, sync::Arc};

use reveille_model::EmailAddress;
use reveille_store::deliveries::{Delivery, Outcome};
use tokio::time::timeout;

use self::parcel::{Mark, Parcel, written};
use super::{
    claims::Ready,
    outcome,
    queue::{LOOK, Queue},
};
use crate::{
    app::App,
    ledger::{Closed, Ledger, Receipt},
    post::{Others, Place, PostError, Way},
    returns,
};

/// Sends until nothing is due.
pub(super) async fn run(app: App, queue: Arc<Queue>, ledger: Ledger) -> anyhow::Result<()> {
    let mut line = Line {
        app,
        queue,
        ledger,
        place: None,
        way: None,
        shunned: Vec::new(),
        ahead: VecDeque::new(),
        last: None,
        wary: false,
    };
    while let Some(parcel) = line.next().await? {
        line.send(parcel).await?;
    }
    if let Some(way) = line.way {
        way.close().await;
    }
    Ok(())
}

/// A connection and what is to go over it.
struct Line {
    app: App,
    queue: Arc<Queue>,
    ledger: Ledger,
    /// Where a way may be opened for what goes next, where none is.
    place: Option<Place>,
    way: Option<Way>,
    /// To which mail servers it opens none, since they cannot take what others have no place for.
    shunned: Vec<usize>,
    /// What was taken from the queue and goes next.
    ahead: VecDeque<Parcel>,
    /// For what became of the message before.
    last: Option<Receipt>,
    /// Whether the last claim was lost: then most others may be, as those of a node that was paused.
    wary: bool,
}

impl Line {
    /// The next message to send, once a way for it is open or may be opened; `None`: no more is to be sent. While there is nothing
    /// to send, no place is kept that another mailing may need, and none is waited for.
    async fn next(&mut self) -> anyhow::Result<Option<Parcel>> {
        let mut waits = None;
        loop {
            let mut ready = None;
            if self.ahead.is_empty() {
                match timeout(LOOK, self.queue.next(&self.ledger)).await {
                    Ok(next) => ready = next?,
                    Err(_elapsed) => {
                        waits = None;
                        self.leave_place().await;
                        continue;
                    }
                }
                if ready.is_none() {
                    return Ok(None);
                }
            }
            if self.has_place() {
                if let Some(ready) = ready {
                    let parcel = self.sealed(ready).await?;
                    self.ahead.extend(parcel);
                }
                if let Some(parcel) = self.ahead.pop_front() {
                    return Ok(Some(parcel));
                }
                self.place = None;
                continue;
            }
            // What it has in hand may leave by another way meanwhile.
            ready.into_iter().for_each(|ready| self.queue.give_back(ready));
            for parcel in std::mem::take(&mut self.ahead) {
                self.give_back(parcel).await?;
            }
            waits.get_or_insert_with(|| self.app.post.wait_for_place(self.queue.mailing));
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Whether a way is open, or may be opened.
    fn has_place(&mut self) -> bool {
        if self.way.is_none() && self.place.is_none() {
            if self.app.post.others(&self.shunned) == Others::Gone {
                self.shunned.clear();
            }
            self.place = self.app.post.place(self.queue.mailing, &self.shunned);
        }
        self.way.is_some() || self.place.is_some()
    }

    /// Closes a way that has nothing to carry, where another mailing waits for its place.
    async fn leave_place(&mut self) {
        if self.app.post.others_wait(self.queue.mailing)
            && let Some(way) = self.way.take()
        {
            way.close().await;
            self.app.post.give_way(self.queue.mailing);
        }
    }

    /// Lets others have a message of which nothing was sent.
    async fn give_back(&mut self, parcel: Parcel) -> Result<(), Closed> {
        match parcel.mark {
            Mark::Unasked => self.queue.give_back(parcel.ready),
            // Its mark would run out while it waits.
            Mark::Asked(_) | Mark::Granted => self.ledger.put_back(parcel.claim()).await?,
        }
        Ok(())
    }

    /// A delivery with its message; none where that cannot be signed, which ends the delivery, or is to be printed anew.
    async fn sealed(&mut self, ready: Ready) -> anyhow::Result<Option<Parcel>> {
        if ready.is_outdated(&self.app, self.queue.mailing).await? {
            self.ledger.put_back(ready.delivery.claim).await?;
            return Ok(None);
        }
        match written(&self.app, &ready) {
            Ok(message) => Ok(Some(Parcel::new(ready, message))),
            Err(error) => {
                self.end(&ready.delivery, Err(error)).await?;
                Ok(None)
            }
        }
    }

    /// Sends one message. While the mail server thinks about it, the next one is put on the wire in the ledger, and its
    /// envelope leaves with this one's end.
    async fn send(&mut self, mut parcel: Parcel) -> anyhow::Result<()> {
        if parcel.is_stale(self.app.now()) {
            return self.take_back(parcel).await;
        }
        // Nothing is put on the wire that may wait for one.
        let Some(mut way) = self.open().await else {
            return self.give_back(parcel).await.map_err(Into::into);
        };
        // To find another mail server may have taken long.
        parcel.renew(self.app.now());
        parcel.ask(&self.ledger, self.app.now()).await?;
        // An announcement that is taken back costs its connection.
        if self.wary && !parcel.is_granted().await? {
            self.way = Some(way);
            return Ok(());
        }
        self.wary = false;
        let is_last = self.app.post.end_turn(&mut way, self.queue.mailing);
        // The envelope may leave before the mark, the text not.
        let begun = way.begin(&parcel.message).await;
        let (granted, mut next) = match begun {
            Ok(()) => self.cleared(&mut parcel).await?,
            Err(_) => (parcel.is_granted().await?, None),
        };
        if !granted {
            self.ahead.extend(next);
            self.keep(way, true).await;
            return Ok(());
        }
        if parcel.is_stale(self.app.now()) {
            self.ahead.extend(next);
            self.way = Some(way);
            return self.take_back(parcel).await;
        }
        let sent = match (begun, &mut next) {
            (Err(error), _) => Err(error),
            (Ok(()), Some(next)) if !is_last => {
                next.ask(&self.ledger, self.app.now()).await?;
                way.finish(&parcel.message, Some(&next.message)).await
            }
            // The next one then goes by whoever has a place.
            (Ok(()), _) => way.finish(&parcel.message, None).await,
        };
        self.ahead.extend(next);
        let is_in_doubt = match &sent {
            Err(error) if self.is_unknown(error, &parcel.ready.delivery) => way.knows_not(),
            _ => false,
        };
        match sent {
            Err(error) if way.is_worn(&error) => self.ahead.push_front(parcel),
            Err(error) if parcel.is_unfit_by(&error) || error.may_blame_us() || is_in_doubt => {
                return self.pass_on(way, parcel, error).await;
            }
            Err(error) if error.is_put_off() || error.is_of_sender() => {
                return self.turn_from(way, parcel, &error).await;
            }
            Err(error) if let Some(why) = error.of_folder() => return self.stop_at(way, parcel, &why).await,
            Err(error) if error.is_busy() => return self.wait_with(way, parcel, error).await,
            sent => self.end(&parcel.ready.delivery, sent).await?,
        }
        self.keep(way, false).await;
        Ok(())
    }

    /// Lets others have a message whose permission is too old by now, and closes the way on which it was announced.
    async fn take_back(&mut self, parcel: Parcel) -> anyhow::Result<()> {
        self.give_back(parcel).await?;
        if let Some(way) = self.way.take() {
            self.keep(way, true).await;
        }
        Ok(())
    }

    /// Whether a message's text may leave, and the next message, if there is one by the time that this is known: what is on
    /// the wire waits for no other.
    async fn cleared(&mut self, parcel: &mut Parcel) -> anyhow::Result<(bool, Option<Parcel>)> {
        let last = self.last.take();
        let granted = async {
            // Of each connection one message at most may have arrived without the ledger knowing it.
            if let Some(last) = last {
                last.wait().await?;
            }
            parcel.is_granted().await
        };
        tokio::pin!(granted);
        if let Some(next) = self.ahead.pop_front() {
            return Ok((granted.await?, Some(next)));
        }
        let ready = tokio::select! {
            biased;
            ready = self.queue.next(&self.ledger) => ready?,
            granted = &mut granted => return Ok((granted?, None)),
        };
        let next = match ready {
            Some(ready) => self.sealed(ready).await?,
            None => None,
        };
        Ok((granted.await?, next))
    }

    /// Keeps a way for the next message, unless the one that was announced on it must not be sent.
    async fn keep(&mut self, way: Way, lost: bool) {
        self.wary = lost;
        if way.is_ready() && !(lost && way.is_begun()) {
            self.way = Some(way);
        } else {
            way.close().await;
            self.app.post.give_way(self.queue.mailing);
        }
    }

    /// The open way out, or a new one. That there is none says nothing of any message, and where another one is open, nothing of
    /// the mail server either, which takes so many and no more.
    async fn open(&mut self) -> Option<Way> {
        if self.way.is_some() {
            return self.way.take();
        }
        let began = self.app.now();
        match self.app.post.open_at(self.place.take()?).await {
            Ok(way) => {
                self.shunned.clear();
                self.queue.run.note_open();
                Some(way)
            }
            Err(error) => {
                if !self.app.post.is_connected() {
                    self.queue.run.note_out_of_reach(&error, began);
                }
                None
            }
        }
    }

    /// What becomes of a delivery, by what was answered to the address that it is sent from.
    fn outcome(&self, sent: Result<String, PostError>, delivery: &Delivery) -> Outcome {
        outcome::of(sent, delivery, || self.sender(delivery), self.app.now())
    }

    /// Whether the mail server says that nobody has the reader's address.
    fn is_unknown(&self, error: &PostError, delivery: &Delivery) -> bool {
        let refusal = error.refusal(&delivery.email, &self.sender(delivery));
        refusal.is_some_and(|failure| failure.reason.is_hard())
    }

    /// The address that a delivery is sent from.
    fn sender(&self, delivery: &Delivery) -> EmailAddress {
        let mail = &self.app.config.mail;
        returns::path(mail, &delivery.token).unwrap_or_else(|| mail.from_address.clone())
    }

    async fn end(&mut self, delivery: &Delivery, sent: Result<String, PostError>) -> Result<(), Closed> {
        let run = &self.queue.run;
        let is_deferral = sent.as_ref().is_err_and(PostError::is_deferral);
        if sent.as_ref().map_or_else(PostError::is_answer, |_taken| true) {
            run.note_heard();
        }
        let is_of_address = sent
            .as_ref()
            .is_err_and(|error| error.is_address_unfit(&delivery.email));
        let is_readers_pause = sent.as_ref().is_err_and(PostError::is_readers_pause);
        let outcome = self.outcome(sent, delivery);
        let is_pause = matches!(outcome, Outcome::Deferred(..) | Outcome::Missed(_));
        // It is the same with no other reader.
        if !(is_of_address || is_pause && is_readers_pause) {
            run.note(&outcome);
        }
        self.last = Some(self.ledger.end(delivery.claim, outcome).await?);
        if is_deferral {
            self.queue.slow(delivery).await;
        }
        Ok(())
    }
}
