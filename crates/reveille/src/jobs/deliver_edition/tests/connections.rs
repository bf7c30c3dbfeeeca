//! What becomes of a connection over which messages went: a mail server closes it, or does not carry out what it offers.

use reveille_model::EditionId;
use reveille_store::deliveries::Mailing;

use super::*;

/// A mail server that does this once it has taken a message.
fn after_each(act: Act) -> CatcherOptions {
    let fault = Fault {
        at: Phase::AfterData,
        recipient: None,
        times: u32::MAX,
        act,
    };
    CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    }
}

#[tokio::test]
async fn a_connection_that_was_idle_for_too_long_costs_no_reader_a_minute() {
    let closing = Act::StoreThenClose("451 4.4.2 Timeout waiting for data from client.".to_owned());
    let node = Node::new(6, None, after_each(closing)).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (6, false));
    assert_eq!(node.catchers[0].tally().connections, 6);
}

#[tokio::test]
async fn a_mail_server_that_offers_chunks_and_does_not_know_them_gets_whole_messages() {
    let options = CatcherOptions {
        dialect: Dialect::Proxy,
        ..CatcherOptions::default()
    };
    let node = Node::new(6, None, options.clone()).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (6, false));
    assert_eq!(
        node.catchers[0].tally().connections,
        2,
        "it is known from the first one on"
    );
    // What one of them cannot do, another one is asked for still.
    let chunking = CatcherOptions {
        dialect: Dialect::Chunking,
        ..CatcherOptions::default()
    };
    let node = Node::by(300, &[(options, ""), (chunking, "")]).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (300, false));
}

#[tokio::test]
async fn a_mail_server_that_forgets_what_came_with_a_messages_end_gets_it_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store").display());
    let mailing = mailing::Mailing::prepare(&url, 0, (8, 1, 1)).await;
    let forgetful = after_each(Act::StoreThenForget);
    let node = Node::with(mailing, folder, forgetful, &[], &["mail.smtp.timeout_seconds=15"]).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (8, false));
    let connections = node.catchers[0].tally().connections;
    assert!((2..=3).contains(&connections), "it happens once: {connections}");
    assert_eq!(node.received(), 8);
}

#[tokio::test]
async fn who_leaves_while_the_mail_server_thinks_about_the_message_before_gets_nothing() {
    // Long enough for a slow machine to take note meanwhile that both have left.
    let slow = after_each(Act::Wait(Duration::from_secs(15)));
    let node = Node::new(2, None, slow).await;
    let leaving = async {
        while node.count("morning", DeliveryState::Wire).await < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let store = &node.app.store;
        let edition = edition(store, "morning").await;
        let consent = Consent {
            kind: ConsentKind::Left,
            at: MORNING,
            sentence: "No.".to_owned(),
            means: Means::Editor,
        };
        let mut tx = store.begin().await.unwrap();
        for reader in subscribers::list(store, edition.brief, None, None, 9)
            .await
            .unwrap()
        {
            subscribers::leave(&mut tx, &reader.token, &consent)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        node.clock.forward(MORNING.plus(30_000));
    };
    tokio::join!(node.run_at(0), leaving);
    assert_eq!(node.stands("morning").await, (1, false));
    assert_eq!(
        (
            node.count("morning", DeliveryState::Withdrawn).await,
            node.received()
        ),
        (1, 1)
    );
}

#[tokio::test]
async fn all_mailings_together_have_no_more_connections_than_the_settings_say() {
    let node = Node::new(150, Some((150, 1)), CatcherOptions::default()).await;
    let post = &node.app.post;
    let [one, other] = [8, 9].map(|id| Mailing::Edition(EditionId(id)));
    let way = post.open_at(post.place(one, &[]).unwrap()).await.unwrap();
    assert!(post.place(other, &[]).is_none());
    way.close().await;
    assert!(post.place(other, &[]).is_some());
    // They take turns with the one that there is.
    node.run_at(1).await;
    for slug in ["morning", "other"] {
        assert_eq!(node.stands(slug).await, (150, false), "{slug}");
    }
}
