//! Commands, one after the other, from an empty folder.

use std::{io::Read, process::Stdio, sync::mpsc, time::Duration};

use reveille_testkit::web::{Web, answer};

use crate::program::{self, Folder, Running};

/// The address of a site that answers every request with these bytes; it ends with the tests.
pub(crate) fn serve(content_type: &'static str, body: &'static str) -> String {
    Web::start().site("outlet", "/feed", move |_, stream| {
        answer(
            stream,
            "200 OK",
            &format!("Content-Type: {content_type}\r\n"),
            body.as_bytes(),
        )
    })
}

const LOCAL: [&str; 4] = [
    "--set",
    "gather.allow_networks=127.0.0.0/8",
    "--set",
    "gather.host_delay_millis=0",
];

fn with_local<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    LOCAL.iter().chain(arguments).copied().collect()
}

#[test]
fn a_newcomer_gets_from_an_empty_folder_to_a_delivered_edition() {
    let folder = Folder::new();
    assert!(folder.ok(&["init"]).contains("reveille.toml"));
    assert!(folder.run(&["init"]).err.contains("--force"));
    folder.ok(&["config", "check"]);
    assert!(folder.ok(&["config", "show"]).contains("[gather]"));

    let feed = serve(
        "application/rss+xml",
        "<rss version=\"2.0\"><channel><title>The Harbour Post</title></channel></rss>",
    );
    assert!(
        folder
            .ok(&with_local(&["sources", "add", &feed]))
            .contains("Added The Harbour Post")
    );
    assert!(
        folder
            .ok(&with_local(&["sources", "add", &feed]))
            .contains("there already")
    );
    assert!(folder.ok(&["sources", "list"]).contains("not read yet"));
    assert!(
        folder
            .ok(&with_local(&["sources", "check"]))
            .contains("well, 0 recent entries")
    );
    assert!(folder.ok(&with_local(&["gather"])).contains("0 new articles"));
    assert!(folder.ok(&["sources", "list"]).contains("well"));

    assert!(
        folder
            .ok(&["brief", "add", "The Morning Brief"])
            .contains("the-morning-brief")
    );
    let edition = |doing| folder.run(&["--now", "2026-03-10T05:00:00Z", "edition", doing]);
    assert!(edition("compile").out.contains("0 entries, draft"));
    let refused = edition("approve");
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("faults"), "{}", refused.err);
    assert!(edition("send").err.contains("not approved"));
    let day = folder.run(&["delivery", "show", "2026-11-29"]);
    assert!(day.err.contains("by `--day 2026-11-29`"), "{}", day.err);
}

#[test]
fn a_gathering_that_is_stopped_says_how_it_goes_on() {
    let folder = Folder::new();
    let (asked, was_asked) = mpsc::channel();
    let feed = Web::start().site("silent", "/feed", move |_, stream| {
        let _ = asked.send(());
        // Until whoever asked is gone.
        stream.read(&mut [0]).map(drop)
    });
    folder.ok(&with_local(&["sources", "add", "--unseen", &feed]));
    let mut command = folder.command(&with_local(&["gather"]));
    let mut gathering = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    was_asked.recv_timeout(Duration::from_secs(60)).unwrap();
    gathering.signal("-INT");
    let said = gathering.said();
    assert_eq!(said.code, Some(1));
    assert!(
        said.err.contains("`reveille gather` goes on with the rest"),
        "{}",
        said.err
    );
}

#[test]
fn consent_is_proved_line_by_line_and_sealed() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let list = "email,country\nann@example.org,Norway\n";
    folder.write("readers.csv", list);
    let paper = ["--consent", "paper form, March 2026"];
    folder.ok(&[&["subscribers", "import", "readers.csv"], &paper[..]].concat());
    folder.ok(&[&["subscribers", "add", "bob@example.org"], &paper[..]].concat());
    assert!(
        folder
            .ok(&["subscribers", "verify"])
            .contains("2 consent records are whole.")
    );

    let document = folder.ok(&["subscribers", "proof", "Ann@example.org"]);
    let file = sha256(list);
    for part in [
        "ann@example.org",
        "Norway",
        "entered",
        "paper form, March 2026",
        file.as_str(),
    ] {
        assert!(document.contains(part), "{part}: {document}");
    }
    let proof = folder.ok(&["subscribers", "proof", "bob@example.org", "--json"]);
    let proof: serde_json::Value = serde_json::from_str(&proof).unwrap();
    let line = proof["record"][0]["line"].as_str().unwrap();
    // As the document tells everybody to check it.
    assert_eq!(proof["seal"], sha256(&format!("\n{line}")));
    assert!(line.contains("paper form, March 2026"), "{line}");

    let nobody = folder.run(&["subscribers", "proof", "eve@example.org"]);
    assert_eq!(nobody.code, Some(1));
    assert!(
        nobody.err.contains("eve@example.org is no reader"),
        "{}",
        nobody.err
    );
}

fn sha256(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_backup_can_be_started_from() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    assert!(folder.ok(&["backup", "copy.db"]).contains("Wrote copy.db"));
    assert!(
        folder
            .ok(&["--set", "store.url=sqlite:copy.db", "brief", "list"])
            .contains("The Morning Brief")
    );
    let again = folder.run(&["backup", "copy.db"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("copy.db exists already"), "{}", again.err);
    let folder = folder.run(&["backup", "."]).err;
    assert!(
        folder.contains(". is a folder: name the new file in it, as in ./reveille-copy.db"),
        "{folder}"
    );
}

#[test]
fn a_demo_leaves_a_real_store_alone() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "Ours"]);
    let said = folder.run(&["demo", "--once", "--port", "0", "--dir", "."]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("no demo's"), "{}", said.err);
    assert_eq!(folder.ok(&["brief", "list"]).matches("Brief").count(), 0);
}

#[test]
fn doctor_tells_what_needs_attention() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let said = folder.run(&["doctor", "--set", "web.listen=127.0.0.1:0"]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("store      well"), "{}", said.out);
    assert!(
        said.out.contains("sources    FAULT: there are none yet"),
        "{}",
        said.out
    );

    let sends = |more: &[&str]| {
        let smtp = [
            "doctor",
            "--set",
            "mail.transport=smtp",
            "--set",
            "mail.smtp.port=1",
            "--set",
            "mail.smtp.tls=none",
            "--set",
            "mail.resolver=127.0.0.1:1",
        ];
        folder.run(&[&smtp[..], more].concat()).out
    };
    let said = sends(&[]);
    for wanting in [
        "mail.identity",
        "mail.from_address",
        "no https address",
        "dkim keygen",
    ] {
        assert!(said.contains(wanting), "{wanting}: {said}");
    }
    let right = [
        "mail.identity=The Morning Brief, 1 Harbour Street, Newport",
        "mail.from_address=brief@morning.news",
        "web.public_url=https://morning.news",
    ];
    let said = sends(&right.iter().flat_map(|set| ["--set", set]).collect::<Vec<_>>());
    assert!(
        said.contains("bulk mail  FAULT: `mail.dkim.domain` is empty"),
        "only the key is wanting: {said}"
    );
}

#[test]
fn settings_count_on_both_sides_of_the_command() {
    let folder = Folder::new();
    let shown = folder.ok(&[
        "--set",
        "web.listen=127.0.0.1:9001",
        "config",
        "--set=mail.folder=out",
        "show",
        "--set",
        "stories.window_hours=7",
    ]);
    for setting in ["127.0.0.1:9001", "\"out\"", "window_hours = 7"] {
        assert!(shown.contains(setting), "{setting}: {shown}");
    }
    assert_eq!(folder.run(&["config", "show", "--set"]).code, Some(2));
}

#[test]
fn what_is_no_place_to_listen_at_is_told_with_an_example() {
    let folder = Folder::new();
    let check = |setting: &str| folder.run(&["--set", setting, "config", "check"]);
    for (setting, told) in [
        (
            "web.listen=localhost:8080",
            "such as 127.0.0.1:8080 or [::1]:8080",
        ),
        ("mail.resolver=dns.example", "such as 127.0.0.1:53 or [::1]:53"),
    ] {
        let said = check(setting);
        assert!(said.code == Some(2) && said.err.contains(told), "{}", said.err);
    }
    assert_eq!(check("web.listen=0.0.0.0").code, Some(0));
}

#[test]
fn a_list_in_brackets_is_told_how_it_is_written() {
    let folder = Folder::new();
    let list = "gather.allow_networks=[\"127.0.0.0/8\", \"10.0.0.0/8\"]";
    let said = folder.run(&["--set", list, "config", "check"]);
    assert!(
        said.code == Some(2)
            && said
                .err
                .contains("`gather.allow_networks=127.0.0.0/8,10.0.0.0/8`"),
        "{}",
        said.err
    );
    folder.write("reveille.toml", "[gather]\nallow_networks = [\"127.0.0.0/8\"]\n");
    folder.ok(&["config", "check"]);
    let list = "mail.relays=[\"smtps://ann:tide-7@mail.example\"]";
    let said = folder.run(&["--set", list, "config", "check"]);
    assert!(
        said.code == Some(2) && !said.err.contains("tide-7"),
        "{}",
        said.err
    );
}

#[test]
fn what_a_command_says_is_not_said_by_the_log_as_well() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let compile = ["--now", "2026-03-10T05:00:00Z", "edition", "compile"];
    let said = folder.run(&compile);
    assert!(
        said.out.contains("0 entries, draft") && said.err.is_empty(),
        "{}",
        said.err
    );
    let said = folder.run(&[&["--set", "log.filter=info"], &compile[..]].concat());
    assert!(said.err.contains("compiled an edition again"), "{}", said.err);
}

#[test]
fn what_cannot_be_is_told_with_all_that_can() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let none = folder.run(&[
        "segments", "add", "none", "--from", "2026-05", "--until", "2026-01",
    ]);
    assert!(
        none.code == Some(2) && none.err.contains("`--from 2026-05` is after `--until 2026-01`"),
        "{}",
        none.err
    );
    assert!(folder.ok(&["segments", "list"]).starts_with("No segment"));
    folder.ok(&[
        "segments", "add", "may", "--from", "2026-05", "--until", "2026-05",
    ]);

    let unsaid = folder.run(&["delivery", "settle"]);
    assert!(
        unsaid.code == Some(2) && unsaid.err.contains("<--as <ENDING>|--log <FILE>>"),
        "{}",
        unsaid.err
    );
    let both = folder.run(&["delivery", "settle", "--as", "sent", "--log", "mail.log"]);
    assert_eq!(both.code, Some(2), "{}", both.err);
    let logs = folder.run(&["delivery", "settle", "--log", "old.log", "--log", "new.log"]);
    assert_eq!(
        logs.code,
        Some(1),
        "there is no edition, and nothing wrong with two logs: {}",
        logs.err
    );
}

#[test]
fn a_log_level_that_is_none_is_refused() {
    let folder = Folder::new();
    let check = |filter: &str| folder.run(&["--set", &format!("log.filter={filter}"), "config", "check"]);
    for wrong in [
        "loud",
        "reveille_gather",
        "info,sqlx",
        "reveille=loud",
        "reveille=debug,lud",
    ] {
        let said = check(wrong);
        assert!(
            said.code == Some(2)
                && said.err.contains("log.filter: ")
                && said.err.contains("`reveille_gather=debug`"),
            "{wrong}: {}",
            said.err
        );
    }
    for right in ["", "WARN", "off", "info,sqlx=warn", "reveille_gather=debug,error"] {
        let said = check(right);
        assert_eq!(said.code, Some(0), "{right}: {}", said.err);
    }
}

#[test]
fn an_empty_name_of_the_settings_file_is_none() {
    let folder = Folder::new();
    folder.write("reveille.toml", "[log]\nformat = \"xml\"\n");
    let mut command = folder.command(&["config", "check"]);
    let said = program::said(command.env("REVEILLE_CONFIG", "").output().unwrap());
    assert!(
        said.code == Some(2) && said.err.contains("reveille.toml:2:"),
        "{}",
        said.err
    );
}

#[test]
fn a_rehearsal_says_that_what_it_does_lasts() {
    let help = Folder::new().ok(&["gather", "--help"]);
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        help.contains("for rehearsals on a copy of the store")
            && help.contains("`edition send` mails readers"),
        "{help}"
    );
}
