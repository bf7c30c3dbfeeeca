//! An edition by mail before its readers have it.

use reveille_mail::{
    catcher::{Act, CatcherOptions, Fault},
    smtp::Phase,
};

use crate::{
    desk::sign_in,
    ferry::{at, morning},
    program::Folder,
    serving::Server,
};

#[test]
fn a_proof_is_the_edition_as_readers_get_it_and_counts_nothing() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let words = ["edition", "proof", "desk@example.org", "bo@example.org"];
    let said = at(&folder, "05:00", &words);
    assert_eq!(said.out.matches(": written to ").count(), 2, "{}", said.out);
    at(&folder, "05:01", &words);
    let files = std::fs::read_dir(folder.path().join("outbox")).unwrap();
    let mails: Vec<String> = files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(mails.len(), 4, "each has a name of its own");
    for mail in &mails {
        assert!(mail.contains("Subject: Proof: The Morning Brief"), "{mail}");
        assert!(mail.contains("Frost destroys half"), "{mail}");
        assert!(mail.contains(&format!("/leave/{}", "0".repeat(32))), "{mail}");
    }
    let state = folder.ok(&["edition", "list"]);
    assert!(state.contains("checked") && !state.contains("sent"), "{state}");
    at(&folder, "05:10", &["edition", "approve"]);
    let said = at(&folder, "06:00", &["edition", "send"]);
    assert!(said.out.contains(": 1 sent"), "{}", said.out);
}

#[test]
fn what_the_mail_server_says_is_told_and_a_refusal_fails() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let catcher = runtime.block_on(folder.catcher(CatcherOptions::default()));
    let port = format!("mail.smtp.port={}", catcher.address().port());
    let proof = |port: &str| {
        let mail = [
            "mail.transport=smtp",
            "mail.smtp.host=127.0.0.1",
            "mail.smtp.tls=none",
            port,
        ];
        let settings: Vec<&str> = mail.iter().flat_map(|setting| ["--set", setting]).collect();
        let now = [
            "--now",
            "2026-03-10T05:00:00Z",
            "edition",
            "proof",
            "desk@example.org",
        ];
        folder.run(&[&now[..], &settings].concat())
    };
    let said = proof(&port);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains("desk@example.org: taken by 127.0.0.1:") && said.out.contains(": 250 "),
        "{}",
        said.out
    );
    let said = proof("mail.smtp.port=1");
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("desk@example.org: not sent: "), "{}", said.out);
    assert!(said.err.contains("1 proof could not be sent"), "{}", said.err);
}

#[test]
fn an_editor_has_a_proof_mailed_from_the_desk_and_looks_at_the_next_edition() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let now = ["--now", "2026-03-10T04:50:00Z"];
    let serve = ["serve", "--set", "web.listen=127.0.0.1:0"];
    let server = Server::by(folder.command(&[&now[..], &serve].concat()));
    let link = at(&folder, "04:50", &["desk", "link", "ann@example.org"]).out;
    let ann = sign_in(&server, link[link.find("/desk/").unwrap()..].trim_end());
    let proof = |to: &str| server.ask("POST /desk/editions/1/proof", &ann, &format!("to={to}"));
    let refused = proof("eve@example.org");
    assert!(refused.contains("No proof was sent"), "{refused}");
    let sent = proof("ann@example.org");
    assert!(sent.starts_with("HTTP/1.1 303"), "{sent}");
    let files = std::fs::read_dir(folder.path().join("outbox")).unwrap();
    let mails: Vec<String> = files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].contains("To: ann@example.org"), "{}", mails[0]);
    assert!(
        mails[0].contains("Subject: Proof: The Morning Brief"),
        "{}",
        mails[0]
    );

    let next = server.ask("GET /desk/briefs/the-morning-brief/next", &ann, "");
    assert!(next.contains("Tuesday, 10 March 2026 · 3 entries"), "{next}");
    assert!(next.contains("Frost destroys half"), "{next}");
    let kept = at(&folder, "04:51", &["edition", "list"]).out;
    assert_eq!(kept.matches("2026-03-10").count(), 1, "{kept}");
}

#[test]
fn a_mail_server_that_says_nothing_keeps_nobody_waiting_and_no_proof_is_claimed() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let stall = |at: Phase| Fault {
        at,
        recipient: None,
        times: 1,
        act: Act::Stall,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let catcher = runtime.block_on(folder.catcher(CatcherOptions {
        faults: vec![stall(Phase::Connect), stall(Phase::AfterData)],
        ..CatcherOptions::default()
    }));
    let port = format!("mail.smtp.port={}", catcher.address().port());
    let settings = [
        "web.listen=127.0.0.1:0",
        "mail.transport=smtp",
        "mail.smtp.host=127.0.0.1",
        "mail.smtp.tls=none",
        &port,
    ];
    let settings = settings.iter().flat_map(|setting| ["--set", setting]);
    let serve = ["--now", "2026-03-10T04:50:00Z", "serve"]
        .into_iter()
        .chain(settings);
    let server = Server::by(folder.command(&serve.collect::<Vec<_>>()));
    let link = at(&folder, "04:50", &["desk", "link", "ann@example.org"]).out;
    let ann = sign_in(&server, link[link.find("/desk/").unwrap()..].trim_end());
    let proof = || server.ask("POST /desk/editions/1/proof", &ann, "to=ann@example.org");
    let silent = proof();
    assert!(
        silent.contains("No proof was sent") && silent.contains("did not answer within"),
        "{silent}"
    );
    let doubtful = (0..3)
        .map(|_| proof())
        .find(|said| !said.contains("No proof was sent"));
    let doubtful = doubtful.unwrap();
    assert!(doubtful.contains("The proof may not have arrived"), "{doubtful}");
    let sent = proof();
    let told = sent.lines().find_map(|line| line.strip_prefix("location: "));
    let page = server.ask(&format!("GET {}", told.unwrap()), &ann, "");
    assert!(
        page.contains("The proof was sent to ann@example.org at 04:5"),
        "{page}"
    );
}
