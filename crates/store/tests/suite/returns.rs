//! Mails that came back.

use reveille_model::{NoticeId, ReturnKind, SubscriberState};
use reveille_store::{
    deliveries::{Mailing, Which, came_back, list},
    mailboxes::{self, Mailbox},
    returns::{self, Return},
    subscribers,
};
use reveille_testkit::databases;

use crate::{
    deliveries::{claim, plan_berlin, record, setting, taken, wire},
    fixture::{MORNING, brief, new_subscriber, subscriber},
};

#[tokio::test]
async fn a_mail_that_came_back_counts_once_for_its_reader() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let reader = subscriber(&mut tx, morning, 1).await;
        let other = subscriber(&mut tx, morning, 2).await;
        let soft = Return {
            kind: ReturnKind::Soft,
            reason: "full".to_owned(),
            status: Some("5.2.2".to_owned()),
            said: "552 5.2.2 Mailbox full".to_owned(),
            at: MORNING,
        };
        let hard = Return {
            kind: ReturnKind::Hard,
            status: None,
            at: MORNING.plus(1),
            ..soft.clone()
        };
        assert!(
            returns::insert(&mut tx, reader, None, b"one", &soft)
                .await
                .unwrap()
        );
        assert!(
            !returns::insert(&mut tx, reader, None, b"one", &hard)
                .await
                .unwrap()
        );
        assert!(
            returns::insert(&mut tx, reader, None, b"two", &hard)
                .await
                .unwrap()
        );
        assert!(
            returns::insert(&mut tx, other, None, b"one", &soft)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let kept = returns::list(&db.store, reader).await.unwrap();
        assert_eq!(kept, [soft.clone(), hard], "{}", db.name);

        let email = new_subscriber(morning, 1, SubscriberState::Active).email;
        let dossier = subscribers::dossier(&db.store, &email).await.unwrap().unwrap();
        assert_eq!(dossier.briefs[0].returns, kept);
    }
}

#[tokio::test]
async fn a_mailbox_keeps_how_far_it_was_read() {
    const ADDRESS: &str = "ann@mail.example:993/INBOX";
    for db in databases().await {
        let ask = async |mark, ask_at| {
            let mut tx = db.store.begin().await.unwrap();
            mailboxes::asked(&mut tx, ADDRESS, mark, ask_at).await.unwrap();
            tx.commit().await.unwrap();
            mailboxes::find(&db.store, ADDRESS).await.unwrap().unwrap()
        };
        assert_eq!(mailboxes::find(&db.store, ADDRESS).await.unwrap(), None);
        let later = MORNING.plus(1);
        let large = Some((u32::MAX, 7));
        for (told, mark, ask_at) in [
            (None, None, MORNING),
            (large, large, MORNING),
            (None, large, later),
            (Some((8, 0)), Some((8, 0)), later),
        ] {
            assert_eq!(ask(told, ask_at).await, Mailbox { mark, ask_at }, "{}", db.name);
        }
    }
}

#[tokio::test]
async fn an_edition_shows_which_of_its_mails_came_back_and_why() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 3, MORNING).await;
        wire(&db.store, &setting, &claimed, MORNING).await;
        record(&db.store, &setting, &claimed, taken(), MORNING).await;
        let [full, answered, elsewhere] = setting.readers[..] else {
            panic!("{}", db.name)
        };
        let this = Mailing::Edition(setting.edition);
        let mut tx = db.store.begin().await.unwrap();
        for (reader, kind, mailing) in [
            (full, ReturnKind::Soft, Some(this)),
            (answered, ReturnKind::Answer, Some(this)),
            (elsewhere, ReturnKind::Hard, None),
        ] {
            let what = Return {
                kind,
                reason: "full".to_owned(),
                status: None,
                said: "552 Mailbox full".to_owned(),
                at: MORNING,
            };
            for mail in [b"one", b"two"] {
                let kept = returns::insert(&mut tx, reader, mailing, mail, &what).await;
                assert!(kept.unwrap(), "{}", db.name);
            }
        }
        tx.commit().await.unwrap();
        let listed = list(&db.store, this, Which::CameBack, None, 9).await.unwrap();
        let listed: Vec<_> = listed
            .iter()
            .map(|row| (row.subscriber, row.came_back.as_deref()))
            .collect();
        assert_eq!(listed, [(full, Some("full: 552 Mailbox full"))], "{}", db.name);
        assert_eq!(came_back(&db.store, this).await.unwrap(), 1, "{}", db.name);
        for (reader, from, unnamed) in [
            (elsewhere, MORNING, 2),
            (elsewhere, MORNING.plus(1), 0),
            (full, MORNING, 0),
        ] {
            let listed = returns::list_unnamed(&db.store, reader, from).await.unwrap();
            assert_eq!(listed.len(), unnamed, "{}", db.name);
        }
        let one = list(&db.store, this, Which::To(answered), None, 9).await.unwrap();
        assert_eq!(one[0].came_back, None, "{}", db.name);
        let correction = Mailing::Correction(NoticeId(1));
        assert_eq!(came_back(&db.store, correction).await.unwrap(), 0, "{}", db.name);
        let none = list(&db.store, correction, Which::CameBack, None, 9)
            .await
            .unwrap();
        assert_eq!(none, [], "{}", db.name);
    }
}
