//! Mail servers that are busy once they have heard of the reader, or close without a word.

use super::*;

#[tokio::test]
async fn a_mail_server_that_is_busy_after_it_heard_of_the_reader_costs_no_reader_a_try() {
    for (says, at) in [
        (
            "454 Throttling failure: Maximum sending rate exceeded.",
            Phase::AfterData,
        ),
        ("421 4.7.0 try again later", Phase::RcptTo),
    ] {
        let node = Node::new(10, None, saying(says, at, None, 3)).await;
        node.run_at(0).await;
        assert_eq!(node.stands("morning").await, (7, false), "{says}");
        node.run_at(120).await;
        assert_eq!(node.stands("morning").await, (10, false), "{says}");
        assert!(node.told().await.is_empty());
    }
}

#[tokio::test]
async fn a_mail_server_that_is_busy_with_everybody_has_the_mailing_rest() {
    let daily = "454 Throttling failure: Daily message quota exceeded.";
    let node = Node::new(3, None, saying(daily, Phase::AfterData, None, u32::MAX)).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (0, false));
    node.run_at(75).await;
    assert_eq!(node.stands("morning").await, (0, true));
    let told = node.told().await;
    assert!(
        told.len() == 1 && told[0].2.contains("Daily message quota"),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_reader_with_whom_the_mail_server_is_always_busy_is_tried_less_and_has_nothing_rest() {
    let ann = Some("reader0@example.org");
    let always = saying("451 4.3.0 error in processing", Phase::AfterData, ann, u32::MAX);
    let node = Node::new(3, None, always).await;
    for minute in 0..=6 {
        // The mail server is dialled a little later each time.
        node.run_at(90 * minute).await;
        assert_eq!(node.stands("morning").await, (2, false), "{minute}");
    }
    assert!(node.told().await.is_empty());
    let edition = edition(&node.app.store, "morning").await;
    let rule = reveille_model::IfUnknown::Hold;
    let due = next_due(&node.app.store, edition.id, rule, node.app.now()).await;
    let waits = due.unwrap().unwrap().since(node.app.now());
    assert!((1_700_000..=1_800_000).contains(&waits), "{waits} ms");
}

/// Mail servers that close so many connections at the text.
fn closing(times: u32) -> CatcherOptions {
    let fault = Fault {
        at: Phase::Data,
        recipient: None,
        times,
        act: Act::Drop,
    };
    CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    }
}

#[tokio::test]
async fn a_message_that_was_lost_with_its_connection_is_tried_again_a_minute_later() {
    let node = Node::new(10, None, closing(3)).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (7, false));
    node.run_at(120).await;
    assert_eq!(node.stands("morning").await, (10, false));
    assert_eq!(node.received(), 10);
}

#[tokio::test]
async fn a_mail_server_that_goes_on_closing_has_the_mailing_rest() {
    let node = Node::new(30, None, closing(u32::MAX)).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (0, true));
}

#[tokio::test]
async fn a_mail_server_that_closes_each_connection_at_once_has_the_mailing_rest_at_no_readers_cost() {
    let node = Node::new(5, None, down()).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (0, true));
    assert_eq!(node.count("morning", DeliveryState::Queued).await, 5);
}
