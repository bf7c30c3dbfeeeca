//! What `doctor` finds in the DNS, as a name server of our own has it.

mod here;

use reveille_mail::catcher::Catcher;
use reveille_testkit::names::{serve, serve_nothing};
use tokio::runtime::Runtime;

use crate::program::{Folder, Said, said};

/// A sender whose settings are right, with a mail server on loopback.
struct Sender {
    folder: Folder,
    /// The records that `dkim keygen` said to publish.
    keys: Vec<(String, String)>,
    _mail: (Catcher, Runtime),
}

impl Sender {
    fn new() -> Self {
        let folder = Folder::new();
        let runtime = Runtime::new().unwrap();
        let catcher = runtime.block_on(folder.catcher(Default::default()));
        let printed = folder.ok(&["dkim", "keygen", "keys", "--domain", "herald.internal"]);
        assert!(
            printed.contains("\n[mail.dkim]\ndomain = \"herald.internal\"\n"),
            "{printed}"
        );
        folder.ok(&["sources", "add", "https://outlet.example/feed", "--unseen"]);
        folder.ok(&["brief", "add", "Morning"]);
        let record = |line: &str| {
            let (name, value) = line.split_once(". IN TXT ")?;
            let value = value.split('"').skip(1).step_by(2).collect();
            Some((name.to_owned(), value))
        };
        let settings = format!(
            "[mail]\ntransport = \"smtp\"\nfrom_address = \"brief@herald.internal\"\n\
             return_address = \"bounce@back.herald.internal\"\nidentity = \"The Herald, 1 Harbour Street, Newport\"\n\
             [mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\
             [mail.dkim]\ndomain = \"herald.internal\"\n\
             [web]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://brief.herald.internal\"\n",
            catcher.address().port()
        );
        folder.write("reveille.toml", &settings);
        Self {
            keys: printed.lines().filter_map(record).collect(),
            folder,
            _mail: (catcher, runtime),
        }
    }

    /// Everything that is to be published.
    fn records(&self) -> String {
        let keys = self
            .keys
            .iter()
            .map(|(name, value)| format!("{name} TXT {value}\n"));
        // With a note as long as this one, the answer comes by TCP.
        let note = "a note of another service ".repeat(20);
        keys.collect::<String>()
            + &format!(
                "herald.internal MX 10 mx.herald.internal\nmx.herald.internal A 172.32.0.9\nherald.internal TXT {note}\n\
                 _dmarc.herald.internal TXT v=DMARC1; p=reject; rua=mailto:dmarc@herald.internal\n\
                 back.herald.internal MX 10 mx.herald.internal\n\
                 back.herald.internal TXT v=spf1 include:_spf.herald.internal ~all\n\
                 _spf.herald.internal TXT v=spf1 mx:herald.internal ip4:172.32.0.0/24 -all\n\
                 relay.herald.internal A 172.32.0.1\n1.0.32.172.in-addr.arpa PTR relay.herald.internal\n"
            )
    }

    fn doctor(&self, resolver: &str, more: &[&str]) -> Said {
        self.doctor_with(["reveille.pem", "reveille-ed25519.pem"], resolver, more)
    }

    /// With these files as the first and the second key.
    fn doctor_with(&self, [first, second]: [&str; 2], resolver: &str, more: &[&str]) -> Said {
        let resolver = format!("mail.resolver={resolver}");
        let mut command = self.folder.command(&["doctor", "--set", &resolver]);
        command.args(more.iter().flat_map(|setting| ["--set", setting]));
        let keys = self.folder.path().join("keys");
        command
            .env("REVEILLE__MAIL__DKIM__KEY_FILE", keys.join(first))
            .env("REVEILLE__MAIL__DKIM__ED25519_KEY_FILE", keys.join(second));
        said(command.output().unwrap())
    }

    /// What is said with these records.
    fn told(&self, records: &str, more: &[&str]) -> Said {
        self.doctor(&serve(records).to_string(), more)
    }
}

#[test]
fn a_domain_that_says_all_that_it_should_is_well() {
    let sender = Sender::new();
    let said = sender.told(&sender.records(), &[]);
    for line in [
        "takes mail, not encrypted; signed for herald.internal",
        "bulk mail  well",
        "briefs     well: morning has no reader yet, who signs up or is entered",
        "DKIM       well: reveille._domainkey.herald.internal holds the key that signs",
        "DKIM       well: reveille-ed25519._domainkey.herald.internal holds the key that signs",
        "SPF        well: back.herald.internal says who may send, in 2 of 10 look-ups; whether it names the address by which 127.0.0.1",
        "DMARC      well: _dmarc.herald.internal says reject; mail is herald.internal's by DKIM (herald.internal) and SPF (back.herald",
        "MX         well: herald.internal takes mail at mx.herald.internal, back.herald.internal takes mail at mx",
        "PTR        well: by which address 127.0.0.1 sends cannot be seen from here",
    ] {
        assert!(said.out.contains(line), "{line}\n{}", said.out);
    }
    assert_eq!(said.code, Some(0), "{}", said.err);

    let relay = ["mail.smtp.host=relay.herald.internal"];
    let said = sender.told(&sender.records(), &relay).out;
    assert!(
        said.contains("PTR        well: 172.32.0.1 is relay.herald.internal, and back"),
        "{said}"
    );
    assert!(
        said.contains("in 2 of 10 look-ups\n"),
        "the record names the relay: {said}"
    );

    let said = sender.told("", &["mail.transport=folder"]);
    assert!(
        !said.out.contains("DMARC"),
        "nothing is sent, and nothing asked: {}",
        said.out
    );
}

#[test]
fn each_record_that_is_wrong_is_told_with_what_to_publish() {
    let sender = Sender::new();
    let records = sender.records();
    let rsa = sender.keys[0].1.clone();
    let many = (0..9)
        .map(|n| format!("a:a{n}.herald.internal "))
        .collect::<String>();
    let many = format!("TXT v=spf1 {many}mx:herald.internal ip4");
    let eleven = (1..=10)
        .map(|n| format!("herald.internal MX 20 mx{n}.herald.internal\n"))
        .collect::<String>();
    let eleven = format!("{eleven}herald.internal MX 10 mx.herald.internal");
    let faults = [
        (
            "reveille._domainkey",
            "other",
            "DKIM       FAULT: there is no key at reveille._domainkey.herald.internal: publish reveille._domainkey.herald.internal. IN TXT \"v=DKIM1; k=rsa; p=",
        ),
        (
            &rsa,
            "v=DKIM1; p=",
            "of no use, since it revokes the key: its `p=` is empty: publish reveille._domainkey",
        ),
        (
            &rsa,
            "v=DKIM1; k=rsa; p=MIIB",
            "since it holds another key than the one that signs",
        ),
        (
            "v=DKIM1; k=ed25519",
            "v=DKIM1; t=y; k=ed25519",
            "since it calls the key a test (`t=y`)",
        ),
        (
            "_dmarc.herald.internal TXT",
            "_dmarc.herald.internal MX 1 ",
            "DMARC      FAULT: there is no policy for herald.internal, as large mail hosts demand it: publish _dmarc.herald.internal. IN TXT \"v=DMARC1; p=none\"",
        ),
        (
            "p=reject; rua=mailto:",
            "p=block; rua=",
            "of no use: `v=DMARC1; p=block; rua=dmarc@herald.internal`: its `p=` is none of none",
        ),
        (
            "back.herald.internal TXT v=spf1",
            "back.herald.internal TXT spf",
            "SPF        FAULT: back.herald.internal does not say who may send its mail: publish back.herald.internal. IN TXT \"v=spf1 ip4:ADDRESS ~all\"",
        ),
        (
            "back.herald.internal TXT",
            "back.herald.internal TXT v=spf1 -all\nback.herald.internal TXT",
            "has 2 SPF records",
        ),
        (
            "include:_spf.herald.internal ~all",
            "+all",
            "lets everybody send: end it in `-all` or `~all`",
        ),
        (" ~all", "", "says nothing of other senders"),
        (
            "_spf.herald.internal TXT",
            "spf.herald.internal TXT",
            "refers to _spf.herald.internal, which has none",
        ),
        (
            "ip4:172",
            "ipv4:172",
            "receivers judge by none of the record of _spf.herald.internal: `ipv4:172.32.0.0/24` is no term of SPF",
        ),
        (
            "TXT v=spf1 mx:herald.internal ip4",
            &many,
            "costs more than 10 look-ups",
        ),
        (
            "mx:herald.internal ip4",
            "a:a.herald.internal -a:b.herald.internal mx:c.herald.internal ip4",
            "the record of back.herald.internal refers to names that have nothing (a.herald.internal, b.herald.internal, c.herald.internal), and with more than 2",
        ),
        (
            "herald.internal MX 10 mx.herald.internal",
            &eleven,
            "means the mail servers of herald.internal (`mx`), which are 11, and with more than 10 receivers judge by none",
        ),
        (
            "include:_spf.herald.internal ~all",
            "~all include:_spf.herald.internal",
            "what stands behind `all` is ignored, as is `include:_spf.herald.internal` in the record of back.herald.internal: put it before",
        ),
        (
            "back.herald.internal MX 10 mx",
            "mx.back.herald.internal MX 10 mx",
            "MX         FAULT: back.herald.internal takes no mail, so that nothing can come back",
        ),
        (
            "back.herald.internal MX 10 mx.herald.internal",
            "back.herald.internal MX 0 .",
            "says by a null MX that it takes no mail",
        ),
        (
            "mx.herald.internal A 172.32.0.9",
            "",
            "herald.internal takes mail at mx.herald.internal, which has no address",
        ),
        (
            "_spf.herald.internal TXT",
            "_spf.herald.internal FAILS\n_spf.herald.internal TXT",
            "the name servers can say nothing of _spf.herald.internal (ServerFailure)",
        ),
    ];
    for (part, other, line) in faults {
        assert!(records.contains(part), "{part}");
        let said = sender.told(&records.replacen(part, other, 1), &[]);
        assert!(said.out.contains(line), "{line}\n{}", said.out);
        let faults = said.out.matches("FAULT").count();
        assert_eq!(
            (faults, said.code),
            (1, Some(1)),
            "only that is wrong: {line}\n{}",
            said.out
        );
    }
}

#[test]
fn what_receivers_bear_in_a_record_is_no_fault() {
    let sender = Sender::new();
    let records = sender.records();
    for (part, other, line) in [
        (
            "ip4:172.32.0.0/24 -all",
            "-all ip4:172.32.0.0/24",
            "SPF        well: back.herald.internal says who may send, in 2 of 10 look-ups; it does not name relay.herald.internal: add",
        ),
        (
            "mx:herald.internal ip4",
            "a:a.herald.internal mx:c.herald.internal ip4",
            "SPF        well: back.herald.internal says who may send, in 3 of 10 look-ups\n",
        ),
        (
            " ~all",
            " redirect=%{d}.spf.herald.internal",
            "in 3 of 10 look-ups; what it says of others depends on who sends (`redirect=` with `%`), and is not known here\n",
        ),
        (
            "p=reject;",
            "p=reject;;",
            "DMARC      well: _dmarc.herald.internal says reject; mail is",
        ),
        (
            "p=reject; ",
            "",
            "DMARC      well: _dmarc.herald.internal says none to receivers, since its `p=` is none of none, quarantine and reject: write `p=none`, or what you wish; mail",
        ),
    ] {
        assert!(records.contains(part), "{part}");
        let relay = ["mail.smtp.host=relay.herald.internal"];
        let said = sender.told(&records.replacen(part, other, 1), &relay).out;
        assert!(said.contains(line), "{line}\n{said}");
    }
}

#[test]
fn the_mail_servers_address_is_looked_at_where_the_world_can_see_it() {
    let sender = Sender::new();
    let records = sender.records();
    let told = |part: &str, other: &str, more: &[&str]| {
        assert!(records.contains(part), "{part}");
        let relay = [&["mail.smtp.host=relay.herald.internal"], more].concat();
        sender.told(&records.replacen(part, other, 1), &relay).out
    };
    let name = "1.0.32.172.in-addr.arpa PTR relay.herald.internal";
    let none = told(name, "", &[]);
    assert!(
        none.contains("PTR        FAULT: 172.32.0.1 has no name (PTR): have whoever"),
        "{none}"
    );
    let other = told(name, "1.0.32.172.in-addr.arpa PTR mx.herald.internal", &[]);
    assert!(
        other.contains("FAULT: 172.32.0.1 is called mx.herald.internal, which does not lead back to it"),
        "{other}"
    );
    let account = [
        "mail.smtp.user=ann",
        "mail.smtp.password=secret",
        "mail.smtp.tls=starttls",
    ];
    let anothers = told(name, "", &account);
    assert!(
        anothers.contains(
            "PTR        well: 172.32.0.1 has no name (PTR); that is the affair of whoever runs relay"
        ),
        "{anothers}"
    );
    let unnamed = told("ip4:172.32.0.0/24", "ip4:172.33.0.0/24", &[]);
    assert!(
        unnamed.contains("look-ups; it does not name relay.herald.internal: add `ip4:172.32.0.1`, unless"),
        "{unnamed}"
    );
    let unseen = told("ip4:172.32.0.0/24", "ip4:172.33.0.0/24", &account);
    assert!(
        unseen.contains("by which relay.herald.internal sends cannot be seen from here: see that it includes what whoever runs"),
        "{unseen}"
    );
    let proposed = told(
        "back.herald.internal TXT v=spf1",
        "back.herald.internal TXT spf",
        &account,
    );
    assert!(
        proposed.contains(
            "IN TXT \"v=spf1 include:DOMAIN ~all\", where DOMAIN is what whoever runs relay.herald.internal names for SPF"
        ),
        "{proposed}"
    );
    let proposed = told(
        "back.herald.internal TXT v=spf1",
        "back.herald.internal TXT spf",
        &[],
    );
    assert!(
        proposed.contains("publish back.herald.internal. IN TXT \"v=spf1 ip4:172.32.0.1 ~all\""),
        "{proposed}"
    );
}

#[test]
fn mail_is_of_its_domain_by_signature_or_return_path() {
    let sender = Sender::new();
    let records = sender.records();
    let strict = records.replace("p=reject;", "p=reject; adkim=s; aspf=s;");
    let said = sender.told(&strict, &[]).out;
    assert!(
        said.contains("mail is herald.internal's by DKIM (herald.internal)\n"),
        "{said}"
    );
    let below = ["mail.from_address=brief@news.herald.internal"];
    let mx = "news.herald.internal MX 10 mx.herald.internal\n";
    let said = sender.told(&(records + mx), &below).out;
    assert!(
        said.contains("DMARC      well: _dmarc.herald.internal says reject; mail is news.herald.internal's by DKIM (herald.internal) and"),
        "the owner's policy counts for a subdomain: {said}"
    );
    let said = sender.told(&(strict.clone() + mx), &below).out;
    assert!(
        said.contains("DMARC      FAULT: readers see mail from news.herald.internal, which neither signs it"),
        "{said}"
    );
    let elsewhere = [
        "mail.return_address=bounce@mailer.internal",
        "mail.dkim.domain=mailer.internal",
    ];
    let said = sender.told(&strict, &elsewhere).out;
    assert!(
        said.contains("set `mail.dkim.domain = \"herald.internal\"`"),
        "{said}"
    );
}

#[test]
fn a_name_server_that_does_not_answer_is_no_missing_record() {
    let sender = Sender::new();
    let silent = serve_nothing().to_string();
    let said = sender.doctor(&silent, &[]);
    let line = format!("DNS        FAULT: no name server answered ({silent}): name one in `mail.resolver`");
    assert!(said.out.contains(&line), "{}", said.out);
    assert!(!said.out.contains("DMARC"), "it is told once: {}", said.out);
    assert_eq!(said.code, Some(1));
}

#[test]
fn keys_that_stand_in_each_others_place_are_told() {
    let sender = Sender::new();
    let resolver = serve(&sender.records()).to_string();
    let told = |keys| sender.doctor_with(keys, &resolver, &[]).out;
    let said = told(["reveille-ed25519.pem", "reveille.pem"]);
    let line = "mail       FAULT: mail.dkim.key holds a key in ed25519 where one in rsa belongs: put each key in its own";
    assert!(said.contains(line), "{said}");
    let said = told(["reveille.pem", "reveille.pem"]);
    let line = "mail       FAULT: mail.dkim.ed25519_key holds a key in rsa where one in ed25519 belongs";
    assert!(said.contains(line), "{said}");
}

#[test]
fn an_address_of_our_own_that_few_mail_servers_take_is_told() {
    let sender = Sender::new();
    // The key is where only `doctor` is told of it.
    let unsigned = ["--set", "mail.dkim.domain="];
    let plan = sender.folder.ok(&[&["brief", "show"][..], &unsigned].concat());
    let plan = plan.replace("# tips = \"tips@", "tips = \"tipps-für-uns@");
    sender.folder.write("plan.toml", &plan);
    let update = ["brief", "update", "morning", "plan.toml"];
    sender.folder.ok(&[&update[..], &unsigned].concat());
    let own = ["mail.return_address=rücklauf@back.herald.internal"];
    let said = sender.told(&sender.records(), &own).out;
    for line in [
        "bulk mail  FAULT: `mail.from_address` and `mail.return_address` are to be in ASCII",
        "the address for tips of morning is not in ASCII",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}
