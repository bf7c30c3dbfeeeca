//! What becomes of a message that a mail server takes from nobody, or of which it does not want to hear now. That says nothing of its
//! reader, and costs them no try.

use reveille_store::deliveries::{Later, Mailing, Outcome};

use super::{
    super::{NONE_TAKEN, PAUSE_MILLIS, queue::LOOK},
    Line, Parcel,
};
use crate::{
    ledger::Closed,
    post::{AGAIN_MILLIS, Doubt, Others, Place, Post, PostError, Said, Way, told},
};

/// So often is looked whether another mail server has a place for what one cannot take: for three seconds, in which most answer, and
/// a turn of another mailing's is over.
const LOOKS: u32 = 60;

impl Line {
    /// Has a message go by another mail server which this one could take from nobody, or not for this reader, or refused for what may be
    /// a reason of ours or its own; or else wait. Everything else goes on.
    pub(super) async fn pass_on(
        &mut self,
        way: Way,
        mut parcel: Parcel,
        error: PostError,
    ) -> anyhow::Result<()> {
        let unfit = error.unfit(&parcel.ready.delivery.email);
        parcel.note_unfit_for(way.server(), self.app.now());
        let these = &parcel.unfit_for;
        let others = match place_but(&self.app.post, self.queue.mailing, these).await {
            Ok(place) => {
                self.place = Some(place);
                self.ahead.push_front(parcel);
                way.close_after(&error).await;
                return Ok(());
            }
            Err(others) => others,
        };
        if others == Others::Used && unfit.is_none() {
            // Those that follow need not wait for a place there, as this one does.
            self.postpone(&parcel, AGAIN_MILLIS, Why::Server).await?;
            self.keep(way, false).await;
            return Ok(());
        }
        if others == Others::Used {
            // It leaves with whoever has a place there, or once this one has: what follows is most often such a message too.
            self.queue.run.note_full();
            self.shunned.clone_from(these);
            way.close().await;
            return Ok(self.give_back(parcel).await?);
        }
        let why = told(&error);
        match unfit {
            // One that cannot be reached now may well take it. What hangs on this reader's address keeps nobody else waiting.
            // While another one is down, what becomes of others shows no less of whom this one speaks.
            None if !error.is_address_unfit(&parcel.ready.delivery.email) => {
                self.doubt(&parcel, error, &why).await?;
            }
            _ if !self.app.post.are_all(these) => {
                if !error.is_address_unfit(&parcel.ready.delivery.email) {
                    self.queue.run.note_put_off(&why);
                }
                self.postpone(&parcel, AGAIN_MILLIS, Why::Server).await?;
            }
            Some(unfit) => {
                self.queue.run.note_unfit(unfit, &why);
                self.postpone(&parcel, PAUSE_MILLIS, Why::Obstacle(why)).await?;
            }
            None => self.end(&parcel.ready.delivery, Err(error)).await?,
        }
        self.keep(way, false).await;
        Ok(())
    }

    /// Has a message wait a little which no mail server takes, for what may be a reason of ours. Where it is the reader's or its own, as
    /// those that are taken have shown, it ends with the mail server's words, which then speak of no other.
    async fn doubt(&mut self, parcel: &Parcel, error: PostError, why: &str) -> Result<(), Closed> {
        let claim = parcel.claim();
        let said = match self.is_unknown(&error, &parcel.ready.delivery) {
            true => Said::Unknown,
            false => Said::Else,
        };
        let doubt = self.queue.run.note_doubt((claim.id, said), why);
        match (doubt, said) {
            (Doubt::Us(_), Said::Else) => self.queue.run.note_failure(why),
            (Doubt::Us(_), Said::Unknown) => self.queue.run.note_unknown(why),
            _ => {}
        }
        // Of whom one does not know that may know nobody, another one might.
        let is_heard = said == Said::Else || self.app.post.are_all(&parcel.unfit_for);
        let outcome = match doubt {
            Doubt::Other if is_heard => {
                self.queue.run.note_heard();
                self.outcome(Err(error), &parcel.ready.delivery)
            }
            // They stay readers, and it can be sent again.
            Doubt::Other | Doubt::Open => Outcome::Failed(why.to_owned()),
            _ => return self.postpone(parcel, doubt.pause(), Why::of(doubt, why)).await,
        };
        self.last = Some(self.ledger.end(claim, outcome).await?);
        Ok(())
    }

    /// Lets others have a message so many milliseconds later of which nothing was sent.
    async fn postpone(&mut self, parcel: &Parcel, pause: i64, why: Why) -> Result<(), Closed> {
        let (obstacle, said) = match why {
            Why::Obstacle(words) => (Some(words), None),
            Why::Said(words) => (None, Some(words)),
            Why::Server => (None, None),
        };
        let later = Later {
            claim: parcel.claim(),
            due_at: self.app.now().plus(pause),
            obstacle,
            said,
        };
        self.ledger.room().await?.postpone(vec![later]);
        Ok(())
    }

    /// Closes a way over which nothing is taken from us now. That says nothing of the message, which another server may take, or
    /// this one a little later.
    pub(super) async fn turn_from(
        &mut self,
        way: Way,
        mut parcel: Parcel,
        error: &PostError,
    ) -> anyhow::Result<()> {
        if error.is_put_off() {
            let why = told(error);
            self.queue.run.note_put_off(&why);
            self.postpone(&parcel, AGAIN_MILLIS, Why::Said(why)).await?;
            way.close_for_now(error).await;
            return Ok(());
        }
        parcel.note_unfit_for(way.server(), self.app.now());
        match place_but(&self.app.post, self.queue.mailing, &parcel.unfit_for).await {
            Ok(place) => {
                self.place = Some(place);
                self.ahead.push_front(parcel);
                way.close_for_now(error).await;
            }
            Err(Others::Gone) => {
                self.queue.run.note_closed(&told(error));
                match self.queue.run.is_over() {
                    true => self.ledger.put_back(parcel.claim()).await?,
                    false => self.ahead.push_front(parcel),
                }
                // Only so many answers in a row show that it is so with all, which need not wait for one another.
                way.close().await;
            }
            Err(Others::Tried | Others::Used) => {
                self.queue.run.note_full();
                self.shunned.clone_from(&parcel.unfit_for);
                way.close_for_now(error).await;
                self.give_back(parcel).await?;
            }
        }
        Ok(())
    }

    /// Ends the run where the folder for mail takes nothing: it is the same with all that follows, until somebody mends it.
    pub(super) async fn stop_at(&mut self, way: Way, parcel: Parcel, why: &str) -> anyhow::Result<()> {
        self.queue.run.note_shut(why);
        self.ledger.put_back(parcel.claim()).await?;
        way.close().await;
        Ok(())
    }

    /// Turns from a server that is busy itself once it has heard of the reader. One who has that happen again and again while others
    /// are taken may be the reason.
    pub(super) async fn wait_with(
        &mut self,
        way: Way,
        parcel: Parcel,
        error: PostError,
    ) -> anyhow::Result<()> {
        let why = told(&error);
        let doubt = self.queue.run.note_doubt((parcel.claim().id, Said::Else), &why);
        if doubt != Doubt::Other {
            self.postpone(&parcel, doubt.pause(), Why::of(doubt, &why))
                .await?;
            way.close_for_now(&error).await;
            return Ok(());
        }
        self.end(&parcel.ready.delivery, Err(error)).await?;
        self.keep(way, false).await;
        Ok(())
    }
}

/// Why a message waits of which nothing was sent.
enum Why {
    /// The message itself is in its way, or what was said to it alone.
    Obstacle(String),
    /// This was said to it, which may have another reason.
    Said(String),
    /// Nobody takes anything now.
    Server,
}

impl Why {
    fn of(doubt: Doubt, words: &str) -> Self {
        match doubt {
            Doubt::Alone(_) => Self::Obstacle(format!("{NONE_TAKEN}{words}")),
            _ => Self::Said(words.to_owned()),
        }
    }
}

/// A place at a mail server that is none of these, or else how far connections were with those at best. While somebody tries whether
/// there is one, nobody else does, and another mailing may end its turn, so that is waited for a little.
async fn place_but(post: &Post, mailing: Mailing, these: &[usize]) -> Result<Place, Others> {
    let (mut looks, mut waits, mut best) = (0..LOOKS, None, Others::Gone);
    loop {
        if let Some(place) = post.place_instead(mailing, these) {
            return Ok(place);
        }
        let others = post.others(these);
        best = best.max(others);
        if others == Others::Gone || looks.next().is_none() {
            return Err(best);
        }
        waits.get_or_insert_with(|| post.wait_for_place(mailing));
        tokio::time::sleep(LOOK).await;
    }
}
