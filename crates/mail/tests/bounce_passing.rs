//! What may pass, or is no word about the address: it ends no reader, whatever else is said beside it.

use reveille_mail::bounce::{Reason, Returned, read};

/// What a notice means that says this of Ann's address.
fn told(said: &str) -> Reason {
    let mail = format!(
        "From: MAILER-DAEMON@mx.relay.example\nTo: bounce+7f3a@brief.example\nSubject: Undelivered Mail Returned to Sender\n\n\
         <ann@mail.example>: {said}\n"
    );
    let Returned::Bounce(failures) = read(mail.as_bytes()) else {
        unreachable!("it names a reader");
    };
    assert_eq!(failures.len(), 1, "{said}");
    failures[0].reason
}

/// The same in an answer to RCPT TO.
fn answered(said: &str) -> Reason {
    told(&format!(
        "host mx.mail.example said: {said} (in reply to RCPT TO command)"
    ))
}

#[test]
fn an_answer_for_now_ends_no_reader() {
    for said in [
        "450 Requested mail action not taken: mailbox unavailable",
        "451 user unknown",
        "450 4.2.0 <ann@mail.example>: User unknown",
        "451 4.3.0 Directory lookup failed, user not found",
        "421 4.1.1 no such user",
        "452 4.1.1 mailbox unavailable",
        "450 4.1.1 mailbox unavailable",
        "450 4.1.1 user unknown, try again later",
        "450 4.7.1 recipient not found",
    ] {
        assert!(!answered(said).is_hard(), "{said}");
        let report = format!(
            "From: MAILER-DAEMON@mx.relay.example\n\nFailed.\n\nFinal-Recipient: rfc822; ann@mail.example\nAction: failed\n\
             Diagnostic-Code: smtp; {said}\n"
        );
        let Returned::Bounce(failures) = read(report.as_bytes()) else {
            unreachable!("it names a reader");
        };
        assert!(!failures[0].reason.is_hard(), "{said}");
    }
    // Given up, with the one code that is for an address that is none: some servers never say more.
    assert_eq!(
        answered("450 4.1.1 <ann@mail.example>: Recipient address rejected: User unknown"),
        Reason::UnknownUser
    );
    assert_eq!(answered("550 5.1.1 user unknown"), Reason::UnknownUser);
}

#[test]
fn a_host_that_cannot_be_asked_about_for_now_is_no_unknown_one() {
    for said in [
        "Host not found (temporary)",
        "host lookup failed temporarily: host unknown",
        "Host or domain name not found, try again",
        "Host not found: SERVFAIL",
        "host not found; the name server timed out",
        "host not found, DNS timeout",
        "Deferred: host not found",
        "Your mail expired after four days: host unknown",
    ] {
        assert_eq!(told(said), Reason::Trouble, "{said}");
    }
    for said in [
        "Host not found",
        "550 Host unknown",
        "The domain was not found (NXDOMAIN), domain not found. Check its name and try again.",
        "Host or domain name not found. Name service error for name=mail.example type=A: Host not found",
        "I couldn't find any host named mail.example. (#5.1.2)",
    ] {
        assert_eq!(told(said), Reason::UnknownHost, "{said}");
    }
}
