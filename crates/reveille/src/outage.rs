//! What `serve` does about a store that is full or lost: its work is broken off as at its end, and begins anew once the store
//! can be written. Pages stay, and say what they cannot do.

use std::time::Duration;

use anyhow::Context;
use tokio::time::{Instant, sleep};

use crate::app::App;

/// So long a store is tried again: more than a database takes to start anew, or another to take its place.
pub(crate) const PATIENCE: Duration = Duration::from_secs(600);
/// The first pause. Connections that rested for so long are asked whether they still are any, so that one lost database is
/// not met once for each of them.
const FIRST_PAUSE: Duration = Duration::from_millis(1_500);
/// Each pause doubles the one before, up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Tells of a failure that work goes on after, with all that it comes from.
pub(crate) fn warn(error: impl Into<anyhow::Error>) {
    tracing::warn!("{:#}", error.into());
}

/// Waits until the store can be written again, and readies what was broken off to be taken up.
///
/// # Errors
/// Where that takes longer than the patience.
pub(crate) async fn sit_out(app: &App, why: &anyhow::Error, patience: Duration) -> anyhow::Result<()> {
    tracing::error!(
        "the store cannot be used, and is tried again for {} minutes: {why:#}",
        patience.as_secs() / 60
    );
    app.break_off();
    let (began, mut pause) = (Instant::now(), FIRST_PAUSE);
    loop {
        sleep(pause).await;
        match take_up(app).await {
            Ok(()) => break,
            Err(_) if began.elapsed() < patience => pause = (2 * pause).min(LONGEST_PAUSE),
            Err(error) => {
                return Err(error).context("the store did not come back; what was reported done is safe");
            }
        }
    }
    tracing::warn!("the store can be used again");
    Ok(())
}

async fn take_up(app: &App) -> anyhow::Result<()> {
    app.store.try_writing().await?;
    app.take_up().await
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;
    use reveille_store::jobs;

    use super::*;
    use crate::{
        clock::Settable,
        jobs::Kind,
        worker::tests::{MORNING, app},
    };

    #[tokio::test]
    async fn what_was_broken_off_is_given_back_at_once_and_mailings_may_begin_again() {
        let db = reveille_testkit::sqlite_database().await;
        let app = app(&db, &Settable::starting_at(MORNING)).await;
        let mut tx = db.store.begin().await.unwrap();
        jobs::insert(&mut tx, &Kind::ReadItem.job(1, MORNING), MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let claim = || async {
            let kinds = [Kind::ReadItem.as_str()];
            jobs::claim(&db.store, &kinds, &[], 24_000, app.now())
                .await
                .unwrap()
        };
        let job = claim().await.unwrap();
        app.take_in_hand(&job);
        assert!(claim().await.is_none());
        sit_out(&app, &anyhow!("a cable was pulled"), PATIENCE)
            .await
            .unwrap();
        assert_eq!(claim().await.unwrap().id, job.id);
        assert!(!*app.stopping().borrow());
    }

    #[tokio::test]
    async fn a_store_that_does_not_come_back_ends_the_patience() {
        let db = reveille_testkit::sqlite_database().await;
        let app = app(&db, &Settable::starting_at(MORNING)).await;
        db.store.close().await;
        std::fs::remove_dir_all(db.folder().unwrap()).unwrap();
        let gone = sit_out(&app, &anyhow!("a cable was pulled"), Duration::ZERO).await;
        assert!(gone.unwrap_err().to_string().contains("did not come back"));
    }
}
