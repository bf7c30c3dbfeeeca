//! Deliveries of which nobody knew, and of which something is learned later.

use std::collections::BTreeMap;

use reveille_model::{DeliveryState, IfUnknown};
use reveille_store::deliveries::{self, Mailing, Outcome, Unknown};
use reveille_testkit::databases;

use crate::{
    deliveries::{claim, plan_berlin, record, setting, states, wire},
    fixture::{HOUR, MORNING},
};

#[tokio::test]
async fn it_was_sent_or_goes_out_again_or_stays_open() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 3, MORNING).await;
        wire(&db.store, &setting, &claimed, MORNING).await;
        let lost = Outcome::Unknown("the line went dead".to_owned());
        record(&db.store, &setting, &claimed, lost, MORNING).await;

        let mailing = Mailing::Edition(setting.edition);
        let unknown = deliveries::list_unknown(&db.store, mailing, None).await.unwrap();
        let due = MORNING.plus(IfUnknown::PAUSE_MILLIS);
        assert!(
            unknown.iter().all(|one| one.due_at == due && one.may_repeat),
            "{}: {unknown:?}",
            db.name
        );
        let [taken, gone, open] = &unknown[..] else {
            panic!("{}: {unknown:?}", db.name)
        };
        for (reader, one) in setting.readers.iter().zip(&unknown) {
            let only = deliveries::list_unknown(&db.store, mailing, Some(*reader))
                .await
                .unwrap();
            assert_eq!(only, std::slice::from_ref(one), "{}", db.name);
            let to = deliveries::list_unknown_to(&db.store, *reader).await.unwrap();
            assert_eq!(to, only, "{}", db.name);
        }

        let later = MORNING.plus(HOUR);
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(deliveries::confirm(&mut tx, &[taken], due).await.unwrap(), 1);
        assert_eq!(deliveries::requeue(&mut tx, &[gone], due).await.unwrap(), 1);
        deliveries::put_off(&mut tx, &[open], later).await.unwrap();
        // What is known by now is left alone.
        assert_eq!(deliveries::requeue(&mut tx, &[taken], due).await.unwrap(), 0);
        assert_eq!(deliveries::confirm(&mut tx, &[gone], due).await.unwrap(), 0);
        tx.commit().await.unwrap();

        let one = |state| (state, 1);
        let expected = [DeliveryState::Queued, DeliveryState::Sent, DeliveryState::Unknown].map(one);
        assert_eq!(
            states(&db.store, &setting).await,
            BTreeMap::from(expected),
            "{}",
            db.name
        );
        let again = claim(&db.store, &setting, 3, due).await;
        let id = |one: &Unknown| Some(one.message_id.clone());
        assert_eq!(
            again.iter().map(|one| one.message_id.clone()).collect::<Vec<_>>(),
            [id(gone)],
            "{}",
            db.name
        );
        let still = deliveries::list_unknown(&db.store, mailing, None).await.unwrap();
        assert_eq!(
            still.iter().map(|one| one.due_at).collect::<Vec<_>>(),
            [later],
            "{}",
            db.name
        );
    }
}
