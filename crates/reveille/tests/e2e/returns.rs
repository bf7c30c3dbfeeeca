//! Mails that come back: only the reader on whose return path they came is touched.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    ferry::{at, morning},
    mailbox,
    program::{Folder, said},
    serving::Server,
};

const SETTINGS: &str = "[mail]\nreturn_address = \"bounce@brief.example\"\nreturns = \"returns\"\n";

/// A morning sent to Ann, and the key in her links.
pub(crate) fn sent() -> (Folder, String) {
    let folder = Folder::new();
    folder.write("reveille.toml", SETTINGS);
    for part in ["new", "cur", "tmp"] {
        fs::create_dir_all(folder.path().join("returns").join(part)).unwrap();
    }
    let _outlet = morning(&folder, "manual");
    at(&folder, "05:00", &["edition", "approve"]);
    at(&folder, "06:10", &["edition", "send"]);
    let mail = fs::read_dir(folder.path().join("outbox")).unwrap();
    let mail = mail.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let mail = mail.into_iter().next().unwrap();
    let (_, rest) = mail.split_once("/leave/").unwrap();
    (folder, rest[..32].to_owned())
}

pub(crate) fn bounce(key: &str, said: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\nTo: bounce+{key}@brief.example\nSubject: Undelivered Mail Returned to Sender\n\n\
         <ann@example.org>: host mx.example.org said: {said} (in reply to RCPT TO command)\n"
    )
}

pub(crate) fn state(folder: &Folder) -> String {
    let listed = folder.ok(&["subscribers", "list"]);
    let ann = listed
        .lines()
        .find(|line| line.contains("ann@example.org"))
        .unwrap();
    ann.to_owned()
}

#[test]
fn an_address_that_is_none_gets_no_more_mail_and_a_full_box_costs_nobody() {
    let (folder, key) = sent();
    let record = |mail: &str| {
        folder.write("back.eml", mail);
        folder.ok(&["bounce", "back.eml", "--record"])
    };
    let full = bounce(&key, "552 5.2.2 Mailbox full");
    assert_eq!(record(&full), "kept: soft; the reader is active\n");
    assert_eq!(record(&full), "nothing was kept: this mail was read before\n");
    let forged = bounce(&"0".repeat(32), "550 5.1.1 User unknown");
    assert_eq!(
        record(&forged),
        "nothing was kept: it names no reader by a return path of ours\n"
    );
    let letter = format!(
        "From: Ann <ann@example.org>\nTo: desk@brief.example\nSubject: hello\n\n> bounce+{key}@brief.example\n"
    );
    assert_eq!(
        record(&letter),
        "nothing was kept: it is no bounce, no complaint, and no letter to a reader's return path\n"
    );
    assert!(state(&folder).contains("active"));

    let gone = bounce(&key, "550 5.1.1 User unknown");
    assert_eq!(record(&gone), "kept: hard; the reader is bounced\n");
    assert!(state(&folder).contains("bounced"));
    let show = ["delivery", "show", "--reader", "ann@example.org"];
    let shown = at(&folder, "09:00", &show).out;
    for told in [
        "sent",
        "does not say of which edition: unknown user: ",
        "550 5.1.1 User unknown",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    let consent = ["--consent", "by telephone"];
    let added = folder.run(&[&["subscribers", "add", "ann@example.org"][..], &consent].concat());
    assert!(
        added.code == Some(1)
            && added
                .err
                .contains("`reveille subscribers resume ann@example.org --brief the-morning-brief --reason"),
        "{}",
        added.err
    );
    let data = folder.ok(&["subscribers", "data", "ann@example.org"]);
    assert!(data.contains("Mailbox full") && data.contains("5.1.1"), "{data}");

    let reason = ["--reason", "her mail host had lost her address for a day"];
    let resume = [&["subscribers", "resume", "ann@example.org"][..], &reason].concat();
    let resumed = at(&folder, "10:00", &resume).out;
    assert!(resumed.contains("from the next edition on"), "{resumed}");
    assert!(state(&folder).contains("active"));
    let proof = folder.ok(&["subscribers", "proof", "ann@example.org"]);
    assert!(proof.contains("every edition again; her mail host"), "{proof}");
    folder.ok(&["subscribers", "verify"]);
}

/// A delivery report that comes back to a reader's return path, with these fields of one recipient or several.
fn report(key: &str, fields: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\nTo: bounce+{key}@brief.example\nSubject: Undelivered Mail Returned to Sender\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nIt could not be delivered.\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{fields}\n--b--\n"
    )
}

#[test]
fn what_fails_where_a_reader_has_their_mail_passed_on_to_costs_them_nothing() {
    const GONE: &str = "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n";
    const ELSEWHERE: &str = "Final-Recipient: rfc822; old@elsewhere.example\n";
    let (folder, key) = sent();
    let record = |fields: &str| {
        folder.write("back.eml", &report(&key, fields));
        folder.ok(&["bounce", "back.eml", "--record"])
    };
    let soft = "kept: soft; the reader is active\n";
    assert_eq!(record(&format!("{ELSEWHERE}{GONE}")), soft);
    let twice = "Original-Recipient: rfc822; list@elsewhere.example\n";
    assert_eq!(record(&format!("{twice}{ELSEWHERE}{GONE}")), soft);
    // Of several recipients only the reader's own address counts, wherever it stands.
    let full = "Final-Recipient: rfc822; Ann@Example.org\nAction: failed\nStatus: 5.2.2\n";
    assert_eq!(record(&format!("{ELSEWHERE}{GONE}\n{full}")), soft);
    // So it is where a notice tells it in plain language.
    folder.write(
        "back.eml",
        &bounce(&key, "550 5.1.1 User unknown").replace("<ann@example.org>", "<ann@elsewhere.example>"),
    );
    assert_eq!(folder.ok(&["bounce", "back.eml", "--record"]), soft);
    let data = folder.ok(&["subscribers", "data", "ann@example.org"]);
    let passed_on = data.matches("unknown user where it was passed on to");
    assert_eq!(passed_on.count(), 3, "{data}");
    assert!(data.contains("\"full\""), "{data}");

    for own in [
        "Final-Recipient: RFC822;<ANN@example.org>\n",
        "Final-Recipient: rfc822; ann\nX-Actual-Recipient: rfc822; u123@mail.example.org\n",
        "Original-Recipient: rfc822;ann@example.org\nFinal-Recipient: rfc822; u123@mail.example.org\n",
        "Final-Recipient: rfc822; u123@mail.example.org\nOriginal-Recipient: rfc822;ann@example.org\n",
    ] {
        let (folder, key) = sent();
        folder.write("back.eml", &report(&key, &format!("{own}{GONE}")));
        let kept = folder.ok(&["bounce", "back.eml", "--record"]);
        assert_eq!(kept, "kept: hard; the reader is bounced\n", "{own}");
    }
}

#[test]
fn a_complaint_is_an_exit_and_stands_in_the_record() {
    let (folder, key) = sent();
    folder.write(
        "back.eml",
        &format!(
            "From: feedback@mailhost.example\nTo: bounce+{key}@brief.example\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n\
             --b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n--b--\n"
        ),
    );
    assert_eq!(
        folder.ok(&["bounce", "back.eml", "--record"]),
        "kept: complaint; the reader is left\n"
    );
    let proof = folder.ok(&["subscribers", "proof", "ann@example.org"]);
    assert!(proof.contains("Complained of a mail"), "{proof}");
    assert!(
        proof.contains("by a complaint that their mail host passed on"),
        "{proof}"
    );
    folder.ok(&["subscribers", "verify"]);
}

#[test]
fn who_plainly_asks_to_be_taken_off_by_mail_has_left_and_other_answers_are_kept() {
    let (folder, key) = sent();
    let record = |to: &str, subject: &str, text: &str| {
        let mail = format!(
            "From: Ann <ann@example.org>\nTo: {to}\nSubject: {subject}\nMessage-ID: <1@example.org>\n\n{text}\n"
        );
        folder.write("back.eml", &mail);
        folder.ok(&["bounce", "back.eml", "--record"])
    };
    let path = format!("bounce+{key}@brief.example");
    let question = record(&path, "Re: Tuesday", "Who wrote entry 3?\n> You said so");
    assert_eq!(question, "kept: answer; the reader is active\n");
    let elsewhere = record(
        "desk@brief.example",
        "unsubscribe",
        &format!("Return-Path: {path}"),
    );
    assert!(elsewhere.contains("nothing was kept"), "{elsewhere}");
    let mail = fs::read_dir(folder.path().join("outbox"))
        .unwrap()
        .next()
        .unwrap();
    let mail = fs::read_to_string(mail.unwrap().path()).unwrap();
    assert!(
        mail.contains(&format!("<mailto:{path}?subject=unsubscribe>")),
        "{mail}"
    );
    assert_eq!(record(&path, "Abmelden!", ""), "kept: exit; the reader is left\n");
    let proof = folder.ok(&["subscribers", "proof", "ann@example.org"]);
    assert!(proof.contains("“Wrote “Abmelden!”.”"), "{proof}");
    assert!(proof.contains("by a mail of theirs <1@example.org>"), "{proof}");
    let answers = folder.ok(&["subscribers", "answers"]);
    assert!(
        answers.contains("Who wrote entry 3?")
            && answers.contains("Abmelden!")
            && !answers.contains("You said so"),
        "{answers}"
    );
    folder.ok(&["subscribers", "verify"]);
}

#[test]
fn a_mail_program_that_follows_the_way_out_is_heeded_and_an_answering_machine_is_not() {
    for mark in ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"] {
        let (folder, key) = sent();
        let record = |subject: &str| {
            let mail = format!(
                "From: Ann <ann@example.org>\nTo: bounce+{key}@brief.example\nSubject: {subject}\n{mark}\n\n.\n"
            );
            folder.write("back.eml", &mail);
            folder.ok(&["bounce", "back.eml", "--record"])
        };
        let away = record("I am away");
        assert!(away.contains("nothing was kept"), "{away}");
        assert_eq!(
            record("unsubscribe"),
            "kept: exit; the reader is left\n",
            "{mark}"
        );
    }
}

#[test]
fn serve_reads_the_maildir_and_puts_its_mails_away() {
    let (folder, key) = sent();
    std::fs::create_dir_all(folder.path().join("returns/new/0")).unwrap();
    folder.write("returns/new/1.eml", &bounce(&key, "550 5.1.1 User unknown"));
    let server = Server::start(&folder);
    let put_away = folder.path().join("returns/cur/1.eml:2,S");
    let until = Instant::now() + Duration::from_secs(300);
    while !put_away.exists() {
        assert!(Instant::now() < until, "the mail was not read");
        std::thread::sleep(Duration::from_millis(200));
    }
    server.stop();
    assert!(state(&folder).contains("bounced"));
    assert!(
        folder.path().join("returns/cur/0:2,S").exists(),
        "a folder holds up nobody"
    );
}

#[test]
fn serve_reads_a_mailbox_at_a_provider_and_leaves_no_trace_there() {
    let (folder, key) = sent();
    let letters = ["552 5.2.2 Mailbox full", "550 5.1.1 User unknown"].map(|said| bounce(&key, said));
    let exit = format!(
        "From: ann@example.org\nTo: bounce+{key}@brief.example\nSubject: unsubscribe\nMessage-ID: <1@example.org>\n\n"
    );
    let set = |letters: &[String], proof: &str| {
        let letters = letters
            .iter()
            .map(|letter| letter.replace('\n', "\r\n"))
            .collect();
        let (port, certificate) = mailbox::server(letters);
        folder.write("ca.pem", &certificate);
        let place = format!("returns = \"imaps://ann@localhost:{port}/INBOX\"\n{proof}");
        folder.write(
            "reveille.toml",
            &SETTINGS.replace("returns = \"returns\"", &place),
        );
    };
    let trusting = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        command.env("SSL_CERT_FILE", folder.path().join("ca.pem"));
        command
    };
    let doctor = || said(trusting(&["doctor"]).output().unwrap()).out;
    let becomes = |wanted: &str| {
        let server = Server::by(trusting(&["serve", "--set", "web.listen=127.0.0.1:0"]));
        let until = Instant::now() + Duration::from_secs(300);
        while !state(&folder).contains(wanted) {
            assert!(Instant::now() < until, "the mailbox was not read");
            std::thread::sleep(Duration::from_millis(200));
        }
        server.stop();
    };
    set(&letters, "returns_password = \"wrong\"");
    let refused = doctor();
    assert!(
        refused.contains("refused to sign in") && !refused.contains("wrong"),
        "{refused}"
    );
    set(&letters, "returns_password = \"tide-7\"");
    assert!(doctor().contains("/INBOX can be read"), "{}", doctor());
    assert!(!folder.ok(&["config", "show"]).contains("tide-7"));
    becomes("bounced");
    // In another place, of which nothing is known, all is read again; by a token, as some providers want it.
    let token = "returns_token_file = \"token\"";
    set(&[&letters[..], &[exit]].concat(), token);
    assert!(
        doctor().contains("the token in token cannot be read"),
        "{}",
        doctor()
    );
    folder.write("token", "stale\n");
    assert!(doctor().contains("the token is stale"), "{}", doctor());
    folder.write("token", "tide-7\n");
    becomes("left");
    let data = folder.ok(&["subscribers", "data", "ann@example.org"]);
    for said in ["Mailbox full", "User unknown"] {
        assert_eq!(data.matches(said).count(), 1, "{data}");
    }
}

#[test]
fn killed_amid_a_mailbox_it_loses_no_letter_and_counts_none_twice() {
    const LETTERS: usize = 200;
    let (folder, key) = sent();
    let letters = (0..LETTERS).map(|number| bounce(&key, &format!("452 4.2.2 Mailbox full, try {number}.")));
    let letters = letters.map(|letter| letter.replace('\n', "\r\n")).collect();
    let (port, certificate) = mailbox::server(letters);
    folder.write("ca.pem", &certificate);
    let place = format!("returns = \"imaps://ann@localhost:{port}/INBOX\"\nreturns_password = \"tide-7\"");
    let settings = SETTINGS.replace("returns = \"returns\"", &place);
    folder.write("reveille.toml", &settings);
    let serve = || {
        let mut command = folder.command(&["serve", "--set", "web.listen=127.0.0.1:0"]);
        command.env("SSL_CERT_FILE", folder.path().join("ca.pem"));
        Server::by(command)
    };
    let data = || folder.ok(&["subscribers", "data", "ann@example.org"]);
    let wait_for = |many: usize| {
        let until = Instant::now() + Duration::from_secs(300);
        loop {
            let taken = data().matches("Mailbox full, try").count();
            if taken >= many {
                return;
            }
            assert!(Instant::now() < until, "{taken} letters were taken");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    // How far the mailbox is read is kept with the last letter of a visit, which takes all of them. Wherever the end falls, all
    // of this holds.
    for more in [1, 40] {
        let node = serve();
        wait_for(more);
        // SIGKILL.
        drop(node);
    }
    let node = serve();
    wait_for(LETTERS);
    node.stop();
    let data = data();
    for number in 0..LETTERS {
        let said = format!("Mailbox full, try {number}.");
        assert_eq!(data.matches(&said).count(), 1, "{said}");
    }
    let shown = at(&folder, "09:00", &["delivery", "show", "--came-back"]).out;
    assert!(
        !shown.contains("of these came back"),
        "these letters name no message: {shown}"
    );
}
