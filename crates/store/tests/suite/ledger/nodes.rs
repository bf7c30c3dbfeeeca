//! Nodes that give back what they have, hold on to it, die and come back.

use reveille_model::DeliveryState;
use reveille_store::deliveries;

use super::{LEASE, Node, World};

impl World<'_> {
    pub(super) async fn put_back(&mut self, node: usize) {
        // Nothing was sent of what is on the wire either.
        let Node { claimed, wired, .. } = &mut self.nodes[node];
        let claimed: Vec<_> = claimed.drain(..).chain(wired.drain(..)).collect();
        let claims: Vec<_> = claimed.iter().map(|one| one.claim).collect();
        let mut tx = self.store.begin().await.unwrap();
        deliveries::put_back(&mut tx, self.edition, &claims, self.now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for delivery in claimed {
            match self.rows.get_mut(&delivery.subscriber) {
                Some(row) if row.is_held_by(delivery.claim) => row.state = DeliveryState::Queued,
                // It may have been released from the wire before, …
                Some(row) if row.is_doubted_as(delivery.claim) => {
                    row.trust(self.now);
                    if row.doubts > 0 {
                        self.in_doubt.insert(delivery.subscriber);
                    }
                }
                // … and claimed since, …
                Some(row) if row.id == delivery.claim.id => drop(self.in_doubt.insert(delivery.subscriber)),
                // … or been taken back.
                _ => {}
            }
        }
    }

    pub(super) async fn beat(&mut self, node: usize) {
        let Node { claimed, wired, .. } = &self.nodes[node];
        let held: Vec<_> = claimed
            .iter()
            .chain(wired)
            .map(|one| (one.subscriber, one.claim))
            .collect();
        let claims: Vec<_> = held.iter().map(|(_, claim)| *claim).collect();
        let mut tx = self.store.begin().await.unwrap();
        deliveries::extend(&mut tx, self.edition, &claims, LEASE, self.now)
            .await
            .unwrap();
        deliveries::release(&mut tx, self.edition, self.now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (reader, claim) in held {
            if let Some(row) = self.rows.get_mut(&reader).filter(|row| row.is_held_by(claim)) {
                row.lease = self.now.plus(LEASE);
            }
        }
        for row in self.rows.values_mut().filter(|row| row.lease <= self.now) {
            row.release(self.now);
        }
    }

    pub(super) fn die(&mut self, node: usize) {
        let Node { wired, answers, .. } = std::mem::take(&mut self.nodes[node]);
        self.in_doubt.extend(wired.iter().map(|one| one.subscriber));
        self.in_doubt.extend(answers.iter().map(|(reader, ..)| *reader));
    }

    pub(super) async fn restart(&mut self) {
        self.die(0);
        self.die(1);
        let mut tx = self.store.begin().await.unwrap();
        deliveries::release_all(&mut tx, self.now).await.unwrap();
        tx.commit().await.unwrap();
        for row in self.rows.values_mut() {
            row.release(self.now);
        }
    }
}
