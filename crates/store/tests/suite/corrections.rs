//! A correction goes to those who may have the wrong entry, by the ledger of deliveries.

use reveille_model::{
    ArticleId, ConsentKind, DeliveryState, IfUnknown, Notice, NoticeId, NoticeKind, NoticeState, StoryId,
    SubscriberId,
};
use reveille_store::{
    Store, Tx, confirmations,
    deliveries::{self, Claim, Delivery, Ending, Outcome, Stuck},
    notices, subscribers,
};
use reveille_testkit::{Database, databases};

use crate::{
    deliveries::{Setting, claim, counted, leaving, plan_berlin, record, setting, states, taken, wire},
    fixture::{MINUTE, MORNING, consent, entry, stored_article, subscriber},
};

/// Four readers: two have the edition, of one nobody knows, and one waits for it.
async fn corrected(db: &Database) -> (Setting, NoticeId) {
    let setting = setting(db, 4).await;
    plan_berlin(&db.store, &setting).await;
    let claimed = claim(&db.store, &setting, 3, MORNING).await;
    wire(&db.store, &setting, &claimed, MORNING).await;
    record(&db.store, &setting, &claimed[..2], taken(), MORNING).await;
    let lost = Outcome::Unknown("the line went dead".to_owned());
    record(&db.store, &setting, &claimed[2..], lost, MORNING).await;
    // Who got the edition after it was stated got it right; of whom nobody knows, nobody knows when.
    let before = MORNING.plus(-2 * MINUTE);
    for (stated, reached) in [(before, 1), (MORNING, 3)] {
        let counted = deliveries::count_reached(&db.store, setting.edition, stated).await;
        assert_eq!(counted.unwrap(), reached, "{}", db.name);
    }
    let mut tx = db.store.begin().await.unwrap();
    let (id, notice) = stated(&mut tx, &setting).await;
    for (stated, mails) in [(before, 1), (MORNING, 2), (MORNING, 0)] {
        let planned = deliveries::plan_correction(&mut tx, id, setting.edition, stated, MORNING).await;
        assert_eq!(planned.unwrap(), mails, "{}: each once", db.name);
    }
    tx.commit().await.unwrap();
    assert_eq!(
        notices::find(&db.store, id).await.unwrap(),
        Some((setting.edition, notice.clone()))
    );
    assert_eq!(
        notices::corrections(&db.store, setting.edition).await.unwrap(),
        [(id, notice)]
    );
    (setting, id)
}

/// A correction of the edition.
async fn stated(tx: &mut Tx, setting: &Setting) -> (NoticeId, Notice) {
    let herald = crate::fixture::source(tx, "herald").await;
    let article: ArticleId = stored_article(tx, herald, "a", 0).await;
    let before = entry(1, StoryId(1), article);
    let notice = Notice {
        kind: NoticeKind::Changed,
        state: NoticeState::Corrected,
        after: Some(before.clone()),
        before,
        note: Some("It was the pond.".to_owned()),
        at: MORNING,
    };
    let id = notices::insert(tx, setting.edition, Some(article), &notice)
        .await
        .unwrap();
    (id, notice)
}

async fn take(store: &Store, id: NoticeId, limit: u32, minute: i64) -> Vec<Delivery> {
    let now = MORNING.plus(minute * MINUTE);
    deliveries::claim(store, id, IfUnknown::Resend, limit, MINUTE, now)
        .await
        .unwrap()
}

#[tokio::test]
async fn whoever_has_what_was_printed_before_is_reached_however_long_the_mail_server_took() {
    for db in databases().await {
        let setting = setting(&db, 1).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 1, MORNING).await;
        wire(&db.store, &setting, &claimed, MORNING).await;
        let taken_at = MORNING.plus(10 * MINUTE);
        record(&db.store, &setting, &claimed, taken(), taken_at).await;
        for (stated, reached) in [(MORNING.plus(-2 * MINUTE), 0), (MORNING.plus(MINUTE), 1)] {
            let counted = deliveries::count_reached(&db.store, setting.edition, stated).await;
            assert_eq!(counted.unwrap(), reached, "{}", db.name);
        }
    }
}

#[tokio::test]
async fn it_is_handed_over_as_an_edition_is_and_leaves_the_edition_alone() {
    for db in databases().await {
        let (setting, id) = corrected(&db).await;
        let before = states(&db.store, &setting).await;
        let claimed = take(&db.store, id, 2, 0).await;
        let claims: Vec<Claim> = claimed.iter().map(|delivery| delivery.claim).collect();
        let mut tx = db.store.begin().await.unwrap();
        let wired = deliveries::wire(&mut tx, id, &leaving(&claimed), MORNING)
            .await
            .unwrap();
        assert_eq!(wired.len(), 2, "{}", db.name);
        let sent = [(claims[0], taken())];
        assert_eq!(deliveries::record(&mut tx, id, &sent, MORNING).await.unwrap(), 1);
        tx.commit().await.unwrap();

        // Whoever had the second one in hand is gone: nobody knows of it, and the third is still to be claimed.
        let heirs = take(&db.store, id, 9, 2).await;
        assert_eq!(heirs.len(), 1, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        let claims = [heirs[0].claim];
        deliveries::extend(&mut tx, id, &claims, MINUTE, MORNING)
            .await
            .unwrap();
        assert_eq!(
            deliveries::put_back(&mut tx, id, &claims, MORNING).await.unwrap(),
            1,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let deferred = deliveries::deferred(&db.store, id).await.unwrap();
        assert_eq!(deferred.readers, 0, "{}: none was tried", db.name);
        let tally = deliveries::tally(&db.store, id).await.unwrap();
        let expected =
            [DeliveryState::Queued, DeliveryState::Sent, DeliveryState::Unknown].map(|state| (state, 1));
        assert_eq!(tally, expected.into(), "{}", db.name);
        let due = deliveries::next_due(&db.store, id, IfUnknown::Resend, MORNING)
            .await
            .unwrap();
        assert_eq!(due, Some(MORNING), "{}", db.name);
        assert_eq!(states(&db.store, &setting).await, before, "{}", db.name);

        take(&db.store, id, 1, 3).await;
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::release_all(&mut tx, MORNING).await.unwrap(),
            1,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_operator_says_what_became_of_it_and_leaves_the_edition_alone() {
    for db in databases().await {
        let (setting, id) = corrected(&db).await;
        let before = states(&db.store, &setting).await;
        let shown = counted(&db.store, setting.edition).await;
        let claimed = take(&db.store, id, 9, 0).await;
        let claims: Vec<Claim> = claimed.iter().map(|delivery| delivery.claim).collect();
        let first = Some(claimed[0].subscriber);
        let mut tx = db.store.begin().await.unwrap();
        deliveries::wire(&mut tx, id, &leaving(&claimed), MORNING)
            .await
            .unwrap();
        let lost = claims
            .iter()
            .map(|claim| (*claim, Outcome::Unknown("gone".to_owned())));
        let lost: Vec<(Claim, Outcome)> = lost.collect();
        assert_eq!(deliveries::record(&mut tx, id, &lost, MORNING).await.unwrap(), 3);
        let settled = [
            deliveries::settle(&mut tx, id, Ending::Sent, first, MORNING)
                .await
                .unwrap(),
            deliveries::settle(&mut tx, id, Ending::Sent, first, MORNING)
                .await
                .unwrap(),
            deliveries::settle(&mut tx, id, Ending::Failed, None, MORNING)
                .await
                .unwrap(),
            deliveries::resend(&mut tx, id, Stuck::Unknown, None, MORNING)
                .await
                .unwrap(),
            deliveries::resend(&mut tx, id, Stuck::Failed, Some(claimed[1].subscriber), MORNING)
                .await
                .unwrap(),
        ];
        tx.commit().await.unwrap();
        assert_eq!(settled, [1, 0, 2, 0, 1], "{}", db.name);
        let tally = deliveries::tally(&db.store, id).await.unwrap();
        let expected =
            [DeliveryState::Queued, DeliveryState::Sent, DeliveryState::Failed].map(|state| (state, 1));
        assert_eq!(tally, expected.into(), "{}", db.name);
        assert_eq!(take(&db.store, id, 9, 1).await.len(), 1, "{}", db.name);
        assert_eq!(states(&db.store, &setting).await, before, "{}", db.name);
        let after = counted(&db.store, setting.edition).await;
        assert_eq!(after, shown, "{}: nothing of it counts as the edition's", db.name);
    }
}

#[tokio::test]
async fn whoever_may_have_got_it_is_told_whatever_became_of_that() {
    for db in databases().await {
        let setting = setting(&db, 2).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 2, MORNING).await;
        wire(&db.store, &setting, &claimed, MORNING).await;
        let lost = Outcome::Unknown("the line went dead".to_owned());
        record(&db.store, &setting, &claimed[..1], lost, MORNING).await;
        let failed = Outcome::Failed("given up".to_owned());
        record(&db.store, &setting, &claimed[1..], failed, MORNING).await;
        let mut tx = db.store.begin().await.unwrap();
        let given_up = deliveries::settle(&mut tx, setting.edition, Ending::Failed, None, MORNING).await;
        assert_eq!(given_up.unwrap(), 1, "{}", db.name);
        let (id, _) = stated(&mut tx, &setting).await;
        let planned = deliveries::plan_correction(&mut tx, id, setting.edition, MORNING, MORNING).await;
        assert_eq!(planned.unwrap(), 1, "{}", db.name);
        tx.commit().await.unwrap();
        let told = take(&db.store, id, 9, 0).await;
        assert_eq!(told[0].subscriber, claimed[0].subscriber, "{}", db.name);
    }
}

/// One reader takes the place of another.
async fn take_place(tx: &mut Tx, new: SubscriberId, old: SubscriberId, link: &str) {
    confirmations::insert_move(tx, new, old, link, MORNING)
        .await
        .unwrap();
    let line = consent(ConsentKind::Confirmed, MORNING);
    subscribers::confirm(tx, link, &line).await.unwrap();
}

#[tokio::test]
async fn it_follows_a_reader_to_another_address() {
    for db in databases().await {
        let (setting, id) = corrected(&db).await;
        let mut tx = db.store.begin().await.unwrap();
        let new = subscriber(&mut tx, setting.brief, 9).await;
        let old = setting.readers[0];
        take_place(&mut tx, new, old, "link").await;
        tx.commit().await.unwrap();
        let to: Vec<_> = take(&db.store, id, 9, 0)
            .await
            .iter()
            .map(|one| one.subscriber)
            .collect();
        assert!(to.contains(&new) && !to.contains(&old), "{}: {to:?}", db.name);
        assert_eq!(to.len(), 3, "{}", db.name);
    }
}

#[tokio::test]
async fn who_moved_on_again_before_it_was_stated_gets_it_where_they_are() {
    for db in databases().await {
        let setting = setting(&db, 2).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 2, MORNING).await;
        wire(&db.store, &setting, &claimed, MORNING).await;
        record(&db.store, &setting, &claimed, taken(), MORNING).await;
        let mut tx = db.store.begin().await.unwrap();
        let mut at = setting.readers[0];
        for (number, link) in [(7, "one"), (8, "two"), (9, "three")] {
            let next = subscriber(&mut tx, setting.brief, number).await;
            take_place(&mut tx, next, at, link).await;
            at = next;
        }
        let (id, _) = stated(&mut tx, &setting).await;
        let planned = deliveries::plan_correction(&mut tx, id, setting.edition, MORNING, MORNING).await;
        assert_eq!(planned.unwrap(), 2, "{}", db.name);
        tx.commit().await.unwrap();
        let to: Vec<_> = take(&db.store, id, 9, 0)
            .await
            .iter()
            .map(|one| one.subscriber)
            .collect();
        assert_eq!(to, [setting.readers[1], at], "{}", db.name);
        let counted = deliveries::count_reached(&db.store, setting.edition, MORNING).await;
        assert_eq!(counted.unwrap(), 2, "{}", db.name);
    }
}

#[tokio::test]
async fn a_reader_sees_it_among_what_was_sent_and_it_goes_with_them() {
    for db in databases().await {
        let (setting, id) = corrected(&db).await;
        let reader = subscribers::find(&db.store, setting.readers[0])
            .await
            .unwrap()
            .unwrap();
        let dossier = subscribers::dossier(&db.store, &reader.email)
            .await
            .unwrap()
            .unwrap();
        let sent: Vec<bool> = dossier.briefs[0]
            .deliveries
            .iter()
            .map(|sent| sent.is_correction)
            .collect();
        assert_eq!(sent, [false, true], "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        let erasure = subscribers::Erasure {
            email: &reader.email,
            secret: "00112233445566778899aabbccddeeff",
            now: MORNING,
        };
        subscribers::erase(&mut tx, &erasure).await.unwrap();
        tx.commit().await.unwrap();
        let tally = deliveries::tally(&db.store, id).await.unwrap();
        assert_eq!(tally, [(DeliveryState::Queued, 2)].into(), "{}", db.name);
    }
}
