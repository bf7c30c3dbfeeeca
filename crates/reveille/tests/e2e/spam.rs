//! What Debian's `spamassassin`, which shares nothing with us, finds in each kind of mail: nothing that counts against it.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::{
    ferry::{at, correct_the_ferry, mails, morning},
    program::Folder,
};

/// What counts against each mail, or for it: what stands behind `score=`.
fn scores(reports: &str) -> Vec<f64> {
    let found = reports.lines().filter(|line| line.starts_with("X-Spam-Status: "));
    let scores = found.filter_map(|line| line.split_once("score=")?.1.split(' ').next());
    scores.map(|score| score.parse().unwrap()).collect()
}

/// Has all mails in the folder's outbox judged by their header and content: nobody else is asked, and nothing is learned.
pub(crate) fn finds_none(folder: &Folder) {
    let mails = mails(folder);
    let letterbox: String = mails.iter().map(|mail| in_mailbox(mail)).collect();
    let mut judge = Command::new("/usr/bin/spamassassin")
        .args(["--local", "--mbox", "--nocreate-prefs", "--cf", "use_bayes 0"])
        .env("HOME", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asked = judge.stdin.take().unwrap();
    std::thread::spawn(move || asked.write_all(letterbox.as_bytes()).unwrap());
    let judged = judge.wait_with_output().unwrap();
    let reports = String::from_utf8_lossy(&judged.stdout);
    let scores = scores(&reports);
    assert_eq!(scores.len(), mails.len(), "{reports}");
    assert!(scores.iter().all(|score| *score <= 0.0), "{reports}");
}

/// A mail as it stands in an mbox file.
fn in_mailbox(mail: &str) -> String {
    let mail = mail.replace("\r\n", "\n").replace("\nFrom ", "\n>From ");
    format!("From brief@example.org Tue Mar 10 05:00:00 2026\n{mail}\n\n")
}

#[test]
fn editions_their_proofs_and_corrections_look_like_no_spam() {
    let folder = Folder::new();
    folder.write(
        "reveille.toml",
        "[mail]\nidentity = \"The Desk, 1 Harbour Street, Newport\"\n\
         [web]\npublic_url = \"https://brief.example.org\"\n",
    );
    let outlet = morning(&folder, "automatic");
    folder.write("list.csv", "email,format\nbo@example.org,text\n");
    let import = [
        "subscribers",
        "import",
        "list.csv",
        "--consent",
        "asked by letter",
    ];
    at(&folder, "04:30", &import);
    at(&folder, "05:00", &["edition", "proof", "desk@example.org"]);
    at(&folder, "06:00", &["edition", "send"]);
    correct_the_ferry(&outlet);
    at(&folder, "08:30", &["gather"]);
    let words = "The Aurora ran aground; it did not sink.";
    for entry in ["1", "2", "3"] {
        let correct = ["edition", "correct", entry, words, "--send"];
        at(&folder, "08:40", &correct);
    }
    assert_eq!(mails(&folder).len(), 9);
    for kind in ["Subject: Proof: ", "Subject: Correction: "] {
        assert!(mails(&folder).iter().any(|mail| mail.contains(kind)), "{kind}");
    }
    finds_none(&folder);
}
