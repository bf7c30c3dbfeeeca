//! Messages without an answer, of which somebody knows what became of them: the mail server's log, or who answers one.

use reveille_mail::{
    catcher::{self, Act, Fault},
    smtp::Phase,
};

use crate::ledger::{READERS, Scene, Shown, store_in};

/// A mailing after which four messages are unknown: two of them the mail server has.
fn unanswered() -> Scene {
    let lost = |act| Fault {
        at: Phase::AfterData,
        recipient: None,
        times: 2,
        act,
    };
    let scene = Scene::new(store_in, vec![lost(Act::StoreThenDrop), lost(Act::Drop)]);
    scene.send();
    assert_eq!(of(&scene.show()), (4, READERS - 4));
    scene
}

/// How many are unknown, and sent.
fn of(shown: &Shown) -> (u32, u32) {
    (shown.count("unknown"), shown.count("sent"))
}

/// What Postfix would have written of all that the mail server has, and of one message whose end never came.
fn log(scene: &Scene) -> String {
    let mails = catcher::list(&scene.folder.path().join("mailbox")).unwrap();
    let queued = mails.iter().enumerate().map(|(number, mail)| {
        let id = mail.message_id.as_deref().unwrap();
        format!(
            "Mar 10 06:00:00 mx postfix/cleanup[8]: 4F{number:05}: message-id=<{id}>\n\
             Mar 10 06:00:00 mx postfix/qmgr[9]: 4F{number:05}: from=<b@brief.example>, size=9, nrcpt=1 (queue active)\n"
        )
    });
    let cut = scene.show().deliveries.into_iter().find(|row| {
        row.state == "unknown"
            && mails
                .iter()
                .all(|mail| mail.message_id.as_deref() != Some(&row.message_id))
    });
    let cut = cut.unwrap().message_id;
    let cut_off = format!(
        "Mar 10 06:00:01 mx postfix/smtpd[7]: 4FAAAAA: client=localhost[127.0.0.1]\n\
         Mar 10 06:00:01 mx postfix/cleanup[8]: 4FAAAAA: message-id=<{cut}>\n\
         Mar 10 06:00:01 mx postfix/smtpd[7]: lost connection after DATA (9 bytes) from localhost[127.0.0.1]\n"
    );
    queued.collect::<String>() + &cut_off
}

#[test]
fn a_brief_may_have_the_log_asked_before_anything_goes_out_twice() {
    let mut scene = unanswered();
    let plan = scene
        .ok(&["brief", "show"])
        .replace("\"resend\"", "\"reconcile\"");
    scene.folder.write("plan.toml", &plan);
    let update = ["brief", "update", "morning", "plan.toml"];
    let refused = scene.run(&update);
    assert!(refused.err.contains("`mail.relay_log`"), "{}", refused.err);
    scene.settings = vec!["mail.relay_log=mail.log".to_owned()];
    scene.ok(&update);

    scene.minute = 11;
    let said = scene.run(&["edition", "send"]);
    assert!(said.err.contains("mail.log cannot be read"), "{}", said.err);
    assert_eq!(of(&scene.show()), (4, READERS - 4), "nothing goes out by guess");

    // One of another day, or of another mail server: what it does not show may have been taken all the same.
    scene.minute = 22;
    scene.folder.write(
        "mail.log",
        "Mar 11 06:00:00 mx postfix/smtpd[7]: connect from localhost[127.0.0.1]\n",
    );
    scene.run(&["edition", "send"]);
    assert_eq!(
        of(&scene.show()),
        (4, READERS - 4),
        "nor by a log that shows nothing"
    );

    // Rotated between two lines.
    scene.minute = 33;
    let log = log(&scene);
    let (before, after) = log.split_once("\n").unwrap();
    scene.folder.write("mail.log.1", &format!("{before}\n"));
    scene.folder.write("mail.log", after);
    scene.ok(&["edition", "send"]);
    assert_eq!(of(&scene.show()), (0, READERS));
    let said = scene.ok(&["delivery", "show", "--doubted"]);
    let by_log = "counted as sent by the mail server's log";
    assert_eq!(said.matches(by_log).count(), 2, "{said}");
    assert_eq!(scene.catcher.tally().repeated, 0, "nobody was sent it twice");
    assert_eq!(scene.folder.mailboxes().len(), READERS as usize);
}

#[test]
fn a_log_or_an_answer_ends_what_is_unknown() {
    let mut scene = unanswered();
    scene.settings = vec!["mail.return_address=bounce@brief.example".to_owned()];
    let mails = catcher::list(&scene.folder.path().join("mailbox")).unwrap();
    let has = |id: &str| mails.iter().any(|mail| mail.message_id.as_deref() == Some(id));
    let shown = scene.show();
    let answering = shown.deliveries.iter().find(|row| has(&row.message_id)).unwrap();
    let number: u32 = answering
        .reader
        .trim_start_matches("reader")
        .trim_end_matches("@example.org")
        .parse()
        .unwrap();
    let answer = format!(
        "Delivered-To: bounce+{number:032x}@brief.example\nFrom: {}\nSubject: Out of office\nAuto-Submitted: auto-replied\n\
         In-Reply-To: <{}>\n\nI am at sea.\n",
        answering.reader, answering.message_id
    );
    let file = scene.folder.write("answer.eml", &answer);
    let said = scene.ok(&["bounce", "--record", file.to_str().unwrap()]);
    assert!(said.contains("no bounce"), "{said}");
    assert_eq!(of(&scene.show()), (3, READERS - 3), "who answers it has it");

    scene.folder.write("mail.log", &log(&scene));
    let said = scene.ok(&["delivery", "settle", "--log", "mail.log"]);
    assert!(said.contains("1 counts as sent now."), "{said}");
    assert!(said.contains("Of 2 the log says nothing"), "{said}");
    assert_eq!(of(&scene.show()), (2, READERS - 2));
    let said = scene.ok(&["delivery", "show", "--doubted"]);
    for whence in ["by the mail server's log", "by a mail that names it"] {
        assert!(said.contains(&format!("counted as sent {whence}")), "{said}");
    }
}
