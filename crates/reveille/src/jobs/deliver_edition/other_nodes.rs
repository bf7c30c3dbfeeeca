//! Whether other nodes send of the same mailing. Where they do, a mail server that has no place for this one is not down: its
//! places are theirs.

use reveille_model::DeliveryState;
use reveille_store::{
    StoreError,
    deliveries::{Mailing, tally},
};

use crate::app::App;

/// What was sent of a mailing before a run began, by whatever node: before the first one, where nothing of it was taken from this node
/// for several.
pub(super) struct OtherNodes {
    mailing: Mailing,
    before: u64,
}

impl OtherNodes {
    /// Looks how much that is by now.
    pub(super) async fn look(app: &App, mailing: Mailing) -> Result<Self, StoreError> {
        let before = match app.post.sent_when_put_off(mailing) {
            Some(sent) => sent,
            None => sent(app, mailing).await?,
        };
        Ok(Self { mailing, before })
    }

    /// Whether others have sent any since, where so many were sent by this node, are in the ledger, and nothing could be handed over
    /// then. The next run of what was put off goes on from here.
    pub(super) async fn have_sent(&self, app: &App, own: u64) -> Result<bool, StoreError> {
        let by_this = self.before + own;
        let is_more = sent(app, self.mailing).await? > by_this;
        if is_more {
            app.post.heard(self.mailing);
        } else {
            app.post.note_sent(self.mailing, by_this);
        }
        Ok(is_more)
    }
}

async fn sent(app: &App, mailing: Mailing) -> Result<u64, StoreError> {
    let tally = tally(&app.store, mailing).await?;
    Ok(tally.get(&DeliveryState::Sent).copied().unwrap_or(0))
}
