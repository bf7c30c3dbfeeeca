//! How long an edition takes to be planned for a million readers, and how long others wait for it meanwhile.

use std::time::{Duration, Instant};

use reveille_model::BriefId;
use reveille_store::{Store, deliveries, editions};

use super::mailing::Mailing;

/// Plays a reader who changes their settings again and again, from when a node is started until the plan stands. How long it
/// took, and the longest wait.
pub(crate) async fn wait_for(mailing: &Mailing) -> (Duration, Duration) {
    let store = Store::open(&mailing.url).await.unwrap();
    let brief = BriefId(1);
    let edition = editions::latest(&store, brief).await.unwrap().unwrap().id;
    let (start, mut longest) = (Instant::now(), Duration::ZERO);
    while !deliveries::is_planned(&store, edition).await.unwrap() {
        let asked = Instant::now();
        let mut tx = store.begin().await.unwrap();
        editions::hold(&mut tx, edition).await.unwrap();
        tx.commit().await.unwrap();
        longest = longest.max(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let took = start.elapsed();
    store.close().await;
    (took, longest)
}
