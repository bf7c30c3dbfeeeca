//! Readers who move to another zone, pause or go on in the middle of the mailing: what waits for them leaves by their own clocks.

use reveille_model::{ConsentKind, DeliveryState, Home, Slot, SubscriberId, Zone};
use reveille_store::subscribers;

use super::{World, ZONES};
use crate::fixture::consent;

impl World<'_> {
    pub(super) async fn change_zone(&mut self, reader: usize, zone: &str) {
        let person = self.readers[reader];
        let zone: Zone = zone.parse().unwrap();
        let mut tx = self.store.begin().await.unwrap();
        subscribers::set_home(
            &mut tx,
            self.address(person),
            &Home::of("", None, &zone),
            self.now,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        self.zones.insert(person, zone);
        self.reslot(person);
    }

    pub(super) async fn pause(&mut self, reader: usize) {
        let person = self.readers[reader];
        let until = "2026-03-11".parse().unwrap();
        let line = consent(ConsentKind::Changed, self.now);
        let mut tx = self.store.begin().await.unwrap();
        let paused = subscribers::pause(&mut tx, self.address(person), until, &line).await;
        assert_eq!(paused.unwrap(), !self.left.contains(&person));
        tx.commit().await.unwrap();
        if !self.left.contains(&person) {
            self.paused.insert(person);
            self.has_paused.insert(person);
            self.want(person, false);
        }
    }

    pub(super) async fn go_on(&mut self, reader: usize) {
        let person = self.readers[reader];
        let line = consent(ConsentKind::Changed, self.now);
        let mut tx = self.store.begin().await.unwrap();
        let resumed = subscribers::resume(&mut tx, self.address(person), &line).await;
        let is_paused = self.paused.contains(&person) && !self.left.contains(&person);
        assert_eq!(resumed.unwrap(), is_paused);
        tx.commit().await.unwrap();
        if is_paused {
            self.paused.remove(&person);
            self.want(person, true);
        }
    }

    fn want(&mut self, person: SubscriberId, wants: bool) {
        if let Some(row) = self.rows.get_mut(&person) {
            row.is_unwanted = !wants;
        }
        self.reslot(person);
    }

    /// The hours of the edition's day where a reader lives, for what may leave from now on.
    pub(super) fn slot(&self, person: SubscriberId, ready: reveille_model::UnixMillis) -> Slot {
        let first = ZONES[0].parse().unwrap();
        let zone = self.zones.get(&person).unwrap_or(&first);
        Slot::of("2026-03-10".parse().unwrap(), &self.brief.1, zone, ready)
    }

    /// What waits at the address that a reader has now, and knows a last hour, leaves by the clock of their zone.
    fn reslot(&mut self, person: SubscriberId) {
        use DeliveryState::{Missed, Queued, Sending, Wire};
        let Some(row) = self.rows.get(&person).copied() else {
            return;
        };
        let is_here = row.place + 1 == self.addresses[&person].len();
        if !is_here || row.late.is_none() {
            return;
        }
        let ready = match row.tries {
            0 => self.now,
            _ => self.now.max(row.due),
        };
        let slot = self.slot(person, ready);
        let row = self.rows.get_mut(&person).unwrap();
        match row.state {
            Queued => {}
            Missed if row.attempts == 0 => {}
            Sending | Wire => {
                (row.due, row.late) = (slot.due_at, slot.late_at);
                return;
            }
            _ => return,
        }
        (row.due, row.late) = (slot.due_at, slot.late_at);
        row.state = if slot.is_missed() { Missed } else { Queued };
    }
}
