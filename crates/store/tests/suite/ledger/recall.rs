//! The edition is taken back in the middle of its mailing, and approved again with another text.

use reveille_model::{DeliveryState, Slot};
use reveille_store::deliveries::{self, NewDelivery};

use super::{Row, World};
use crate::fixture::{MINUTE, MORNING};

impl World<'_> {
    pub(super) async fn recall(&mut self) {
        let mut tx = self.store.begin().await.unwrap();
        let reached = deliveries::recall(&mut tx, self.edition).await.unwrap();
        let expected = self.rows.values().filter(|row| row.is_reached()).count();
        assert_eq!(reached, expected as u64, "who may have it");
        if reached > 0 {
            return;
        }
        tx.commit().await.unwrap();
        let in_the_air = |node: &super::Node| !(node.wired.is_empty() && node.answers.is_empty());
        assert!(!self.nodes.iter().any(in_the_air), "taken back under way");
        self.rows.clear();
        self.names.clear();
        self.recalls += 1;
    }

    /// Plans its deliveries, unless they are planned: every other reader has a last hour.
    pub(super) async fn approve(&mut self) {
        if !self.rows.is_empty() {
            return;
        }
        let mut planned = Vec::new();
        for (number, reader) in self.readers.iter().enumerate() {
            let late_at = (number % 2 == 1).then(|| MORNING.plus(25 * MINUTE));
            let slot = Slot {
                due_at: MORNING,
                late_at,
            };
            if !self.left.contains(reader) {
                let subscriber = self.address(*reader);
                planned.push(NewDelivery { subscriber, slot });
            }
        }
        let mut tx = self.store.begin().await.unwrap();
        deliveries::plan(&mut tx, self.edition, &planned, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for NewDelivery { subscriber, slot } in planned {
            let person = self.person(subscriber);
            let row = Row {
                id: self.stored(person).await.id,
                place: self.addresses[&person].len() - 1,
                state: DeliveryState::Queued,
                attempts: 0,
                tries: 0,
                doubts: 0,
                due: slot.due_at,
                lease: MORNING,
                late: slot.late_at,
                is_unwanted: self.paused.contains(&person),
            };
            self.rows.insert(person, row);
        }
    }
}
