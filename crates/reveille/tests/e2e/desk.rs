//! Editors are let in to the desk, listed and signed out by commands, beside a `serve` on the same store.

use std::time::Duration;

use serde_json::Value;

use crate::{
    ferry::{at, correct_the_ferry, mails, morning},
    program::Folder,
    serving::Server,
};

/// The path of a fresh link for this editor.
pub(crate) fn link(folder: &Folder, editor: &str) -> String {
    let link = folder.ok(&["desk", "link", editor]);
    let path = link
        .trim_end()
        .find("/desk/sign-in/")
        .map(|at| &link.trim_end()[at..]);
    path.unwrap_or_else(|| panic!("{link}")).to_owned()
}

/// Uses a link, and says what the browser sends from then on.
pub(crate) fn sign_in(server: &Server, link: &str) -> String {
    let answer = server.post(link, "");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    let pair = cookie.unwrap().split(';').next().unwrap();
    format!("Cookie: {pair}\r\n")
}

#[test]
fn an_editor_is_let_in_listed_and_signed_out() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    assert!(
        folder
            .ok(&["desk", "sessions"])
            .starts_with("Nobody is signed in")
    );
    let ann = sign_in(&server, &link(&folder, "Ann"));
    let bob = sign_in(&server, &link(&folder, "Bob"));
    let enter = |cookie: &str| server.ask("GET /desk/sources", cookie, "");
    assert!(enter(&ann).starts_with("HTTP/1.1 200"), "{}", enter(&ann));

    let listed = folder.ok(&["desk", "sessions"]);
    let of_ann = listed.lines().find(|line| line.contains("Ann")).unwrap();
    assert!(of_ann.ends_with("Example/1.0"), "{listed}");
    let number = of_ann.split_whitespace().next().unwrap();
    folder.ok(&["desk", "sign-out", number]);
    assert!(enter(&ann).starts_with("HTTP/1.1 303"), "{}", enter(&ann));
    assert!(enter(&bob).starts_with("HTTP/1.1 200"), "{}", enter(&bob));
    assert_eq!(folder.run(&["desk", "sign-out", number]).code, Some(1));
    let unsaid = folder.run(&["desk", "sign-out"]);
    assert!(
        unsaid.code == Some(2) && unsaid.err.contains("<NUMBER|--all>"),
        "{}",
        unsaid.err
    );
    assert_eq!(folder.run(&["desk", "sign-out", number, "--all"]).code, Some(2));

    let unused = link(&folder, "Eve");
    assert_eq!(folder.ok(&["desk", "sign-out", "--all"]), "Sessions ended: 1.\n");
    assert!(enter(&bob).starts_with("HTTP/1.1 303"), "{}", enter(&bob));
    assert!(server.post(&unused, "").starts_with("HTTP/1.1 404"));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn an_editor_approves_an_edition_by_a_button_and_once() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let server = Server::start(&folder);
    let ann = sign_in(&server, &link(&folder, "Ann"));
    let approve = || server.ask("POST /desk/editions/1", &ann, "revision=1");
    assert!(approve().starts_with("HTTP/1.1 303"));
    let again = approve();
    assert!(
        again.starts_with("HTTP/1.1 200") && again.contains("already"),
        "{again}"
    );
    let list = folder.ok(&["edition", "list"]);
    let line = list.lines().find(|line| line.starts_with("2026-03-10"));
    assert!(line.is_some_and(|line| !line.contains("checked")), "{list}");
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn an_editor_corrects_what_readers_have_and_has_that_mailed_once() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "automatic");
    at(&folder, "06:00", &["edition", "send"]);
    let shown = at(&folder, "06:10", &["edition", "show", "--format", "json"]).out;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let (entry, revision) = (&shown["sections"][0]["entries"][0], &shown["revision"]);
    let form = format!("/desk/editions/1/{}/correct", entry["article"]);
    let server = Server::start(&folder);
    let ann = sign_in(&server, &link(&folder, "Ann"));
    let post = |path: &str, form: &str| server.ask(&format!("POST {path}"), &ann, form);

    let words = "headline=It+ran+aground&summary=It+did+not+sink.";
    let typed = format!("revision={revision}&text=The+ferry+ran+aground.&{words}");
    let stated = post(&form, &typed);
    assert!(stated.starts_with("HTTP/1.1 303"), "{stated}");
    let again = post(&form, &typed);
    assert!(
        again.starts_with("HTTP/1.1 409") && again.contains("Ann stated a correction"),
        "{again}"
    );
    let page = at(&folder, "06:20", &["edition", "show"]).out;
    for told in ["It ran aground", "It did not sink.", "The ferry ran aground."] {
        assert_eq!(page.matches(told).count(), 1, "{told}: {page}");
    }
    assert_eq!(mails(&folder).len(), 1, "the edition alone");

    let page = server.ask(&format!("GET {form}"), &ann, "");
    let mail = page
        .split('"')
        .find(|part| part.contains("/corrections/"))
        .unwrap();
    let question = server.ask(&format!("GET {mail}"), &ann, "");
    assert!(question.contains("to 1 reader?"), "{question}");
    for _ in 0..2 {
        let mailed = post(mail, "");
        assert!(mailed.starts_with("HTTP/1.1 303"), "{mailed}");
    }
    let sent = || {
        server
            .ask(&format!("GET {form}"), &ann, "")
            .contains("Mails: 1 sent.")
    };
    let waited = (0..600).any(|_| {
        sent() || {
            std::thread::sleep(Duration::from_millis(200));
            false
        }
    });
    assert!(waited, "{}", server.ask(&format!("GET {form}"), &ann, ""));
    let told = mails(&folder)
        .iter()
        .filter(|mail| mail.contains("Subject: Correction: "))
        .count();
    assert_eq!(told, 1);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn what_an_article_became_since_a_correction_was_begun_is_not_stated_unseen() {
    let folder = Folder::new();
    let outlet = morning(&folder, "automatic");
    at(&folder, "06:00", &["edition", "send"]);
    let shown = at(&folder, "06:10", &["edition", "show", "--format", "json"]).out;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let entries = shown["sections"][0]["entries"].as_array().unwrap();
    let of_ferry = |entry: &&Value| entry["headline"].as_str().unwrap().contains("Ferry");
    let entry = &entries.iter().find(of_ferry).unwrap()["article"];
    let form = format!("/desk/editions/1/{entry}/correct");
    // Somebody begins, and then the page changes.
    let typed = |noticed: &str| {
        let revision = &shown["revision"];
        format!(
            "revision={revision}&noticed={noticed}&text=The+harbour+was+Eastport.&headline=Mine&summary=Mine+too."
        )
    };
    correct_the_ferry(&outlet);
    at(&folder, "08:30", &["gather"]);
    let server = Server::start(&folder);
    let ann = sign_in(&server, &link(&folder, "Ann"));
    let late = server.ask(&format!("POST {form}"), &ann, &typed(""));
    assert!(late.starts_with("HTTP/1.1 409"), "{late}");
    for told in [
        "changed meanwhile",
        "ran aground",
        "The harbour was Eastport.",
        "value=\"Mine\"",
    ] {
        assert!(late.contains(told), "{told}: {late}");
    }
    let noticed = late.split("name=\"noticed\" value=\"").nth(1).unwrap();
    let noticed = noticed.split('"').next().unwrap();
    let stated = server.ask(&format!("POST {form}"), &ann, &typed(noticed));
    assert!(stated.starts_with("HTTP/1.1 303"), "{stated}");
    assert_eq!(server.stop(), Some(0));
}
