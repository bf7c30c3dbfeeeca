//! Whether other nodes send of the same mailing. Where they do, a mail server that has no place for this one is not down: its
//! places are theirs.

use reveille_model::DeliveryState;
use reveille_store::{
    StoreError,
    deliveries::{Mailing, tally},
};

use crate::app::App;

/// What was sent of a mailing before a run began, by whatever node.
pub(super) struct OtherNodes {
    mailing: Mailing,
    before: u64,
}

impl OtherNodes {
    /// Looks how much that is by now.
    pub(super) async fn look(app: &App, mailing: Mailing) -> Result<Self, StoreError> {
        let before = sent(app, mailing).await?;
        Ok(Self { mailing, before })
    }

    /// Whether others have sent any since, where so many were sent by this node and are in the ledger.
    pub(super) async fn have_sent(&self, app: &App, own: u64) -> Result<bool, StoreError> {
        Ok(sent(app, self.mailing).await? > self.before + own)
    }
}

async fn sent(app: &App, mailing: Mailing) -> Result<u64, StoreError> {
    let tally = tally(&app.store, mailing).await?;
    Ok(tally.get(&DeliveryState::Sent).copied().unwrap_or(0))
}
