//! Keys that `dkim keygen` makes, and mail that they sign.

use crate::{
    mailing::Mailing,
    program::{Folder, said},
};

/// The value of a TXT record, as `dkim keygen` prints it.
fn record(printed: &str, name: &str) -> String {
    let line = printed.lines().find(|line| line.starts_with(name)).unwrap();
    line.split('"').skip(1).step_by(2).collect()
}

#[test]
fn two_keys_are_made_and_sign_every_mail() {
    let folder = Folder::new();
    let printed = folder.ok(&["dkim", "keygen", "keys", "--domain", "example.org"]);
    let rsa = record(&printed, "reveille._domainkey.example.org. IN TXT ");
    let ed25519 = record(&printed, "reveille-ed25519._domainkey.example.org. IN TXT ");
    assert!(
        rsa.starts_with("v=DKIM1; k=rsa; p=") && rsa.len() > 400,
        "{printed}"
    );
    assert!(ed25519.starts_with("v=DKIM1; k=ed25519; p="), "{printed}");
    let again = folder.run(&["dkim", "keygen", "keys", "--domain", "example.org"]);
    assert_eq!(again.code, Some(1), "a key that is there is kept: {}", again.err);

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mailbox = folder.path().join("mailbox");
    let url = format!("sqlite:{}", folder.path().join("store").display());
    let catcher = runtime.block_on(folder.catcher(Default::default()));
    let mailing = runtime.block_on(Mailing::prepare(&url, catcher.address().port(), (2, 3, 1)));
    let words = mailing.command(&["edition", "send", "--set", "mail.dkim.domain=example.org"], 0);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let sent = folder
        .command(&words)
        .env(
            "REVEILLE__MAIL__DKIM__KEY_FILE",
            folder.path().join("keys/reveille.pem"),
        )
        .env(
            "REVEILLE__MAIL__DKIM__ED25519_KEY_FILE",
            folder.path().join("keys/reveille-ed25519.pem"),
        )
        .output()
        .unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let mails = reveille_mail::catcher::list(&mailbox).unwrap();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        let text = String::from_utf8(mail.raw).unwrap();
        for algorithm in ["a=rsa-sha256;", "a=ed25519-sha256;"] {
            assert!(text.contains(algorithm), "{text}");
        }
        verified(&folder, &text, &[&rsa, &ed25519]);
    }
}

/// Has dkimpy (Debian's python3-dkim), which shares nothing with us, check each signature of a message.
fn verified(folder: &Folder, message: &str, records: &[&str]) {
    const CHECK: &str = "import sys, dkim
message, records = open(sys.argv[1], 'rb').read(), [r.encode() for r in sys.argv[2:]]
for index, record in enumerate(records):
    found = dkim.DKIM(message).verify(idx=index, dnsfunc=lambda name, timeout=5: record)
    print('signature', index, found)
";
    let path = folder.write("signed.eml", message);
    let mut check = std::process::Command::new("/usr/bin/python3");
    let checked = check
        .args(["-c", CHECK])
        .arg(path)
        .args(records)
        .output()
        .unwrap();
    let out = String::from_utf8_lossy(&checked.stdout);
    let expected = "signature 0 True\nsignature 1 True\n";
    assert_eq!(out, expected, "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn a_key_that_cannot_sign_is_a_fault_of_the_settings() {
    let folder = Folder::new();
    let printed = folder.ok(&["dkim", "keygen", "keys", "--domain", "example.org"]);
    assert!(!printed.contains("mail.from_address"), "{printed}");
    let key = |name: &str| folder.path().join("keys").join(name);
    let (rsa, ed25519) = (key("reveille.pem"), key("reveille-ed25519.pem"));
    let garbage = folder.write("garbage.pem", "tide-7");
    let run = |usual: &std::path::Path, second: &std::path::Path, words: &[&str]| {
        let mut command = folder.command(&[&["--set", "mail.dkim.domain=example.org"], words].concat());
        command.env("REVEILLE__MAIL__DKIM__KEY_FILE", usual);
        command.env("REVEILLE__MAIL__DKIM__ED25519_KEY_FILE", second);
        said(command.output().unwrap())
    };
    let right = run(&rsa, &ed25519, &["config", "check"]);
    assert_eq!(right.code, Some(0), "{}", right.err);
    for (usual, second, setting) in [
        (&garbage, &ed25519, "mail.dkim.key: "),
        (&rsa, &garbage, "mail.dkim.ed25519_key: "),
        (&garbage, &garbage, "mail.dkim.key: "),
    ] {
        for words in [&["config", "check"][..], &["serve"]] {
            let wrong = run(usual, second, words);
            assert_eq!(wrong.code, Some(2), "{words:?}: {}", wrong.err);
            assert!(
                wrong.err.contains(setting) && !wrong.err.contains("tide-7"),
                "{}",
                wrong.err
            );
        }
    }
    assert!(!folder.path().join("reveille.db").exists());
}

#[test]
fn keys_say_for_which_domain_they_are_where_nobody_named_one() {
    let folder = Folder::new();
    let printed = folder.ok(&["dkim", "keygen", "keys"]);
    assert!(
        printed.contains("These keys are for example.org, the domain of `mail.from_address`"),
        "{printed}"
    );
    let said = folder.run(&["dkim", "keygen", "brief.example"]);
    assert!(
        said.code == Some(2) && said.err.contains("`--domain brief.example`"),
        "{}",
        said.err
    );
    assert!(!folder.path().join("brief.example").exists());
    folder.ok(&["dkim", "keygen", "./brief.example"]);
}

#[test]
fn keys_are_made_after_the_domain_was_set_and_told_with_all_that_is_to_be_set() {
    let folder = Folder::new();
    let set = [
        "--set",
        "mail.dkim.domain=news.example.org",
        "--set",
        "mail.dkim.selector=s2026",
    ];
    let with = |words: &[&'static str]| folder.run(&[&set[..], words].concat());
    let said = with(&["config", "check"]);
    assert!(
        said.code == Some(2) && said.err.contains("`reveille dkim keygen` makes one"),
        "{}",
        said.err
    );
    let printed = with(&["dkim", "keygen", "keys"]).out;
    let file = folder.path().join("keys/s2026.pem");
    assert!(
        printed.contains("domain = \"news.example.org\"\nselector = \"s2026\""),
        "{printed}"
    );
    assert!(
        printed.contains(&format!("KEY_FILE={}", file.display())),
        "{printed}"
    );
}
