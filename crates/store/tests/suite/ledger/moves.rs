//! A reader moves to another address in the middle of the mailing, and what waits for them follows.

use reveille_model::{ConsentKind, DeliveryState, SubscriberId, SubscriberState};
use reveille_store::{
    confirmations,
    subscribers::{self, SignUp},
};

use super::{READERS, World};
use crate::fixture::{consent, new_subscriber};

impl World<'_> {
    /// Whose address this is: the reader as whom they came.
    pub(super) fn person(&self, address: SubscriberId) -> SubscriberId {
        let mut all = self.addresses.iter();
        let found = all.find(|(_, addresses)| addresses.contains(&address));
        *found.expect("somebody's address").0
    }

    pub(super) fn address(&self, person: SubscriberId) -> SubscriberId {
        *self.addresses[&person].last().unwrap()
    }

    pub(super) async fn change_address(&mut self, reader: usize) {
        let person = self.readers[reader];
        if self.left.contains(&person) {
            return;
        }
        let (count, old) = (self.addresses[&person].len(), self.address(person));
        let number = self.number * 1_000 + u32::try_from(READERS * count + reader).unwrap();
        let new = new_subscriber(self.brief.0, number, SubscriberState::Pending);
        let mut tx = self.store.begin().await.unwrap();
        let SignUp::New(address) = subscribers::insert(&mut tx, &new).await.unwrap() else {
            panic!("{new:?} is there already");
        };
        let link = format!("move {number}");
        confirmations::insert_move(&mut tx, address, old, &link, self.now)
            .await
            .unwrap();
        let line = consent(ConsentKind::Confirmed, self.now);
        let moved = subscribers::confirm(&mut tx, &link, &line).await.unwrap();
        assert_eq!(moved.unwrap().id, address);
        tx.commit().await.unwrap();
        self.tokens[reader] = new.token;
        self.addresses.get_mut(&person).unwrap().push(address);
        if self.rows.get(&person).is_some_and(|row| row.place + 1 == count) {
            self.follow(person);
        }
    }

    /// Has what waits at one address, or is in hand there, wait at the next.
    pub(super) fn follow(&mut self, person: SubscriberId) {
        use DeliveryState::{Missed, Queued, Sending, Unknown};
        let (now, slot) = (self.now, self.slot(person, self.now));
        let row = self.rows.get_mut(&person).unwrap();
        match row.state {
            Unknown => {
                row.place += 1;
                row.tries = 0;
            }
            Queued | Sending => {
                row.place += 1;
                row.state = Queued;
                row.tries = 0;
                if row.attempts > 0 {
                    row.due = row.due.min(now);
                }
                if row.late.is_some() {
                    (row.due, row.late) = (slot.due_at, slot.late_at);
                    row.state = if slot.is_missed() { Missed } else { Queued };
                }
            }
            _ => {}
        }
    }
}
