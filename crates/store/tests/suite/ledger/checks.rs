//! What must be true after every step, and at the end.

use std::collections::BTreeMap;

use reveille_model::{DeliveryState, SubscriberId};
use reveille_store::deliveries::{self, StoredDelivery, Which};

use super::World;

impl World<'_> {
    pub(super) async fn stored(&self, reader: SubscriberId) -> StoredDelivery {
        let mut rows = Vec::new();
        for address in &self.addresses[&reader] {
            let found = deliveries::list(self.store, self.edition, Which::To(*address), None, 9);
            rows.extend(found.await.unwrap());
        }
        assert_eq!(rows.len(), 1, "one row for each reader, at whatever address");
        rows.remove(0)
    }

    pub(super) async fn agrees(&self) {
        for (reader, row) in &self.rows {
            let stored = self.stored(*reader).await;
            let waits = [DeliveryState::Queued, DeliveryState::Unknown].contains(&row.state);
            assert_eq!(
                (stored.subscriber, stored.state, stored.attempts, stored.doubts),
                (
                    self.addresses[reader][row.place],
                    row.state,
                    row.attempts,
                    row.doubts
                ),
                "{reader}"
            );
            assert_eq!(
                waits.then_some((stored.due_at, stored.tries)),
                waits.then_some((row.due, row.tries)),
                "when it is tried, {reader}"
            );
        }
        let mut counted: BTreeMap<DeliveryState, u64> = BTreeMap::new();
        for row in self.rows.values() {
            *counted.entry(row.state).or_default() += 1;
        }
        let tally = deliveries::tally(self.store, self.edition).await.unwrap();
        assert_eq!(tally, counted, "the running counts");
        let planned = deliveries::is_planned(self.store, self.edition).await.unwrap();
        assert_eq!(planned, !self.rows.is_empty());
    }

    pub(super) async fn check_end(&self) {
        let doubted = deliveries::list(self.store, self.edition, Which::Doubted, None, 9)
            .await
            .unwrap();
        for reader in &self.readers {
            if !self.rows.contains_key(reader) {
                assert!(self.left.contains(reader) && !self.taken.contains_key(reader));
                continue;
            }
            let (row, taken) = (
                self.stored(*reader).await,
                self.taken.get(reader).copied().unwrap_or(0),
            );
            let first = self.names.get(reader);
            assert!(
                first.is_none_or(|first| row.message_id.as_ref() == Some(first)),
                "what it is listed as"
            );
            let lawful = match row.state {
                DeliveryState::Sent => taken > 0,
                DeliveryState::Withdrawn => self.left.contains(reader) || self.has_paused.contains(reader),
                DeliveryState::Missed => self.rows[reader].late.is_some(),
                DeliveryState::Refused => true,
                // Held.
                DeliveryState::Unknown => row.doubts > self.rule.resends(),
                _ => false,
            };
            assert!(lawful, "ended as {} and was taken {taken} times", row.state);
            assert!(
                taken <= 1 || self.in_doubt.contains(reader),
                "sent twice without need"
            );
            assert!(
                taken <= 1 || doubted.iter().any(|row| self.person(row.subscriber) == *reader),
                "it is not listed"
            );
            assert!(
                row.doubts == 0 || self.in_doubt.contains(reader),
                "doubted without need"
            );
        }
    }
}
