//! Returned mails, each a folder: the mail, what it must be read as, and where it comes from.

use std::{fs, path::Path};

use reveille_mail::bounce::{Reason, Returned, lines, of_answer, read};
use serde_json::Value;

#[test]
fn every_case_is_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bounce");
    let mut cases = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let case = entry.unwrap().path();
        let mail = fs::read(case.join("mail.eml")).unwrap();
        let expected: Value = serde_json::from_slice(&fs::read(case.join("expected.json")).unwrap()).unwrap();
        for line_end in ["\n", "\r\n"] {
            let mail = String::from_utf8(mail.clone()).unwrap().replace('\n', line_end);
            let mut read = lines::describe(&read(mail.as_bytes()));
            for recipient in read["recipients"].as_array_mut().unwrap() {
                let recipient = recipient.as_object_mut().unwrap();
                recipient.retain(|name, _| !matches!(name.as_str(), "status" | "said"));
            }
            assert_eq!(read, expected, "{}", case.display());
        }
        cases += 1;
    }
    assert!(cases >= 15, "{cases}");
}

#[test]
fn a_report_says_what_it_calls_its_recipient() {
    for (fields, address, named) in [
        (
            "Original-Recipient: rfc822;ann+2Bnews@one.example\nFinal-Recipient: RFC822; <u1@two.example>\n",
            "u1@two.example",
            &["ann+2Bnews@one.example", "ann+news@one.example", "u1@two.example"][..],
        ),
        (
            "Final-Recipient: rfc822; ann@one.example\nX-Actual-Recipient: rfc822; u1@two.example\n",
            "ann@one.example",
            &["ann@one.example"],
        ),
        (
            "Original-Recipient: rfc822; ann@one.example\nFinal-Recipient: rfc822; nobody\n",
            "ann@one.example",
            &["ann@one.example"],
        ),
        (
            "Final-Recipient: rfc822; nobody\nX-Actual-Recipient: rfc822; u1@two.example\n",
            "u1@two.example",
            &[],
        ),
    ] {
        let mail =
            format!("From: MAILER-DAEMON@mx.example\n\nFailed.\n\n{fields}Action: failed\nStatus: 5.1.1\n");
        let Returned::Bounce(failures) = read(mail.as_bytes()) else {
            unreachable!("it names a reader");
        };
        assert_eq!(failures.len(), 1, "{fields}");
        assert_eq!(failures[0].address, address, "{fields}");
        assert_eq!(failures[0].named, named, "{fields}");
        assert_eq!(failures[0].status.as_deref(), Some("5.1.1"), "{fields}");
    }
}

#[test]
fn a_notice_of_many_readers_is_read_once() {
    let mut mail = String::from("From: MAILER-DAEMON@mx.example\nSubject: Returned mail\n\n");
    for reader in 0..5_000 {
        mail.push_str(&format!(
            "<reader{reader}@mail.example>:\n550 5.1.1 User unknown\n\n"
        ));
    }
    let Returned::Bounce(failures) = read(mail.as_bytes()) else {
        unreachable!("it names readers");
    };
    assert_eq!(failures.len(), 5_000);
    assert!(failures.iter().all(|failure| failure.reason.is_hard()));
}

#[test]
fn what_a_notice_repeats_is_kept_within_bounds() {
    let long = "x".repeat(64 << 10);
    let refusals = "<<< 5\n".repeat(1_000);
    let notice = format!(">>> RCPT To:<ann@mail.example> {long}\n{refusals}");
    let report = "\nFinal-Recipient: rfc822; ann@mail.example\nAction: failed\n".repeat(1_000);
    for text in [notice.clone(), format!("{notice}{report}")] {
        let mail = format!("From: MAILER-DAEMON@mx.example\n\n{text}");
        let Returned::Bounce(failures) = read(mail.as_bytes()) else {
            unreachable!("it names a reader");
        };
        assert_eq!(failures.len(), 1);
        assert!(
            failures[0].said.contains("<<< 5"),
            "the answer is not lost behind its command"
        );
        assert!(failures[0].said.len() <= 8 << 10, "{}", failures[0].said.len());
    }
}

#[test]
fn a_refusal_in_conversation_is_judged_as_one_that_came_back() {
    for (answer, reason) in [
        (
            "550 5.1.1 <ann@mail.example>: Recipient address rejected",
            Reason::UnknownUser,
        ),
        ("550 5.1.1 nobody", Reason::UnknownUser),
        ("550 No such user here", Reason::UnknownUser),
        ("556 5.1.10 null MX", Reason::NoMail),
        ("552 5.2.2 mailbox full", Reason::Full),
        ("550 5.7.1 blocked by our list", Reason::Refused),
        ("550 5.2.1 account disabled", Reason::Suspended),
        ("550 <bounce+7f3a@brief.example>: no such user", Reason::Refused),
        ("550 5.1.1 sender's mailbox does not exist", Reason::Refused),
        ("550 go away", Reason::Unclear),
    ] {
        let failure = of_answer("ann@mail.example", "bounce+7f3a@brief.example", answer);
        assert_eq!(failure.reason, reason, "{answer}");
    }
}

/// What a notice means by which Ann's address was refused in these words at this step.
fn refused(said: &str, step: &str) -> Reason {
    let mail = format!(
        "From: MAILER-DAEMON@mx.relay.example\nTo: bounce+7f3a@brief.example\nSubject: Undelivered Mail Returned to Sender\n\n\
         <ann@mail.example>: host mx.mail.example said: {said} (in reply to {step})\n"
    );
    let Returned::Bounce(failures) = read(mail.as_bytes()) else {
        unreachable!("it names a reader");
    };
    assert_eq!(failures.len(), 1, "{said}");
    failures[0].reason
}

#[test]
fn what_is_said_before_a_reader_is_named_blames_the_sender() {
    for (said, step) in [
        (
            "517 Invalid domain, see <URL:ftp://docs.example>",
            "MAIL FROM command",
        ),
        ("550 5.1.1 unknown sender", "MAIL FROM command"),
        (
            "550 Requested action not taken: mailbox unavailable",
            "MAIL FROM command",
        ),
        ("550 5.1.10 null MX", "MAIL FROM command"),
        ("550 unknown host brief.example", "EHLO command"),
    ] {
        assert_eq!(refused(said, step), Reason::Refused, "{said}");
    }
}

#[test]
fn what_is_said_of_the_sender_as_a_reader_is_named_blames_the_sender() {
    for said in [
        "550 5.7.27 Sender address has null MX",
        "550 5.1.10 sender domain has a null MX record",
        "550 5.1.1 sender mailbox does not exist",
        "550 sender's domain not found",
        "550 The return path mailbox does not exist",
        "550 the originator is an unknown user",
        "550 we cannot verify that your mailbox exists: user unknown",
        "550 unknown host in MAIL FROM",
        "550 <bounce+7f3a@brief.example>: no such user",
        "550 No such user: Bounce+7f3a@Brief.example",
        "550 Domain does not exist: brief.example",
    ] {
        assert_eq!(refused(said, "RCPT TO command"), Reason::Refused, "{said}");
    }
    for said in [
        "550 5.1.1 <ann@mail.example>: user unknown (from <bounce+7f3a@brief.example>)",
        "550 5.1.1 user unknown; mail.example knows brief.example",
    ] {
        assert_eq!(refused(said, "RCPT TO command"), Reason::UnknownUser, "{said}");
    }
    assert_eq!(refused("550 5.7.27 null MX", "RCPT TO command"), Reason::NoMail);
}

#[test]
fn who_moved_is_a_reader_and_for_good() {
    for (said, reason) in [
        ("551 5.1.6 user moved", Reason::Moved),
        ("550 this mailbox has moved to another firm", Reason::Moved),
        ("550 the address is no longer valid", Reason::Moved),
        ("554 5.7.5 Your DKIM key is no longer valid", Reason::Refused),
        ("550 server has moved to mx2.mail.example", Reason::Unclear),
        ("550 The certificate is no longer valid", Reason::Unclear),
        ("451 4.3.0 mailbox has moved, please come again", Reason::Trouble),
        ("451 mailbox has moved", Reason::Trouble),
        ("550 5.1.6 mailbox moved temporarily", Reason::Trouble),
    ] {
        assert_eq!(refused(said, "RCPT TO command"), reason, "{said}");
    }
}

#[test]
fn what_is_said_of_the_message_costs_no_reader() {
    let step = "end of DATA command";
    for (said, reason) in [
        (
            "550 Requested action not taken: mailbox unavailable",
            Reason::Filtered,
        ),
        ("550 From domain is unusable (no such domain)", Reason::Refused),
        ("554 link to domain not found", Reason::Refused),
    ] {
        assert_eq!(refused(said, step), reason, "{said}");
    }
    let at_rcpt = "550 Requested action not taken: mailbox unavailable";
    assert_eq!(refused(at_rcpt, "RCPT TO command"), Reason::UnknownUser);
}

#[test]
fn a_code_for_an_unknown_address_counts_less_than_words_that_say_otherwise() {
    for (said, reason) in [
        ("550 5.1.1 User suspended", Reason::Suspended),
        ("550 5.1.1 mailbox is inactive", Reason::Suspended),
        (
            "550 5.1.1 mailbox temporarily unavailable, try again later",
            Reason::Suspended,
        ),
        ("552 5.1.1 message too large", Reason::Content),
        ("550 5.1.1 LDAP timeout", Reason::Trouble),
        ("550 5.1.2 domain suspended", Reason::Suspended),
        ("550 5.1.1 user unknown or account disabled", Reason::UnknownUser),
        ("550 5.1.1 inactive email address", Reason::UnknownUser),
        ("501 5.1.3 bad address syntax", Reason::UnknownUser),
        ("550 5.1.1 nobody", Reason::UnknownUser),
    ] {
        assert_eq!(refused(said, "RCPT TO command"), reason, "{said}");
    }
}

#[test]
fn what_a_reader_or_a_list_of_our_own_service_wants_says_nothing_of_the_address() {
    for said in [
        "550 5.1.1 Refused due to recipient preferences",
        "550 5.1.1 this recipient only accepts mail from people they know",
        "550 5.1.1 the address is on the suppression list of your account",
    ] {
        assert_eq!(refused(said, "RCPT TO command"), Reason::Filtered, "{said}");
    }
}

#[test]
fn words_that_are_joined_to_an_address_are_heard() {
    for said in [
        "550 ann@mail.example...User unknown",
        "550 <ann@mail.example>...User unknown",
        "550 ann@mail.example:User unknown",
        "550 no such user(ann@mail.example)",
    ] {
        assert_eq!(refused(said, "RCPT TO command"), Reason::UnknownUser, "{said}");
    }
    // What an address is called is no word of the server's.
    for said in [
        "550 user-unknown@mail.example",
        "550 ann@user-unknown.example, go away",
    ] {
        assert_eq!(refused(said, "RCPT TO command"), Reason::Unclear, "{said}");
    }
}

#[test]
fn large_hosts_words_for_an_address_that_is_none_are_known() {
    for (said, reason) in [
        (
            "550-Mailbox unknown. Either there is no mailbox associated with this name or you do not have authorization to see it. 550 5.1.1 User unknown",
            Reason::UnknownUser,
        ),
        ("550 #5.1.0 Address rejected.", Reason::UnknownUser),
        (
            "550 The recipient may contain a non-existent account",
            Reason::UnknownUser,
        ),
        ("550 5.7.1 Address rejected by policy", Reason::Refused),
    ] {
        assert_eq!(refused(said, "RCPT TO command"), reason, "{said}");
    }
    let late = "552 1 Requested mail action aborted, mailbox not found";
    assert_eq!(refused(late, "end of DATA command"), Reason::UnknownUser);
}

#[test]
fn that_a_recipient_is_none_is_heard_in_any_order_of_words_and_of_nobody_else() {
    for said in [
        "550 Address invalid",
        "550 recipient is invalid",
        "550 User not known",
        "550 Nonexistent user",
        "550 Email address could not be found, or was misspelled",
        "550 Empfänger unbekannt",
        "550 Utilisateur inconnu !",
        "550 Unbekannter Empfänger",
        "550 Die E-Mail-Adresse existiert nicht",
        "550 Cette adresse n'existe pas",
        "550 El usuario no existe",
        "550 Endereço inexistente",
        "550 Indirizzo del destinatario non trovato",
        "550 Onbekende gebruiker",
        "550 Konto nie istnieje",
        "550 Такой пользователь не найден",
        "550 用户不存在",
        "550 No one here by that name",
    ] {
        assert_eq!(refused(said, "RCPT TO command"), Reason::UnknownUser, "{said}");
    }
    for said in [
        "550 sender not known",
        "550 your address is invalid",
        "550 unknown user agent",
        "550 invalid recipient policy",
        "550 the certificate of the server is not valid",
        "550 IP address not found",
        "550 the reason is unknown. ask the user",
        "550 Unbekannter Absender der Adresse",
        "550 Le domaine de votre adresse n'existe pas",
        "550 Dominio del usuario no existe",
        "550 发件人地址不存在",
    ] {
        assert!(!refused(said, "RCPT TO command").is_hard(), "{said}");
    }
}

#[test]
fn a_notice_that_speaks_of_one_address_in_its_own_way_is_of_that_one() {
    let head = "From: postmaster@mail.example\nTo: return+7@brief.example\nSubject: Undeliverable";
    let told = |text: &str| read(format!("{head}\n\n{text}\n").as_bytes());
    let text = "Return path return+7@brief.example. 收件人邮件地址（ann@mail.example）不存在。";
    let Returned::Bounce(failures) = told(text) else {
        panic!("{text}")
    };
    let [failure] = &failures[..] else {
        panic!("{failures:?}")
    };
    assert_eq!(
        (failure.address.as_str(), failure.reason.is_hard()),
        ("ann@mail.example", false)
    );
    for text in [
        "Our postmaster, postmaster@mail.example, is away.",
        "Mails of (ann@mail.example) went to (bob@mail.example), whose box is full.",
    ] {
        assert_eq!(told(text), Returned::Other, "{text}");
    }
    let letter = "From: ann@mail.example\nSubject: Undelivered edition?\n\nNothing came to ann@mail.example. User not found?\n";
    assert_eq!(read(letter.as_bytes()), Returned::Other);
}

#[test]
fn a_domain_that_is_none_is_told_from_one_that_cannot_be_asked() {
    for (said, reason) in [
        (
            "all relevant MX records point to non-existent hosts",
            Reason::UnknownHost,
        ),
        ("No MX or A records for mail.example", Reason::UnknownHost),
        (
            "550 5.4.310 DNS domain mail.example does not exist",
            Reason::UnknownHost,
        ),
        (
            "450 4.4.310 DNS domain mail.example does not exist",
            Reason::Filtered,
        ),
    ] {
        let mail = format!(
            "From: MAILER-DAEMON@mx.relay.example\nSubject: Undeliverable\n\n<ann@mail.example>:\n{said}\n"
        );
        let Returned::Bounce(failures) = read(mail.as_bytes()) else {
            unreachable!("it names a reader");
        };
        assert_eq!(failures[0].reason, reason, "{said}");
    }
}

#[test]
fn lines_are_answered_whatever_is_wrong_with_them() {
    assert_eq!(
        lines::answer_line("{\"name\":\"a\",\"eml_base64\":\"QQ==\"}")["kind"],
        "none"
    );
    assert!(lines::answer_line("{\"name\":\"a\"}")["error"].is_string());
    assert!(lines::answer_line("{\"eml_base64\":\"?\"}")["error"].is_string());
    assert!(lines::answer_line("no JSON")["error"].is_string());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "([ -~\\n]|Final-Recipient: rfc822;|<<< 550 |>>> RCPT|[é\u{2028}@<>]){0,200}") {
        let _ = read(format!("From: MAILER-DAEMON\n\n{text}").as_bytes());
    }
}
