//! Mails that came back.

use reveille_model::{ReturnKind, SubscriberState};
use reveille_store::{
    mailboxes::{self, Mailbox},
    returns::{self, Return},
    subscribers,
};
use reveille_testkit::databases;

use crate::fixture::{MORNING, brief, new_subscriber, subscriber};

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
        assert!(returns::insert(&mut tx, reader, b"one", &soft).await.unwrap());
        assert!(!returns::insert(&mut tx, reader, b"one", &hard).await.unwrap());
        assert!(returns::insert(&mut tx, reader, b"two", &hard).await.unwrap());
        assert!(returns::insert(&mut tx, other, b"one", &soft).await.unwrap());
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
