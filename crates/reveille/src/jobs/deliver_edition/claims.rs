//! What is claimed for the connections, ahead of them: while they send, the next batch is being taken in hand.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use reveille_model::{Brief, IfUnknown, NoticeId, SubscriberId, UnixMillis};
use reveille_store::{
    StoreError,
    deliveries::{Delivery, Mailing, claim, missed_among, pass_over},
    editions::{StoredEdition, find, find_by_day, neighbours},
};
use tokio::{sync::mpsc, time::Instant};

use super::{PAUSE_MILLIS, queue::Queue};
use crate::{
    app::App,
    ledger::{LEASE_MILLIS, Ledger},
    letters::Printed,
    message_ids::MessageIds,
};

/// Deliveries claimed at a time for each connection.
const CLAIMS: usize = 50;
/// And for all of them.
const MOST_CLAIMS: usize = 500;
/// So many are claimed while no way out was open yet: enough to try every mail server with. A node that gets no place at any would
/// keep more from those that have one.
const FEW_CLAIMS: usize = 10;

/// How often is claimed again while only slow domains have anything left.
const TURN: Duration = Duration::from_secs(1);

/// So often at most is looked for what the mail server takes from nobody, since all that is due is read for that.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// So many editions in a row are told of to whoever missed them all.
const MOST_MISSED: usize = 5;

/// What was printed so long ago, in milliseconds, may have changed since.
pub(super) const OLD_MILLIS: i64 = 20_000;

/// A claimed delivery, ready to be written.
pub(super) struct Ready {
    pub(super) delivery: Delivery,
    /// The one that it had before, if it ever was on the wire.
    pub(super) message_id: String,
    /// What it brings, as it is printed for its reader.
    pub(super) printed: Arc<Printed>,
    /// When it was claimed, to be printed then.
    pub(super) claimed_at: UnixMillis,
}

impl Ready {
    /// Whether it has waited while its edition changed.
    pub(super) async fn is_outdated(&self, app: &App, mailing: Mailing) -> Result<bool, StoreError> {
        match mailing {
            Mailing::Edition(id) if app.now().since(self.claimed_at) > OLD_MILLIS => {
                let current = find(&app.store, id).await?;
                Ok(current.is_some_and(|current| current != self.printed.stored))
            }
            Mailing::Edition(_) | Mailing::Correction(_) => Ok(false),
        }
    }
}

/// What is mailed, as it is printed for its readers.
pub(in crate::jobs) struct Mail {
    pub(super) mailing: Mailing,
    pub(super) rule: IfUnknown,
    ids: MessageIds,
    /// As it was at the last claim.
    printed: Arc<Printed>,
    /// Why it may be printed otherwise at the next one; nothing where it stays as it is.
    edition: Option<Changing>,
}

/// What the mail of an edition hangs on.
struct Changing {
    brief: Brief,
    /// The editions before, where their readers are told that they missed them; the oldest first.
    before: Vec<StoredEdition>,
    /// As printed for those who missed so many of the last ones, where there are any.
    telling: BTreeMap<usize, Arc<Printed>>,
}

impl Changing {
    /// How many editions in a row, up to the last one, each of these readers missed who missed that.
    async fn missed(
        &self,
        app: &App,
        claimed: &[Delivery],
    ) -> Result<HashMap<SubscriberId, usize>, StoreError> {
        let mut readers: Vec<_> = claimed.iter().map(|delivery| delivery.subscriber).collect();
        let mut missed = HashMap::new();
        for before in self.before.iter().rev() {
            readers = missed_among(&app.store, before.id, &readers)
                .await?
                .into_iter()
                .collect();
            if readers.is_empty() {
                break;
            }
            for reader in &readers {
                *missed.entry(*reader).or_default() += 1;
            }
        }
        Ok(missed)
    }
}

impl Mail {
    pub(super) async fn of_edition(app: &App, edition: StoredEdition, brief: Brief) -> anyhow::Result<Self> {
        let before = match brief.tell_missed {
            true => editions_before(app, &edition).await?,
            false => Vec::new(),
        };
        Ok(Self {
            mailing: edition.id.into(),
            rule: brief.if_unknown,
            ids: MessageIds::of(app, named(&edition)).await?,
            printed: Arc::new(Printed::new(app, &brief, edition, &[])?),
            edition: Some(Changing {
                brief,
                before,
                telling: BTreeMap::new(),
            }),
        })
    }

    pub(in crate::jobs) async fn of_correction(
        app: &App,
        (notice, stated_at): (NoticeId, UnixMillis),
        rule: IfUnknown,
        printed: Printed,
    ) -> anyhow::Result<Self> {
        let name = format!("correction of {}, {stated_at}", named(&printed.stored));
        Ok(Self {
            mailing: notice.into(),
            rule,
            ids: MessageIds::of(app, name).await?,
            printed: Arc::new(printed),
            edition: None,
        })
    }

    /// The edition that it brings or corrects: "morning 2026-03-10".
    pub(in crate::jobs) fn named(&self) -> String {
        named(&self.printed.stored)
    }

    /// Prints it for these readers, as it is now.
    async fn print(
        &mut self,
        app: &App,
        claimed: Vec<Delivery>,
        claimed_at: UnixMillis,
    ) -> anyhow::Result<Vec<Ready>> {
        let ids = &self.ids;
        let ready = |delivery: Delivery, printed: &Arc<Printed>| Ready {
            message_id: (delivery.message_id.clone()).unwrap_or_else(|| ids.to(delivery.subscriber)),
            delivery,
            printed: Arc::clone(printed),
            claimed_at,
        };
        let Some(edition) = &mut self.edition else {
            let ready = |delivery| ready(delivery, &self.printed);
            return Ok(claimed.into_iter().map(ready).collect());
        };
        // It may have been amended since the last claim.
        let current = find(&app.store, self.printed.stored.id).await?;
        if let Some(current) = current.filter(|current| *current != self.printed.stored) {
            self.printed = Arc::new(Printed::new(app, &edition.brief, current, &[])?);
            edition.telling.clear();
        }
        let missed = edition.missed(app, &claimed).await?;
        for many in missed.values() {
            if !edition.telling.contains_key(many) {
                let (stored, last) = (self.printed.stored.clone(), edition.before.len());
                let printed = Printed::new(app, &edition.brief, stored, &edition.before[last - many..])?;
                edition.telling.insert(*many, Arc::new(printed));
            }
        }
        let ready = |delivery: Delivery| {
            let many = missed.get(&delivery.subscriber);
            let telling = many.and_then(|many| edition.telling.get(many));
            ready(delivery, telling.unwrap_or(&self.printed))
        };
        Ok(claimed.into_iter().map(ready).collect())
    }
}

/// What names an edition among all.
fn named(stored: &StoredEdition) -> String {
    format!("{} {}", stored.edition.slug, stored.edition.day)
}

/// What claims make of unknown deliveries: those that a log is asked about go out once it was.
fn by_claims(rule: IfUnknown) -> IfUnknown {
    match rule {
        IfUnknown::Reconcile => IfUnknown::Hold,
        IfUnknown::Resend | IfUnknown::Hold => rule,
    }
}

/// Claims the deliveries of a mailing, batch after batch.
pub(super) struct Claims {
    app: App,
    ledger: Ledger,
    /// How many at a time.
    most: usize,
    mail: Mail,
}

impl Claims {
    pub(super) fn new(app: App, ledger: Ledger, mail: Mail) -> Self {
        Self {
            most: (CLAIMS * app.post.width).min(MOST_CLAIMS),
            app,
            ledger,
            mail,
        }
    }

    /// Where the connections' queue has room for one batch while they send another.
    pub(super) fn room(&self) -> (mpsc::Sender<Ready>, mpsc::Receiver<Ready>) {
        mpsc::channel(2 * self.most)
    }

    /// Has those wait that are such as the mail server takes from nobody, and were tried before.
    async fn pass_over(&self, queue: &Queue) -> Result<(), StoreError> {
        let (now, mailing) = (self.app.now(), self.mail.mailing);
        let until = now.plus(PAUSE_MILLIS);
        while !queue.run.is_over() && pass_over(&self.app.store, mailing, until, now).await? {}
        Ok(())
    }

    /// Claims for as long as something is due, the mailing goes on and somebody takes it.
    pub(super) async fn fill(mut self, queue: Arc<Queue>, room: mpsc::Sender<Ready>) -> anyhow::Result<()> {
        let (mut few, mut last_look) = (0, None::<Instant>);
        while !queue.run.is_over() {
            if few > 0 && !queue.run.was_open() {
                tokio::select! {
                    () = queue.run.opens() => {}
                    // All were taken, and those of slow domains wait: others may be behind them.
                    all = room.reserve_many(room.max_capacity()) => if all.is_err() {
                        return Ok(());
                    },
                }
            }
            few = (2 * few).clamp(FEW_CLAIMS, MOST_CLAIMS);
            let many = if queue.run.was_open() {
                self.most
            } else {
                self.most.min(few)
            };
            // Nothing is claimed that then waits for room.
            let Ok(places) = room.reserve_many(many).await else {
                return Ok(());
            };
            // A few show that this is so still; the others need not be written for that, and stand in nobody's way.
            if queue.run.finds_none_fit() && last_look.is_none_or(|last| last.elapsed() >= LOOK_AGAIN) {
                last_look = Some(Instant::now());
                self.pass_over(&queue).await?;
            }
            let batch = self.next(many).await?;
            if batch.is_empty() {
                // Whoever comes due meanwhile does not wait for the slowest domain.
                if !queue.is_holding() {
                    return Ok(());
                }
                drop(places);
                tokio::time::sleep(TURN).await;
                continue;
            }
            for (place, ready) in places.zip(batch) {
                place.send(ready);
            }
        }
        Ok(())
    }

    async fn next(&mut self, most: usize) -> anyhow::Result<Vec<Ready>> {
        let (app, mail) = (&self.app, &mut self.mail);
        let (limit, now) = (u32::try_from(most)?, app.now());
        let rule = by_claims(mail.rule);
        let claimed = claim(&app.store, mail.mailing, rule, limit, LEASE_MILLIS, now).await?;
        self.ledger
            .hold(claimed.iter().map(|delivery| delivery.claim).collect())
            .await?;
        mail.print(app, claimed, now).await
    }
}

/// The brief's editions before this one as far as they are told of, the oldest first.
async fn editions_before(app: &App, edition: &StoredEdition) -> anyhow::Result<Vec<StoredEdition>> {
    let (brief, mut day) = (edition.brief, edition.edition.day);
    let mut before = Vec::new();
    while before.len() < MOST_MISSED
        && let Some(previous) = neighbours(&app.store, brief, day).await?.previous
        && let Some(found) = find_by_day(&app.store, brief, previous).await?
    {
        day = previous;
        before.push(found);
    }
    before.reverse();
    Ok(before)
}
