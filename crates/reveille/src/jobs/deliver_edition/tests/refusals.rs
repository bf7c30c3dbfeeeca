//! What a mail server refuses once it has heard of the reader, be it for the reader's sake or for ours.

use reveille_model::DeliveryState;
use reveille_store::{
    deliveries::{self, Stuck, resend},
    paces,
};

use super::*;

/// Refusals, for good or for now, that speak of us.
const OF_US: [(Phase, &str); 19] = [
    (
        Phase::RcptTo,
        "554 5.7.1 <news[192.0.2.1]>: Client host rejected: Access denied",
    ),
    (
        Phase::RcptTo,
        "504 5.5.2 <news>: Helo command rejected: need a full name",
    ),
    (Phase::RcptTo, "550 5.7.54 SMTP; Unable to relay recipient"),
    (
        Phase::RcptTo,
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    ),
    (Phase::RcptTo, "530 SMTP authentication is required."),
    (
        Phase::RcptTo,
        "503 This mail server requires authentication when attempting to send to a non-local e-mail address. Please check your \
         mail client settings or contact your administrator to verify that the domain or address is defined for this server.",
    ),
    (
        Phase::RcptTo,
        "550 rejected because 192.0.2.1 is in a black list at zen.spamhaus.org",
    ),
    (Phase::RcptTo, "550 Sender verify failed"),
    (Phase::RcptTo, "454 4.7.1 <ann@example.org>: Relay access denied"),
    (
        Phase::RcptTo,
        "450 4.1.8 <brief@brief.example>: Sender address rejected: Domain not found",
    ),
    (
        Phase::RcptTo,
        "450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]",
    ),
    (
        Phase::RcptTo,
        "450 4.7.1 Error: too many recipients from news[192.0.2.1]",
    ),
    (
        Phase::AfterData,
        "451 4.7.1 Service unavailable - try again later",
    ),
    (
        Phase::AfterData,
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a permanent \
         exception with message The message can't be submitted because the sender's submission quota was exceeded.",
    ),
    (
        Phase::AfterData,
        "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due \
         to a permanent exception with message Cannot submit message.",
    ),
    (Phase::AfterData, "554 5.1.0 Sender Denied"),
    (Phase::AfterData, "550 5.4.5 Daily user sending limit exceeded"),
    (Phase::AfterData, "554 Sending paused for this account"),
    (Phase::AfterData, "552 5.3.4 Message size exceeds limit"),
];

async fn count(node: &Node, state: DeliveryState) -> u64 {
    let store = &node.app.store;
    let tally = tally(store, edition(store, "morning").await.id).await.unwrap();
    tally.get(&state).copied().unwrap_or(0)
}

#[tokio::test]
async fn a_mail_server_that_refuses_us_once_it_has_heard_of_the_reader_costs_nobody_their_edition() {
    for (at, says) in OF_US.into_iter().filter(|(_, says)| !says.contains("size")) {
        // All of them, and the first one a minute later.
        let node = Node::new(9, None, saying(says, at, None, 10)).await;
        node.run_at(0).await;
        assert_eq!(count(&node, DeliveryState::Failed).await, 0, "{says}");
        node.run_at(75).await;
        let told = node.told().await;
        assert!(told.len() == 1 && told[0].2.contains(&says[..9]), "{told:?}");
        node.run_at(720).await;
        node.run_at(730).await;
        assert_eq!(node.stands("morning").await, (9, false), "{says}");
    }
}

#[tokio::test]
async fn a_mail_server_that_refuses_us_is_not_asked_for_all() {
    let says = "550 5.4.5 Daily user sending limit exceeded";
    let node = Node::new(100, None, saying(says, Phase::AfterData, None, 30)).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (0, true));
    assert!(node.told().await[0].2.contains(says));
    node.run_at(650).await;
    node.run_at(740).await;
    node.run_at(750).await;
    assert_eq!(node.stands("morning").await, (100, false));
}

#[tokio::test]
async fn a_mail_server_that_has_lost_its_list_of_readers_costs_few_of_them_their_place_on_ours() {
    let says = "550 5.1.1 User unknown in local recipient table";
    // Twice all but those of whom it is believed.
    let node = Node::new(60, None, saying(says, Phase::RcptTo, None, 10 + 2 * 50)).await;
    node.run_at(0).await;
    assert_eq!(count(&node, DeliveryState::Refused).await, 10);
    node.run_at(75).await;
    assert_eq!(node.stands("morning").await, (0, true));
    assert!(node.told().await[0].2.contains(says));
    // Another process knows it, too.
    let other = node.beside(saying(says, Phase::RcptTo, None, u32::MAX)).await;
    other.run_at(680).await;
    assert_eq!(count(&other, DeliveryState::Refused).await, 10);
    for second in [1_400, 1_480, 2_200, 2_280] {
        node.run_at(second).await;
    }
    assert_eq!(node.stands("morning").await, (50, false));
    // Where another one knows them, all go by that.
    let lost = saying(says, Phase::RcptTo, None, u32::MAX);
    let node = Node::by(60, &[(lost, ""), (CatcherOptions::default(), "")]).await;
    node.run_at(0).await;
    let refused = count(&node, DeliveryState::Refused).await;
    assert!((1..=10).contains(&refused), "{refused}");
    assert_eq!(node.stands("morning").await, (60 - refused, false));
}

#[tokio::test]
async fn readers_in_a_row_whom_nobody_knows_are_ended_only_where_others_are_taken_after_them() {
    let says = "550 5.1.1 no such user";
    // The first ones; or the last, behind whom nobody is taken who could show that the mail server knows anybody still.
    for (first, refused, failed) in [(0, 40, 0), (60, 10, 30)] {
        let gone = (first..first + 40).map(|number| Fault {
            at: Phase::RcptTo,
            recipient: Some(format!("reader{number}@example.org").parse().unwrap()),
            times: u32::MAX,
            act: Act::Reply(says.to_owned()),
        });
        let options = CatcherOptions {
            faults: gone.collect(),
            ..CatcherOptions::default()
        };
        let node = Node::new(100, None, options).await;
        for minute in 0..=6 {
            node.run_at(90 * minute).await;
            assert_eq!(node.stands("morning").await, (60, false), "{first}: {minute}");
        }
        assert_eq!(count(&node, DeliveryState::Refused).await, refused, "{first}");
        assert_eq!(count(&node, DeliveryState::Failed).await, failed, "{first}");
        let told = node.told().await;
        let kinds: Vec<_> = told.iter().map(|(_, kind, _)| *kind).collect();
        let expected = if failed > 0 {
            vec![AlertKind::Unknown]
        } else {
            vec![]
        };
        assert_eq!(kinds, expected, "{first}");
        crate::schedule::alerts(&node.app).await.unwrap();
        worker::drain(&node.app, &[Kind::AlertEditor], &Progress::silent())
            .await
            .unwrap();
        let mails = catcher::list(&node.folder.path().join("mailbox")).unwrap();
        let letters: Vec<_> = mails.iter().filter(|mail| mail.to == "ed@desk.example").collect();
        assert_eq!(letters.len(), expected.len(), "{first}");
        for letter in letters {
            let text = letter.text.as_deref().unwrap();
            assert!(text.contains("So 30 mails of it failed"), "{text}");
        }
    }
}

#[tokio::test]
async fn what_one_mail_server_refuses_for_a_reason_of_ours_goes_by_another() {
    for (at, says) in OF_US {
        for share in ["", "?reserve"] {
            let refusing = saying(says, at, None, u32::MAX);
            let node = Node::by(9, &[(refusing, ""), (CatcherOptions::default(), share)]).await;
            node.run_at(0).await;
            assert_eq!(node.stands("morning").await, (9, false), "{says}{share}");
            assert!(node.catchers[0].tally().connections > 0, "it was asked as well");
        }
    }
}

#[tokio::test]
async fn a_message_that_is_refused_by_a_policy_while_others_are_taken_ends_within_minutes() {
    let says = "550 5.7.1 not wanted here";
    for refused in [1, 25] {
        // More of them than those failures in a row that have a mailing rest.
        let faults = (0..refused).map(|number| Fault {
            at: Phase::AfterData,
            recipient: Some(format!("reader{}@example.org", 2 * number).parse().unwrap()),
            times: u32::MAX,
            act: Act::Reply(says.to_owned()),
        });
        let options = CatcherOptions {
            faults: faults.collect(),
            ..CatcherOptions::default()
        };
        let node = Node::new(refused + 60, None, options).await;
        for minute in 0..=6 {
            node.run_at(90 * minute).await;
            assert_eq!(node.stands("morning").await, (60, false), "{minute}");
        }
        assert_eq!(count(&node, DeliveryState::Failed).await, u64::from(refused));
        assert!(node.told().await.is_empty());
    }
}

#[tokio::test]
async fn one_refused_reader_has_no_mailing_rest_while_another_mail_server_is_down() {
    let says = "550 5.7.1 not wanted here";
    let ann = Some("reader0@example.org");
    for share in ["", "?reserve"] {
        let refusing = saying(says, Phase::AfterData, ann, u32::MAX);
        let node = Node::by(20, &[(refusing, ""), (down(), share)]).await;
        for minute in 0..=6 {
            node.run_at(90 * minute).await;
            assert_eq!(node.stands("morning").await, (19, false), "{minute}{share}");
        }
        assert_eq!(count(&node, DeliveryState::Failed).await, 1, "{share}");
        assert!(node.told().await.is_empty());
    }
}

#[tokio::test]
async fn one_refused_reader_who_is_alone_waits_alone() {
    let says = "550 5.7.1 not wanted here";
    let node = Node::new(1, None, saying(says, Phase::AfterData, None, u32::MAX)).await;
    for minute in 0..=30 {
        node.run_at(60 * minute).await;
        assert_eq!(node.stands("morning").await, (0, false), "{minute}");
    }
    let asked = node.catchers[0].tally().connections;
    assert!((4..=8).contains(&asked), "{asked}");
    let told = node.told().await;
    assert!(
        told.len() == 1 && told[0].1 == AlertKind::TurnedAway && told[0].2.contains(says),
        "{told:?}"
    );
    let edition = edition(&node.app.store, "morning").await;
    let waiting = reveille_store::deliveries::waiting(&node.app.store, edition.id).await;
    assert!(waiting.unwrap().given[0].0.contains(says), "the row says why");
}

#[tokio::test]
async fn who_was_refused_for_another_reason_than_their_address_can_be_sent_it_again() {
    let refusing = |reader: &str, says: &str| Fault {
        at: Phase::RcptTo,
        recipient: Some(reader.parse().unwrap()),
        times: 1,
        act: Act::Reply(says.to_owned()),
    };
    let options = CatcherOptions {
        faults: vec![
            refusing("reader0@example.org", "552 5.2.2 mailbox full"),
            refusing("reader1@example.org", "550 5.1.1 no such user"),
        ],
        ..CatcherOptions::default()
    };
    let node = Node::new(3, None, options).await;
    node.run_at(0).await;
    assert_eq!(count(&node, DeliveryState::Refused).await, 2);
    let (store, now) = (&node.app.store, node.app.now());
    let edition = edition(store, "morning").await;
    let mut tx = store.begin().await.unwrap();
    let again = resend(&mut tx, edition.id, Stuck::Failed, None, now).await;
    assert_eq!(again.unwrap(), 1, "nobody has the other address");
    let job = deliveries::Mailing::from(edition.id).job(now);
    reveille_store::jobs::insert(&mut tx, &job, now).await.unwrap();
    tx.commit().await.unwrap();
    node.run_at(10).await;
    assert_eq!(node.stands("morning").await, (2, false));
    assert_eq!(count(&node, DeliveryState::Refused).await, 1);
}

#[tokio::test]
async fn where_one_mail_server_refuses_our_sender_all_goes_by_another() {
    let suspended = || saying("550 5.7.1 account suspended", Phase::MailFrom, None, u32::MAX);
    let taking = || CatcherOptions {
        places: Some(1),
        ..CatcherOptions::default()
    };
    for share in ["", "?reserve"] {
        let node = Node::by(200, &[(suspended(), ""), (taking(), share)]).await;
        node.run_at(0).await;
        for again in 1..=3 {
            node.run_at(20 * again).await;
        }
        assert_eq!(node.stands("morning").await, (200, false), "{share}");
        assert!(node.told().await.is_empty());
        let asked = node.catchers[0].tally().connections;
        assert!((1..20).contains(&asked), "{share}: {asked}");
    }
    let node = Node::by(200, &[(suspended(), ""), (suspended(), "?reserve")]).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (0, true));
    assert!(node.told().await[0].2.contains("account suspended"));
}

#[tokio::test]
async fn a_full_box_slows_no_domain_down() {
    for (says, slowed) in [("452 4.2.2 mailbox full", false), ("450 4.7.1 greylisted", true)] {
        let ann = Some("reader0@example.org");
        let node = Node::new(3, None, saying(says, Phase::RcptTo, ann, 1)).await;
        node.run_at(0).await;
        assert_eq!(node.stands("morning").await, (2, false), "{says}");
        let slow = paces::list(&node.app.store).await.unwrap();
        assert_eq!(slow.contains(&"example.org".to_owned()), slowed, "{says}");
    }
}

#[tokio::test]
async fn full_boxes_in_a_row_keep_nobody_else_waiting() {
    let full = |reader: u32| Fault {
        at: Phase::RcptTo,
        recipient: Some(format!("reader{reader}@example.org").parse().unwrap()),
        times: 1,
        act: Act::Reply("452 4.2.2 mailbox full".to_owned()),
    };
    let options = CatcherOptions {
        faults: (0..25).map(full).collect(),
        ..CatcherOptions::default()
    };
    let node = Node::new(40, None, options).await;
    node.run_at(0).await;
    assert_eq!(node.stands("morning").await, (15, false));
}
