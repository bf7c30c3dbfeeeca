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

#[test]
fn a_full_box_is_one_in_any_language_whatever_its_code() {
    for said in [
        "la casilla está llena",
        "cuota superada",
        "caixa de entrada cheia",
        "a caixa está lotada",
        "cota excedida",
        "la casella di posta è piena",
        "het postvak is vol",
        "postkassen er fuld",
        "innboksen er full",
        "inkorgen är full",
        "postilaatikko on täynnä",
        "schránka je plná",
        "schránka je přeplněna",
        "skrzynka odbiorcy jest pełna",
        "skrzynka jest przepelniona",
        "a postafiók megtelt",
        "posta kutusu dolu",
        "cutia poștală este plină",
        "поштова скринька переповнена",
        "пощенската кутия е пълна",
        "sanduče je puno",
        "hộp thư đã đầy",
        "kotak surat penuh",
        "メールボックスがいっぱいです",
        "信箱已滿",
        "mailbox limit reached",
        "insufficient storage for this user",
        "inbox full",
        "too much mail in the mailbox",
    ] {
        assert_eq!(answered(&format!("550 5.1.1 {said}")), Reason::Full, "{said}");
    }
}

#[test]
fn a_box_that_is_closed_for_now_is_one_in_any_language_whatever_its_code() {
    for said in [
        "Konto gesperrt",
        "Das Postfach wurde deaktiviert",
        "compte désactivé",
        "la cuenta está bloqueada",
        "cuenta deshabilitada",
        "account sospeso",
        "casella disabilitata",
        "conta suspensa",
        "conta bloqueada",
        "konto zablokowane",
        "účet zablokován",
        "het account is geblokkeerd",
        "kontot är spärrat",
        "hesap askıya alındı",
        "ящик заблокирован",
        "账号已停用",
        "the account is on hold",
        "the mailbox is frozen",
        "the account is not activated yet",
    ] {
        assert_eq!(
            answered(&format!("550 5.1.1 {said}")),
            Reason::Suspended,
            "{said}"
        );
    }
    for said in [
        "user unknown or frozen",
        "the mailbox does not exist or is on hold",
    ] {
        assert_eq!(
            answered(&format!("550 5.1.1 {said}")),
            Reason::UnknownUser,
            "{said}"
        );
    }
}

#[test]
fn what_a_server_wants_or_lacks_says_nothing_of_the_address_whatever_its_code() {
    for said in [
        "mail refused by recipient",
        "you are not on the whitelist",
        "moderated list",
        "members only may post here",
        "TLS required",
        "delivery restricted",
        "database error",
        "server busy",
        "mailbox under maintenance",
        "the mailbox is being migrated",
    ] {
        assert!(!answered(&format!("550 5.1.1 {said}")).is_hard(), "{said}");
    }
    assert_eq!(
        answered("550 5.1.1 user not found in database"),
        Reason::UnknownUser
    );
}

#[test]
fn whose_mail_a_reader_takes_is_no_word_about_the_address() {
    for said in [
        "I do not accept mail from lists",
        "550 5.1.1 this account does not accept mail from your host",
        "550 the user does not accept email from strangers",
    ] {
        assert_eq!(answered(said), Reason::Refused, "{said}");
    }
    assert_eq!(answered("556 this domain does not accept mail"), Reason::NoMail);
}

#[test]
fn a_programs_version_is_no_code_of_an_answer_for_now() {
    let mail = "From: MAILER-DAEMON@mx.relay.example\nSubject: Returned mail: see transcript\n\n\
         ----- The following addresses had permanent fatal errors -----\n<ann@mail.example>\n\n\
         ----- Transcript of session follows -----\n... while talking to mx.mail.example.:\n\
         <<< 220 mx.mail.example ESMTP Exim 4.94.2\n>>> RCPT To:<ann@mail.example>\n<<< 550 Unknown user\n\
         550 <ann@mail.example>... User unknown\n";
    let Returned::Bounce(failures) = read(mail.as_bytes()) else {
        unreachable!("it names a reader");
    };
    assert_eq!(failures[0].reason, Reason::UnknownUser);
}
