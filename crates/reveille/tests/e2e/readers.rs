//! What readers can ask of their data, and editors of their list.

use std::fs;

use crate::{
    ferry::{at, morning},
    program::Folder,
    serving::Server,
    spam,
};

const PAPER: [&str; 2] = ["--consent", "paper form, March 2026"];

fn with_list(list: &str) -> Folder {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    folder.write("readers.csv", list);
    folder.ok(&[&["subscribers", "import", "readers.csv"], &PAPER[..]].concat());
    folder
}

#[test]
fn an_exported_list_imports_to_the_same_readers() {
    let folder = with_list(
        "email,country,zone,format\nann@example.org,Norway,,text\nbob@example.org,Netherlands Antilles,,\n\
         cid@example.org,Japan,Asia/Seoul,html\n",
    );
    assert!(
        folder
            .ok(&["subscribers", "export", "all.csv"])
            .starts_with("3 readers written")
    );
    let list = fs::read_to_string(folder.path().join("all.csv")).unwrap();
    assert_eq!(
        list,
        "email,country,zone,format\nann@example.org,Norway,Europe/Oslo,text\n\
         bob@example.org,Netherlands Antilles,America/Curacao,html\ncid@example.org,Japan,Asia/Seoul,html\n"
    );
    let other = with_list(&list);
    assert_eq!(other.ok(&["subscribers", "export", "-"]), list);
    other.write(
        "readers.csv",
        "email,format\nann@example.org,html\nbob@example.org,pigeon\n",
    );
    let import = ["subscribers", "import", "readers.csv", "--if-known", "overwrite"];
    let said = other.run(&[&import, &PAPER[..]].concat());
    assert!(
        said.out.contains("1 was there already, 1 changed"),
        "{}",
        said.out
    );
    assert!(said.err.contains("`pigeon` is no form of mails"), "{}", said.err);
    let proof = other.ok(&["subscribers", "proof", "ann@example.org"]);
    assert!(proof.contains("mails as html"), "{proof}");
}

#[test]
fn no_list_and_no_editor_brings_an_erased_reader_back() {
    let folder = with_list("email,country\nann@example.org,Norway\nbob@example.org,Norway\n");
    let data = folder.ok(&["subscribers", "data", "Ann@example.org"]);
    assert!(data.contains("paper form, March 2026"), "{data}");
    let erased = folder.ok(&["subscribers", "erase", "ANN@example.org"]);
    assert!(
        erased.starts_with("Erased a reader of one brief.") && erased.contains("their mails in outbox"),
        "{erased}"
    );
    for (command, told) in [
        ("data", "nothing is kept"),
        ("erase", "nothing is kept"),
        ("proof", "was erased at"),
    ] {
        let said = folder.run(&["subscribers", command, "ann@example.org"]);
        assert!(
            said.code == Some(1) && said.err.contains(told),
            "{command}: {}",
            said.err
        );
    }
    assert!(
        folder
            .ok(&["subscribers", "verify"])
            .contains("1 consent records are whole.")
    );
    for more in [
        &["--dry-run"][..],
        &["--if-known", "overwrite", "--report", "report.csv"],
    ] {
        let import = ["subscribers", "import", "readers.csv"];
        let said = folder.ok(&[&import, &PAPER[..], more].concat());
        assert!(
            said.contains("0 readers added, 1 was there already, 1 had been erased"),
            "{said}"
        );
    }
    let report = fs::read_to_string(folder.path().join("report.csv")).unwrap();
    assert!(report.contains("2,ann@example.org,erased,"), "{report}");
    let said = folder.run(&[&["subscribers", "add", "ann@example.org"], &PAPER[..]].concat());
    assert!(said.err.contains("only they can come back"), "{}", said.err);
    assert!(!folder.ok(&["subscribers", "list"]).contains("ann@"));
    // The months remember that there was somebody.
    let figures = folder.ok(&["subscribers", "figures"]);
    let row: Vec<&str> = figures
        .lines()
        .nth(2)
        .unwrap()
        .split_whitespace()
        .skip(1)
        .collect();
    assert!(
        figures.starts_with("The Morning Brief: 0 pending, 1 active"),
        "{figures}"
    );
    assert_eq!(row, ["2", "0", "0", "1", "0", "0"], "{figures}");
}

#[test]
fn who_asked_and_never_confirmed_comes_onto_the_list_by_the_word_of_whoever_vouches_for_them() {
    let folder = with_list("email,country\nann@example.org,Norway\nbob@example.org,Norway\n");
    folder.ok(&["subscribers", "leave", "bob@example.org", "--reason", "by letter"]);
    let server = Server::start(&folder);
    let page = server.get("/the-morning-brief");
    let sentence = page.split("name=\"sentence\" value=\"").nth(1).unwrap();
    let sentence = sentence.split('"').next().unwrap().replace(' ', "+");
    for name in ["bob", "cat", "dan"] {
        let form = format!("email={name}%40example.org&country=NO&zone=&website=&sentence={sentence}");
        let answer = server.post("/the-morning-brief", &form);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert_eq!(server.stop(), Some(0));
    let state = |name: &str| {
        let list = folder.ok(&["subscribers", "list"]);
        let row = list.lines().find(|line| line.contains(name)).unwrap().to_owned();
        ["pending", "active"].map(|state| row.contains(state))
    };
    assert_eq!(state("cat@"), [true, false]);
    folder.ok(&[&["subscribers", "add", "cat@example.org"], &PAPER[..]].concat());
    assert_eq!(state("cat@"), [false, true]);
    let record = folder.ok(&["subscribers", "proof", "cat@example.org"]);
    assert!(record.contains("paper form, March 2026"), "{record}");

    folder.write(
        "more.csv",
        "email\nbob@example.org\ncat@example.org\ndan@example.org\n",
    );
    let import = ["subscribers", "import", "more.csv"];
    for more in [&["--dry-run"][..], &[]] {
        let said = folder.ok(&[&import, &PAPER[..], more].concat());
        assert!(
            said.contains("1 reader added, 1 was there already, 1 had left"),
            "{said}"
        );
    }
    assert_eq!(state("dan@"), [false, true]);
    assert_eq!(state("bob@"), [true, false], "only they can come back");
    let said = folder.run(&[&["subscribers", "add", "bob@example.org"], &PAPER[..]].concat());
    assert!(said.err.contains("only they can come back"), "{}", said.err);
    folder.ok(&["subscribers", "verify"]);
}

#[test]
fn a_reader_erases_themselves_by_a_fresh_link() {
    let folder = with_list("email,country\nann@example.org,Norway\n");
    let server = Server::start(&folder);
    let token = token_of_only_reader(&folder);
    assert!(
        server
            .post(&format!("/settings/{token}"), "act=erase")
            .contains("We mail a link")
    );
    let mail = mail_to(&folder, "ann@example.org");
    assert!(mail.contains("Auto-Submitted: auto-replied"), "{mail}");
    assert!(!mail.contains(&token), "a fresh link, not that of every mail");
    let link = link_of(&mail, "/my-data/");
    assert!(server.get(&link).contains("erase everything about me"));
    assert!(folder.ok(&["subscribers", "list"]).contains("ann@"));
    assert!(server.post(&link, "sure=yes").contains("Everything is erased"));
    assert!(!folder.ok(&["subscribers", "list"]).contains("ann@"));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_reader_moves_to_another_address_and_both_are_told() {
    let folder = with_list("email,country\nann@example.org,Norway\n");
    let server = Server::start(&folder);
    let token = token_of_only_reader(&folder);
    let asked = server.post(&format!("/settings/{token}"), "act=move");
    assert!(asked.contains("We mail a link to your address"), "{asked}");
    let mail = mail_to(&folder, "ann@example.org");
    assert!(
        mail.contains("Subject: Another address for The Morning Brief")
            && mail.contains("say here which one")
            && !mail.contains(&token),
        "{mail}"
    );
    let asked = server.post(&link_of(&mail, "/my-data/"), "email=ann%40new.example");
    assert!(asked.contains("We mail a link to the new address"), "{asked}");
    let mail = mail_to(&folder, "ann@new.example");
    assert!(
        mail.contains("no longer to another one") && mail.contains("Auto-Submitted: auto-replied"),
        "{mail}"
    );
    assert!(
        !mail.contains("ann@example.org") && !mail.contains(&token),
        "{mail}"
    );
    let link = link_of(&mail, "/confirm/");
    server.get(&link);
    assert!(folder.ok(&["subscribers", "list"]).contains("pending"));
    assert!(server.post(&link, "").contains("You are on the list"));
    let mail = mail_saying(&folder, "ann@example.org", "goes to another address now");
    assert!(!mail.contains("new.example"), "{mail}");
    let proof = folder.ok(&["subscribers", "proof", "ann@new.example"]);
    for line in ["/my-data", "/confirm", "in place of reader 1"] {
        assert!(proof.contains(line), "{line}: {proof}");
    }
    let left = folder.ok(&["subscribers", "proof", "ann@example.org"]);
    assert!(left.contains("goes on at another address, as reader 2"), "{left}");
    assert!(
        server
            .post(&format!("/leave/{token}"), "")
            .contains("You have left")
    );
    assert!(!folder.ok(&["subscribers", "list"]).contains("active"));
    assert_eq!(server.stop(), Some(0));
    spam::finds_none(&folder);
}

/// What the links of the only reader's mails carry.
fn token_of_only_reader(folder: &Folder) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let path = folder.path().join("reveille.db");
        let store = reveille_store::Store::open(&format!("sqlite:{}", path.display()))
            .await
            .unwrap();
        let briefs = reveille_store::briefs::list(&store).await.unwrap();
        let readers = reveille_store::subscribers::list(&store, briefs[0].id, None, None, 2)
            .await
            .unwrap();
        assert_eq!(readers.len(), 1);
        readers[0].token.clone()
    })
}

/// The message to an address, once it is there.
fn mail_to(folder: &Folder, address: &str) -> String {
    mail_saying(folder, address, "")
}

/// The first mail to an address that says so.
fn mail_saying(folder: &Folder, address: &str, says: &str) -> String {
    let outbox = folder.path().join("outbox");
    let line = format!("To: {address}");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(300);
    loop {
        let files = fs::read_dir(&outbox).into_iter().flatten().flatten();
        let mails = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "eml"));
        let mut texts = mails.map(|file| fs::read_to_string(file.path()).unwrap());
        if let Some(mail) = texts.find(|mail| mail.contains(&line) && mail.contains(says)) {
            return mail;
        }
        assert!(
            std::time::Instant::now() < deadline,
            "no mail to {address} within five minutes"
        );
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// The path of the link in a mail that begins with this.
fn link_of(mail: &str, start: &str) -> String {
    let token = mail.split(start).nth(1).unwrap();
    format!("{start}{}", token.split_whitespace().next().unwrap())
}

#[test]
fn who_wants_text_gets_text_alone() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "automatic");
    folder.write("readers.csv", "email,country,format\nbo@example.org,GB,text\n");
    at(
        &folder,
        "04:30",
        &[&["subscribers", "import", "readers.csv"], &PAPER[..]].concat(),
    );
    let said = at(&folder, "06:00", &["edition", "send"]);
    assert!(said.out.contains("2 sent"), "{}", said.out);
    let mails = fs::read_dir(folder.path().join("outbox")).unwrap();
    let mut kinds: Vec<(bool, bool)> = Vec::new();
    for file in mails {
        let mail = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(mail.contains("Ferry Aurora sinks off Northport") && mail.contains("List-Unsubscribe-Post:"));
        kinds.push((
            mail.contains("To: bo@example.org"),
            mail.contains("Content-Type: text/html"),
        ));
    }
    kinds.sort_unstable();
    assert_eq!(kinds, [(false, true), (true, false)], "only the other has HTML");
}

#[test]
fn a_segment_narrows_to_whom_a_brief_goes() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "automatic");
    folder.write(
        "readers.csv",
        "email,country\nbo@example.org,NO\ncy@example.org,NO\n",
    );
    let import = ["subscribers", "import", "readers.csv"];
    at(&folder, "04:30", &[&import, &PAPER[..]].concat());
    at(&folder, "04:30", &["segments", "add", "north", "--country", "NO"]);
    at(
        &folder,
        "04:30",
        &["segments", "add", "evening", "--brief", "evening"],
    );
    let audience = |words: &[&str]| folder.run(&[&["brief", "audience"], words].concat());
    assert!(
        audience(&[])
            .out
            .contains("to all readers on its list: 3, those who pause included")
    );
    for (name, fault) in [
        ("south", "there is no segment `south`"),
        ("evening", "none of the readers"),
    ] {
        let said = audience(&["--segment", name]);
        assert!(said.code == Some(1) && said.err.contains(fault), "{}", said.err);
    }
    let said = audience(&["--segment", "north"]).out;
    assert!(
        said.contains("goes to 2 of the 3 readers on its list") && said.contains("north (country Norway)"),
        "{said}"
    );
    for words in [
        &["segments", "remove", "north"][..],
        &["segments", "add", "north", "--brief", "evening"],
    ] {
        let said = folder.run(words);
        let hint = "`reveille brief audience the-morning-brief --everybody`";
        assert!(said.code == Some(1) && said.err.contains(hint), "{}", said.err);
    }
    let forecast = at(&folder, "04:35", &["edition", "forecast"]).out;
    assert!(forecast.contains("2 of 2"), "{forecast}");
    let said = at(&folder, "06:00", &["edition", "send"]).out;
    assert!(said.contains("2 sent"), "{said}");
    let outbox = fs::read_dir(folder.path().join("outbox")).unwrap();
    let mails: Vec<String> = outbox
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert!(
        mails.len() == 2
            && mails
                .iter()
                .all(|mail| mail.contains("To: bo@") || mail.contains("To: cy@"))
    );
    let is_dated = |mail: &String| mail.starts_with("Date: Tue, 10 Mar 2026 06:0");
    assert!(mails.iter().all(is_dated), "by when they are sent");
    let outside = [
        &["subscribers", "add", "di@example.org", "--country", "DE"],
        &PAPER[..],
    ]
    .concat();
    let said = at(&folder, "06:05", &outside).out;
    assert!(said.contains("a part of it now that they are not in"), "{said}");
    assert!(audience(&["--everybody"]).out.contains("all readers"));
    folder.ok(&["segments", "remove", "north"]);
}

#[test]
fn clicks_are_counted_by_entry_where_the_brief_says_so() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "automatic");
    let said = at(&folder, "04:40", &["edition", "clicks"]).out;
    assert!(
        said.contains("does not count clicks") && said.contains("--count"),
        "{said}"
    );
    let said = folder.ok(&["brief", "clicks"]);
    assert!(said.contains("not counted (`--count` does)"), "{said}");
    assert!(
        folder
            .ok(&["brief", "clicks", "--count"])
            .contains("never per reader")
    );
    at(&folder, "06:00", &["edition", "send"]);
    let outbox = fs::read_dir(folder.path().join("outbox")).unwrap();
    let mail = outbox.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    // Quoted-printable breaks long lines.
    let mail = mail.collect::<String>().replace("=\n", "").replace("=\r\n", "");
    let link = "/the-morning-brief/2026-03-10/2/go";
    assert!(mail.contains(link), "{mail}");

    let server = Server::start(&folder);
    for _ in 0..3 {
        let answer = server.get(link);
        assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
    }
    assert_eq!(server.stop(), Some(0), "what was counted is kept at the end");
    let said = folder.ok(&["edition", "clicks", "--day", "2026-03-10"]);
    assert!(said.starts_with("2026-03-10: 3 clicks in its mails"), "{said}");
    assert!(said.lines().any(|line| line.starts_with("2      3")), "{said}");
    assert!(
        folder.ok(&["brief", "clicks"]).contains("2026-03-10  3"),
        "{said}"
    );
    assert!(folder.ok(&["brief", "clicks", "--leave"]).contains("not counted"));
    let named = folder.ok(&["brief", "show"]);
    folder.write(
        "plan.toml",
        &named
            .replace("access = \"public\"", "access = \"named\"")
            .replace("clicks = false", "clicks = true"),
    );
    let said = folder.run(&["brief", "update", "the-morning-brief", "plan.toml"]);
    assert!(
        said.code == Some(1) && said.err.contains("no link can lead past a counter"),
        "{}",
        said.err
    );
}
