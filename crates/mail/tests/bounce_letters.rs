//! Letters that look like notices, and notices that look like letters: what a server's name in From is worth.

use reveille_mail::bounce::{Returned, read};

const TEXT: &str = "Suppress ann@reader.example:\n\n<ann@reader.example>: 550 5.1.1 User unknown\n";

fn kind(head: &str) -> &'static str {
    match read(format!("{head}\nTo: returns@brief.example\nSubject: On bounces\n\n{TEXT}").as_bytes()) {
        Returned::Bounce(_) => "bounce",
        Returned::Complaint { .. } => "complaint",
        Returned::AutoReply => "auto",
        Returned::Other => "none",
    }
}

#[test]
fn a_letter_with_a_way_back_is_none_of_a_servers_for_a_name() {
    for (from, path) in [
        (
            "Postmaster Weekly <weekly@paper.example>",
            "<weekly@paper.example>",
        ),
        ("Ann Postmaster <ann@reader.example>", "<ann@reader.example>"),
        (
            "Mail Delivery Team <team@paper.example>",
            "<bounce-7@paper.example>",
        ),
        ("Ann <ann@postmaster.example>", "<ann@postmaster.example>"),
        ("<ann@mailer-daemon.example>", "<ann@mailer-daemon.example>"),
        (
            "<postmaster-list@paper.example>",
            "<postmaster-list@paper.example>",
        ),
        // No server has such a domain for its box, whichever way back it has.
        ("Ann <ann@postmaster.example>", "<>"),
    ] {
        assert_eq!(
            kind(&format!("Return-Path: {path}\nFrom: {from}")),
            "none",
            "{from}"
        );
    }
    let list = "Return-Path: <postmaster@paper.example>\nFrom: postmaster@paper.example\nList-Id: <weekly.paper.example>";
    assert_eq!(kind(list), "none");
}

#[test]
fn a_notice_is_a_servers_by_its_box_or_by_a_name_without_a_way_back() {
    for (from, path) in [
        ("MAILER-DAEMON@mx.reader.example", "<return@relay.example>"),
        ("MAILER-DAEMON@mx", "<>"),
        ("MAILER-DAEMON <>", "<>"),
        ("Mail Delivery Subsystem <MAILER-DAEMON>", "<>"),
        (
            "\"The Postmaster\" <Postmaster@reader.example>",
            "<postmaster@reader.example>",
        ),
        ("Mail Delivery System <delivery@reader.example>", "<>"),
        (
            "Mail Delivery System <delivery@reader.example>",
            "<MAILER-DAEMON@reader.example>",
        ),
    ] {
        assert_eq!(
            kind(&format!("Return-Path: {path}\nFrom: {from}")),
            "bounce",
            "{from}"
        );
    }
    assert_eq!(
        kind("From: Mail Delivery System <delivery@reader.example>"),
        "bounce"
    );
}

#[test]
fn an_answering_machine_is_one_also_with_a_servers_name() {
    for mark in [
        "X-Autorespond: On bounces",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
    ] {
        let head = format!("Return-Path: <>\nFrom: Postmaster's autoresponder <ann@reader.example>\n{mark}");
        assert_eq!(kind(&head), "auto", "{mark}");
    }
}
