//! What editors are mailed: that an edition waits for them, and that its mailing rests.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use reveille_mail::{
    catcher::{self, Act, Catcher, CatcherOptions, Fault},
    smtp::Phase,
};
use tokio::runtime::Runtime;

use crate::{
    ferry::{at, morning},
    mailing::Mailing,
    nodes,
    program::{Folder, Running, Said},
    spam,
};

const EDITOR: &str = "ed@desk.example";
/// Long enough on a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// Subjects and texts of what the editor got, in order, once there are so many.
fn told(outbox: &Path, many: usize) -> Vec<(String, String)> {
    let since = Instant::now();
    loop {
        let mails = catcher::list(outbox).unwrap_or_default();
        let editors = mails.into_iter().filter(|mail| mail.to.contains(EDITOR));
        let mut told: Vec<_> = editors
            .map(|mail| (mail.subject, mail.text.unwrap_or_default()))
            .collect();
        if told.len() >= many {
            told.sort();
            return told;
        }
        assert!(since.elapsed() < PATIENCE, "{told:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Names the editor in the brief's plan.
fn name_editor(folder: &Folder, slug: &str, run: impl Fn(&[&str]) -> String) {
    let plan = run(&["brief", "show"]);
    let plan = folder.write("plan.toml", &format!("editors = [\"{EDITOR}\"]\n{plan}"));
    run(&["brief", "update", slug, plan.to_str().unwrap()]);
}

#[test]
fn an_edition_that_waits_is_told_once_and_once_more_at_its_hour() {
    let folder = Folder::new();
    folder.write(
        "reveille.toml",
        "[mail]\nidentity = \"The Desk, 1 Harbour Street\"\n",
    );
    folder.ok(&[
        "brief",
        "add",
        "The Morning Brief",
        "--short-name",
        "morning",
        "--zone",
        "UTC",
        "--send-at",
        "06:00",
    ]);
    name_editor(&folder, "morning", |words| folder.ok(words));
    for minute in ["05:30", "05:31"] {
        let now = format!("2026-03-10T{minute}:00Z");
        folder.ok(&["--now", &now, "edition", "compile"]);
    }
    let outbox = folder.path().join("outbox");
    let serve =
        |now: &str| Running::start(&mut folder.command(&["serve", "--roles", "deliver", "--now", now]));
    let node = serve("2026-03-10T05:32:00Z");
    let waits = told(&outbox, 1);
    assert_eq!(waits[0].0, "The Morning Brief of 2026-03-10 waits to be approved");
    assert!(
        waits[0].1.contains("/desk/editions/1") && waits[0].1.contains("Its hour is 06:00, UTC time"),
        "{waits:?}"
    );
    assert!(
        waits[0].1.contains(
            "`reveille edition show morning --day 2026-03-10` and `reveille edition approve morning --day 2026-03-10`"
        ),
        "{waits:?}"
    );
    let (before, fault) = waits[0]
        .1
        .split_once("to be mended before it can be approved")
        .unwrap();
    assert!(before.contains("The checks found 1 fault"), "{waits:?}");
    assert!(fault.contains("\n* The edition has no entries"), "{waits:?}");
    assert!(
        waits[0].1.ends_with("\n-- \nThe Desk, 1 Harbour Street\n"),
        "{waits:?}"
    );
    drop(node);
    for now in ["2026-03-10T06:00:00Z", "2026-03-10T06:30:00Z"] {
        let node = serve(now);
        let late = told(&outbox, 2);
        assert!(late[0].0.contains("is late: nobody has approved it"), "{late:?}");
        // Two more looks at the schedule.
        std::thread::sleep(Duration::from_millis(2_500));
        drop(node);
    }
    assert_eq!(
        told(&outbox, 2).len(),
        2,
        "once each, though it was started again"
    );
    spam::finds_none(&folder);
}

#[test]
fn that_readers_cannot_get_an_edition_in_time_is_told_once_a_week() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let plan = folder.ok(&["brief", "show"]);
    let plan = plan
        .replace("\"UTC\"", "\"America/Los_Angeles\"")
        .replace("\"manual\"", "\"automatic\"");
    folder.write("plan.toml", &format!("editors = [\"{EDITOR}\"]\n{plan}"));
    folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"]);
    folder.ok(&[
        "subscribers",
        "leave",
        "ann@example.org",
        "--reason",
        "by telephone",
    ]);
    for reader in ["kia@example.org", "ora@example.org"] {
        let add = ["subscribers", "add", reader, "--zone", "Pacific/Auckland"];
        folder.ok(&[&add[..], &["--consent", "asked by letter"]].concat());
    }
    let outbox = folder.path().join("outbox");
    // The same edition is taken back and approved anew, as often as it takes; each time both miss it.
    for (day, mails) in [("10", 1), ("12", 1), ("16", 1), ("18", 2)] {
        let at = |hour: &str| format!("2026-03-{day}T{hour}:00Z");
        let run = |hour: &str, command: &str| {
            folder.ok(&["--now", &at(hour), "edition", command, "--day", "2026-03-10"])
        };
        if day != "10" {
            run("13:00", "recall");
        }
        run("13:01", "approve");
        let said = run("13:02", "send");
        assert!(said.contains("2 missed."), "{day}: {said}");
        let node =
            Running::start(&mut folder.command(&["serve", "--roles", "deliver", "--now", &at("13:03")]));
        // Two looks at the schedule.
        std::thread::sleep(Duration::from_millis(2_500));
        let told = told(&outbox, mails);
        drop(node);
        assert_eq!(told.len(), mails, "{day}: {told:?}");
        let (subject, text) = &told[0];
        assert_eq!(
            subject,
            "The Morning Brief comes too late for some of its readers"
        );
        assert!(
            text.contains("for 2 readers (2 in Pacific/Auckland), who miss it"),
            "{text}"
        );
        assert!(text.contains("`too_late = \"never\"`"), "{text}");
    }
}

/// A mailing whose brief has an editor, to a mail server where something goes wrong.
struct Watched {
    folder: Folder,
    mailing: Mailing,
    /// The catcher lives in it.
    _catcher: (Catcher, Runtime),
}

fn failing(fault: Fault) -> CatcherOptions {
    CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    }
}

impl Watched {
    fn new((readers, connections): (u32, usize), options: CatcherOptions) -> Self {
        let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
        let url = format!("sqlite:{}", folder.path().join("store").display());
        let catcher = runtime.block_on(folder.catcher(options));
        let size = (readers, 3, connections);
        let mailing = runtime.block_on(Mailing::prepare(&url, catcher.address().port(), size));
        let watched = Self {
            folder,
            mailing,
            _catcher: (catcher, runtime),
        };
        name_editor(&watched.folder, "morning", |words| watched.run(-30, words).out);
        watched
    }

    fn run(&self, minute: i64, words: &[&str]) -> Said {
        let words = self.mailing.command(words, minute);
        self.folder
            .run(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn serve(&self, minute: i64) -> Running {
        let words = self.mailing.command(&["serve", "--roles", "deliver"], minute);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Running::start(&mut self.folder.command(&words))
    }

    fn told(&self, many: usize) -> Vec<(String, String)> {
        told(&self.folder.path().join("mailbox"), many)
    }
}

#[test]
fn a_mailing_that_rests_is_told_once_as_soon_as_the_mail_server_takes_mail() {
    let watched = Watched::new((60, 3), CatcherOptions::default());
    let said = nodes::send_nowhere(&watched.mailing, &watched.folder);
    assert!(said.out.contains("rests until"), "{}{}", said.out, said.err);
    let node = watched.serve(11);
    let rests = watched.told(1);
    assert_eq!(rests.len(), 1, "{rests:?}");
    assert_eq!(rests[0].0, "The mailing of The Morning Brief of 2026-03-10 rests");
    assert!(
        rests[0]
            .1
            .contains("`reveille edition send morning --day 2026-03-10` goes on at once"),
        "{rests:?}"
    );
    drop(node);
}

#[test]
fn that_the_mail_server_takes_no_messages_so_large_is_told_once() {
    let small = CatcherOptions {
        largest: Some(4_000),
        ..CatcherOptions::default()
    };
    let watched = Watched::new((5, 1), small);
    for minute in [0, 11] {
        let said = watched.run(minute, &["edition", "send"]);
        assert!(said.out.contains("5 queued"), "{}{}", said.out, said.err);
    }
    // They are tried once more before the second look at what waits.
    let node = watched.serve(22);
    let told = watched.told(1);
    std::thread::sleep(Duration::from_millis(2_500));
    drop(node);
    assert_eq!(watched.told(1).len(), 1, "{told:?}");
    assert_eq!(told[0].0, "Some messages of The Morning Brief of 2026-03-10 wait");
    assert!(
        told[0]
            .1
            .contains("takes no message of more than 4000 bytes: this one has"),
        "{told:?}"
    );
    // Some may be tried just then.
    let by_now = told[0].1.split_once("By now: ").unwrap().1;
    assert!(!by_now.split('.').next().unwrap().contains("sent"), "{told:?}");
}

#[test]
fn the_only_message_that_is_tried_is_not_said_to_be_taken_from_nobody() {
    let fault = Fault {
        at: Phase::AfterData,
        recipient: None,
        times: 9,
        act: Act::Reply("550 5.7.1 not wanted here".to_owned()),
    };
    let watched = Watched::new((1, 1), failing(fault));
    let said = watched.run(0, &["edition", "send"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(
        said.err.contains("took none of late that shows of whom") && !said.err.contains("from nobody"),
        "{}",
        said.err
    );
    let shown = watched.run(0, &["delivery", "show", "--state", "queued"]).out;
    assert!(
        shown.contains("waits, since nothing else was taken of late, and mail server")
            && !shown.contains("from nobody"),
        "{shown}"
    );
}

#[test]
fn that_messages_were_too_large_is_told_nobody_once_they_are_sent() {
    const READERS: u32 = 5;
    let fault = Fault {
        at: Phase::MailFrom,
        recipient: None,
        times: READERS,
        act: Act::Reply("552 5.3.4 too large".to_owned()),
    };
    let watched = Watched::new((READERS, 1), failing(fault));
    let said = watched.run(0, &["edition", "send"]);
    assert!(
        said.out.contains("552 5.3.4 too large"),
        "{}{}",
        said.out,
        said.err
    );
    let said = watched.run(11, &["edition", "send"]);
    assert!(said.out.contains("5 sent."), "{}{}", said.out, said.err);
    let node = watched.serve(12);
    // Two looks at what waits.
    std::thread::sleep(Duration::from_millis(2_500));
    drop(node);
    let told = watched.told(0);
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn that_nobody_knows_of_a_mail_whether_it_arrived_is_told_once_it_waits_for_somebodys_word() {
    let fault = Fault {
        at: Phase::AfterData,
        recipient: Some("reader0@example.org".parse().unwrap()),
        times: 3,
        act: Act::Drop,
    };
    let watched = Watched::new((1, 1), failing(fault));
    for minute in [0, 11] {
        let said = watched.run(minute, &["edition", "send"]);
        assert!(said.out.contains("1 unknown"), "{}{}", said.out, said.err);
        // At first it goes out once more by itself.
        let unsent = watched.run(minute, &["delivery", "show"]).out;
        assert_eq!(unsent.contains("waits for your word"), minute == 11, "{unsent}");
    }
    let node = watched.serve(12);
    let told = watched.told(1);
    std::thread::sleep(Duration::from_millis(2_500));
    drop(node);
    assert_eq!(watched.told(1).len(), 1, "{told:?}");
    assert_eq!(
        told[0].0,
        "Nobody knows whether 1 mail of The Morning Brief of 2026-03-10 arrived"
    );
    assert!(
        told[0]
            .1
            .contains("`reveille delivery show morning --day 2026-03-10 --state unknown`")
            && told[0].1.contains("By now: 1 unknown."),
        "{told:?}"
    );
    // Whoever sends it once more, and knows no more for it, is told anew.
    let said = watched.run(13, &["delivery", "resend", "morning", "--day", "2026-03-10"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = watched.run(14, &["edition", "send"]);
    assert!(said.out.contains("1 unknown"), "{}{}", said.out, said.err);
    let node = watched.serve(15);
    watched.told(2);
    drop(node);
    let settle = [
        "delivery",
        "settle",
        "morning",
        "--day",
        "2026-03-10",
        "--as",
        "sent",
    ];
    let said = watched.run(16, &settle);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

/// Has mail go to this port of loopback.
fn use_port(folder: &Folder, port: u16) {
    let smtp = format!("host = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n");
    let settings = format!("[mail]\ntransport = \"smtp\"\n[mail.smtp]\n{smtp}");
    folder.write("reveille.toml", &settings);
}

#[test]
fn whoever_mails_a_correction_is_told_why_its_messages_wait() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let catcher = runtime.block_on(folder.catcher(CatcherOptions::default()));
    use_port(&folder, catcher.address().port());
    let _outlet = morning(&folder, "automatic");
    at(&folder, "06:10", &["edition", "send"]);
    let small = CatcherOptions {
        largest: Some(500),
        ..CatcherOptions::default()
    };
    let small = runtime.block_on(folder.catcher(small));
    use_port(&folder, small.address().port());
    let words = "It was on Sunday, and not on Monday.";
    let correct = [
        "--now",
        "2026-03-10T08:40:00Z",
        "edition",
        "correct",
        "1",
        words,
        "--send",
    ];
    let said = folder.run(&correct);
    assert!(
        said.out.contains("1  wait, and all others go on")
            && said.out.contains("no message of more than 500 bytes"),
        "{} {}",
        said.out,
        said.err
    );
}

#[test]
fn a_correction_that_rests_is_told_once() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let catcher = runtime.block_on(folder.catcher(CatcherOptions::default()));
    let use_port = |port| use_port(&folder, port);
    use_port(catcher.address().port());
    let _outlet = morning(&folder, "automatic");
    name_editor(&folder, "the-morning-brief", |words| folder.ok(words));
    at(&folder, "06:10", &["edition", "send"]);

    // Nobody else is given this port, as they may be one that was just closed.
    use_port(1);
    let words = "It was on Sunday, and not on Monday.";
    for (hour, arguments) in [
        ("08:40", &["edition", "correct", "1", words, "--send"][..]),
        ("08:51", &["edition", "send"]),
    ] {
        let now = format!("2026-03-10T{hour}:00Z");
        let said = folder.run(&[&["--now", &now][..], arguments].concat());
        assert!(said.out.contains("1 queued"), "{} {}", said.out, said.err);
    }

    use_port(catcher.address().port());
    let words = ["serve", "--roles", "deliver", "--now", "2026-03-10T08:52:00Z"];
    let node = Running::start(&mut folder.command(&words));
    let rests = told(&folder.path().join("mailbox"), 1);
    let (subject, text) = &rests[0];
    assert_eq!(rests.len(), 1, "{rests:?}");
    assert_eq!(
        subject,
        "The mailing of a correction of The Morning Brief of 2026-03-10 rests"
    );
    assert!(
        text.contains("delivery show the-morning-brief --day 2026-03-10 --correction 1`"),
        "{text}"
    );
    drop(node);
}
