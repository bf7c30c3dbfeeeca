//! What `doctor` finds on this machine and in the store.

use reveille_testkit::web::Web;

use crate::{program::Folder, serving::Server};

#[test]
fn what_stands_at_the_port_is_asked_who_it_is() {
    let folder = Folder::new();
    folder.ok(&["init"]);
    let server = Server::start(&folder);
    let doctor = |listen: &str| {
        folder
            .run(&["doctor", "--set", &format!("web.listen={listen}")])
            .out
    };
    let said = doctor(&server.address);
    assert!(
        said.contains("web        well: Reveille serves on 127.0.0.1:"),
        "{said}"
    );
    server.stop();
    let other = Web::start();
    let said = doctor(&format!("127.0.0.1:{}", other.port()));
    assert!(
        said.contains("web        FAULT: another program has 127.0.0.1:"),
        "{said}"
    );
    let asked = other.log();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].header("accept"), Some("application/json"));
}

#[test]
fn what_is_wrong_is_told_of_the_part_that_it_is_wrong_with() {
    let folder = Folder::new();
    folder.write("reveille.toml", "[web]\nlisten = \"127.0.0.1:0\"\n");
    folder.ok(&["brief", "add", "The Morning Brief"]);
    for (settings, line) in [
        (&["store.url=sqlite:nowhere/at/all.db"][..], "store      FAULT: "),
        (
            &["look.templates=nowhere"],
            "look       FAULT: look.templates: cannot read nowhere",
        ),
    ] {
        let set = settings.iter().flat_map(|setting| ["--set", setting]);
        let said = folder
            .run(&["doctor"].into_iter().chain(set).collect::<Vec<_>>())
            .out;
        assert!(said.contains(line), "{settings:?}: {said}");
        let well = !line.starts_with("store");
        assert_eq!(said.contains("store      well"), well, "{settings:?}: {said}");
    }
}

#[test]
fn the_mail_servers_own_log_is_read_where_the_settings_name_one() {
    let folder = Folder::new();
    let told = |log: &str| {
        let set = format!("mail.relay_log={log}");
        folder
            .run(&["doctor", "--set", "web.listen=127.0.0.1:0", "--set", &set])
            .out
    };
    assert!(!folder.run(&["doctor"]).out.contains("mail log"));
    for (log, line) in [
        (
            "lost.log",
            "mail log   FAULT: the mail server's log lost.log cannot be read: No such file",
        ),
        (
            ".",
            "mail log   FAULT: the mail server's log . cannot be read: Is a directory",
        ),
    ] {
        let said = told(log);
        assert!(said.contains(line), "{line}\n{said}");
    }
    folder.write("mail.log", "Mar 10 06:00:01 mx kernel: all is well\n");
    let said = told("mail.log");
    assert!(
        said.contains("mail log   FAULT: mail.log: no line of Postfix or Exim"),
        "{said}"
    );
    folder.write(
        "mail.log.1",
        "Mar 9 06:00:01 mx postfix/smtpd[7]: 4F1: client=brief[192.0.2.7]\n",
    );
    let said = told("mail.log");
    assert!(
        said.contains("mail log   well: mail.log.1 and mail.log can be read"),
        "{said}"
    );
}

#[test]
fn who_reads_is_told_of_each_brief() {
    let folder = Folder::new();
    let told = |log: &str| {
        folder
            .run(&["doctor", "--set", "web.listen=127.0.0.1:0", "--set", log])
            .out
    };
    let (none, some) = ("mail.relay_log=", "mail.relay_log=mail.log");
    let said = told(none);
    assert!(said.contains("store      FAULT: there is no store at"), "{said}");
    folder.ok(&["sources", "add", "--unseen", "http://127.0.0.1:9/feed"]);
    let said = told(none);
    assert!(
        said.contains("briefs     FAULT: there is none yet: `reveille brief add"),
        "{said}"
    );
    folder.ok(&["brief", "add", "Morning"]);
    folder.ok(&["brief", "add", "Evening"]);
    let consent = ["--zone", "Europe/Berlin", "--consent", "asked by letter"];
    let add = ["subscribers", "add", "ann@example.org", "--brief", "evening"];
    folder.ok(&[&add[..], &consent].concat());
    let said = told(none);
    let line = "briefs     well: morning has no reader yet, who signs up or is entered by `reveille subscribers import`; evening has 1 reader";
    assert!(said.contains(line), "{said}");

    folder.write(
        "mail.log",
        "Mar 9 06:00:01 mx postfix/smtpd[7]: 4F1: client=brief[192.0.2.7]\n",
    );
    let plan = folder.ok(&["brief", "show", "morning"]);
    folder.write("plan.toml", &plan.replace("\"resend\"", "\"reconcile\""));
    folder.ok(&["--set", some, "brief", "update", "morning", "plan.toml"]);
    let said = told(none);
    assert!(
        said.contains("briefs     FAULT: morning has the mail server's log asked"),
        "{said}"
    );
    assert!(told(some).contains("briefs     well"), "{}", told(some));
}
