//! Counts how often entries are followed from mails, in memory, so that whoever follows one never waits for the store, nor
//! misses the page where the store takes nothing.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use reveille_model::EditionId;
use reveille_store::{Store, StoreError, clicks};

/// What was counted and is not in the store yet: of each edition, by the entry's number.
#[derive(Debug, Default)]
pub struct Clicks(Mutex<BTreeMap<(EditionId, usize), u64>>);

impl Clicks {
    /// Counts one. The entry must be one of the edition's: their number bounds what is held.
    pub(crate) fn count(&self, edition: EditionId, number: usize) {
        self.add(BTreeMap::from([((edition, number), 1)]));
    }

    /// Puts what was counted into the store. What it does not take stays for the next time.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn keep(&self, store: &Store) -> Result<(), StoreError> {
        let counted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if counted.is_empty() {
            return Ok(());
        }
        let kept = insert(store, &counted).await;
        if kept.is_err() {
            self.add(counted);
        }
        kept
    }

    fn add(&self, more: BTreeMap<(EditionId, usize), u64>) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (entry, clicks) in more {
            *counted.entry(entry).or_default() += clicks;
        }
    }
}

async fn insert(store: &Store, counted: &BTreeMap<(EditionId, usize), u64>) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    clicks::add(&mut tx, counted).await?;
    tx.commit().await
}
