//! A mail server that fails, and a morning that ends.

mod days;

use reveille_mail::{
    catcher::{Act, Catcher, CatcherOptions, Fault},
    smtp::Phase,
};
use reveille_model::{BriefId, SubscriberId};
use reveille_store::{
    Store,
    deliveries::{self, NewDelivery},
    editions,
};
use tokio::runtime::Runtime;

use crate::{
    mailing::{MORNING, Mailing},
    nodes,
    program::{Folder, Said},
};

const READERS: u64 = 60;

/// A mailing to all those readers whose mail server fails in this way.
struct Scene {
    folder: Folder,
    mailing: Mailing,
    _catcher: Catcher,
    /// The catcher lives in it.
    _runtime: Runtime,
}

impl Scene {
    fn new(at: Phase, act: Act, times: u32) -> Self {
        let fault = Fault {
            at,
            recipient: None,
            times,
            act,
        };
        Self::failing(fault, |_| "example.org")
    }

    /// Where each reader is at a domain of their own, that one asks for patience slows no other down.
    fn at_domains_of_their_own(act: Act, times: u32) -> Self {
        let fault = Fault {
            at: Phase::RcptTo,
            recipient: None,
            times,
            act,
        };
        Self::failing(fault, |reader| format!("host{reader}.example").leak())
    }

    fn failing(fault: Fault, domain: fn(u32) -> &'static str) -> Self {
        let options = CatcherOptions {
            faults: vec![fault],
            ..CatcherOptions::default()
        };
        Self::by(options, domain)
    }

    fn by(options: CatcherOptions, domain: fn(u32) -> &'static str) -> Self {
        let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
        let url = format!("sqlite:{}", folder.path().join("store").display());
        let catcher = runtime.block_on(folder.catcher(options));
        let size = (READERS as u32, 3, 3);
        let port = catcher.address().port();
        let mailing = runtime.block_on(Mailing::prepare_at(&url, port, size, domain, None));
        Self {
            folder,
            mailing,
            _catcher: catcher,
            _runtime: runtime,
        }
    }

    /// Runs a command so many minutes after the morning's hour.
    fn at(&self, minute: i64, words: &[&str]) -> String {
        let words = self.mailing.command(words, minute);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.folder.ok(&words)
    }

    /// The same, where somebody must look at what came of it.
    fn fails_at(&self, minute: i64, words: &[&str]) -> Said {
        let words = self.mailing.command(words, minute);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let said = self.folder.run(&words);
        assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
        said
    }

    fn shown(&self, minute: i64) -> serde_json::Value {
        let out = self.at(minute, &["delivery", "show", "--format", "json"]);
        serde_json::from_str(&out).unwrap()
    }
}

#[test]
fn a_mail_server_that_cannot_be_reached_costs_no_reader_a_try() {
    let scene = Scene::by(CatcherOptions::default(), |_| "example.org");
    let said = nodes::send_nowhere(&scene.mailing, &scene.folder);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains("The mailing rests until 2026-03-10T06:10")
            && said.out.contains("the next go out at 2026-03-10T06:10"),
        "{}",
        said.out
    );
    assert!(
        said.err
            .contains("`reveille edition send morning --day 2026-03-10` goes on at once"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("ERROR") && !said.err.contains('\u{1b}'),
        "what is no terminal gets no colours: {}",
        said.err
    );
    let shown = scene.shown(0);
    assert_eq!(shown["tally"]["queued"], READERS, "{shown}");
    assert!(!shown["pause_reason"].is_null(), "{shown}");
    let said = scene.at(1, &["edition", "send"]);
    assert!(said.contains("60 sent."), "{said}");
    let shown = scene.shown(1);
    assert!(shown["pause_reason"].is_null(), "{shown}");
    assert_eq!(shown["state"], "sent", "{shown}");
}

#[test]
fn a_run_of_failures_has_the_mailing_rest() {
    let busy = Act::Reply("451 4.3.0 <ann@example.org> not now".to_owned());
    let scene = Scene::at_domains_of_their_own(busy, 30);
    let said = scene.fails_at(0, &["edition", "send"]).out;
    assert!(
        said.contains("rests until") && said.contains("451 4.3.0 <…> not now"),
        "{said}"
    );
    let shown = scene.shown(0);
    let reason = shown["pause_reason"].as_str().unwrap();
    assert!(!reason.contains('@'), "it would outlive its reader: {reason}");
    assert_eq!(shown["tally"]["queued"], READERS);
    let put_off = shown["deferred"]["readers"].as_u64().unwrap();
    let answers = shown["deferred"]["answers"].as_array().unwrap();
    assert!(put_off >= 20 && answers.len() == 1, "{shown}");
    let said = scene.at(0, &["delivery", "show"]);
    let told = format!("{put_off}  of the queued ones were put off (--state deferred lists them):\n");
    assert!(
        said.contains(&told)
            && said.contains(&format!("{put_off}  mail server "))
            && said.contains("451 4.3.0 <…> not now"),
        "{said}"
    );
    let listed = ["delivery", "show", "--state", "deferred", "--limit", "9"];
    let said = scene.at(0, &listed);
    assert!(
        said.contains("put off, is tried again at 2026-03-10T06:3")
            && said.ends_with(&format!("… and {} more (`--limit`)\n", put_off - 9)),
        "{said}"
    );
    scene.at(1, &["edition", "send"]);
    let sent = scene.shown(1)["tally"]["sent"].as_u64().unwrap();
    assert_eq!(sent, READERS - 30, "each failure put one reader off");
    // They are tried again half an hour later, and no sooner.
    scene.at(29, &["edition", "send"]);
    assert_eq!(scene.shown(29)["tally"]["sent"], sent);
    let said = scene.at(32, &["edition", "send"]);
    assert!(said.contains("60 sent."), "{said}");
}

#[test]
fn who_cannot_be_reached_by_the_last_hour_has_missed_it() {
    let scene = Scene::new(Phase::RcptTo, Act::Reply("450 4.2.1 busy".to_owned()), 5);
    let plan = scene.at(-30, &["brief", "show"]);
    let plan = plan.replace("too_late = \"never\"", "too_late = \"06:20\"");
    let plan = scene.folder.write("plan.toml", &plan);
    scene.at(-30, &["brief", "update", "morning", plan.to_str().unwrap()]);
    let forecast = scene.at(-30, &["edition", "forecast"]);
    assert!(forecast.contains("60 of 60"), "{forecast}");
    assert!(
        forecast.contains("The last zone, UTC, is reached at 2026-03-10T06:00:00Z."),
        "{forecast}"
    );
    let said = scene.at(0, &["edition", "send"]);
    assert!(said.contains("55 sent, 5 missed."), "{said}");
    let listed = scene.at(0, &["delivery", "show", "--state", "missed"]);
    assert!(
        listed.contains("450 4.2.1 busy") && !listed.contains("more"),
        "{listed}"
    );
    let skipped = scene.at(0, &["delivery", "show", "--state", "skipped"]);
    assert_eq!(skipped, listed, "nobody has left");
    let listed = scene.at(0, &["delivery", "show", "--limit", "3"]);
    assert!(listed.ends_with("… and 2 more (`--limit`)\n"), "{listed}");
    let three = ["delivery", "show", "--limit", "3", "--format", "json"];
    let listed: serde_json::Value = serde_json::from_str(&scene.at(0, &three)).unwrap();
    assert_eq!(listed["left_out"], 2, "{listed}");
    assert_eq!(scene.shown(0)["left_out"], 0);
    scene.at(200, &["delivery", "resend", "--missed"]);
    let said = scene.at(201, &["edition", "send"]);
    assert!(said.contains("60 sent."), "{said}");
}

#[test]
fn what_became_of_a_corrections_mail_is_settled_as_an_editions_is() {
    let lost = |name: &str| Fault {
        at: Phase::AfterData,
        recipient: Some(name.parse().unwrap()),
        times: 3,
        act: Act::Drop,
    };
    let scene = Scene::failing(lost("reader7@example.org"), |_| "example.org");
    let plan = scene
        .at(-30, &["brief", "show"])
        .replace("\"resend\"", "\"hold\"");
    let plan = scene.folder.write("plan.toml", &plan);
    scene.at(-30, &["brief", "update", "morning", plan.to_str().unwrap()]);
    let said = scene.fails_at(0, &["edition", "send"]);
    assert!(said.out.contains("59 sent, 1 unknown."), "{}", said.out);
    let settle = "`reveille delivery settle morning --day 2026-03-10 --log FILE`";
    assert!(said.err.contains(settle), "{}", said.err);
    let rule = "(`if_unknown = \"hold\"`) they wait for your word";
    assert!(said.err.contains(rule), "{}", said.err);
    let said = scene.at(20, &["delivery", "settle", "--as", "sent"]);
    assert_eq!(said, "1 counts as sent now.\n");
    let said = scene.at(21, &["delivery", "show", "--doubted"]);
    assert!(said.contains("counted as sent by hand"), "{said}");

    let correct = ["edition", "correct", "1", "It was the other ferry.", "--send"];
    let said = scene.fails_at(30, &correct);
    assert!(said.out.contains("59 sent, 1 unknown."), "{}", said.out);
    let settle = "`reveille delivery settle morning --day 2026-03-10 --correction 1 --log FILE`";
    assert!(said.err.contains(settle), "{}", said.err);
    let settle = ["delivery", "settle", "--correction", "1", "--as", "failed"];
    assert_eq!(scene.at(50, &settle), "1 counts as failed now.\n");
    assert_eq!(
        scene.shown(50)["tally"]["sent"],
        READERS,
        "the edition's are others"
    );
    assert_eq!(scene.at(51, &settle), "None is unknown: nothing was changed.\n");
    let of_one = ["--reader", "reader7@example.org"];
    let failed = "reader7@example.org is failed, not unknown: nothing was changed.\n";
    let resend = ["delivery", "resend", "--correction", "1"];
    for words in [&settle[..], &resend] {
        assert_eq!(scene.at(51, &[words, &of_one].concat()), failed);
    }

    let resend = ["delivery", "resend", "--correction", "1", "--failed"];
    let said = scene.at(52, &[&resend[..], &["--reader", "reader7@example.org"]].concat());
    assert!(said.starts_with("1 queued again."), "{said}");
    // The third time the line goes dead as well, and the fourth it holds.
    let said = scene.fails_at(53, &["edition", "send"]);
    let told = "Mails to readers who have entry 1 wrong: 59 sent, 1 unknown";
    assert!(said.out.contains(told), "{}", said.out);
    let shown = scene.at(60, &["delivery", "show", "--correction", "1"]);
    assert!(
        shown.contains("the correction of entry 1") && shown.contains("reader7@example.org"),
        "{shown}"
    );
    let said = scene.at(70, &["delivery", "resend", "--correction", "1"]);
    assert!(said.starts_with("1 queued again."), "{said}");
    scene.at(71, &["edition", "send"]);
    assert_eq!(scene.at(72, &settle), "None is unknown: nothing was changed.\n");

    let words = scene
        .mailing
        .command(&["delivery", "settle", "--correction", "2", "--as", "sent"], 73);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = scene.folder.run(&words);
    assert!(said.err.contains("no correction of entry 2"), "{}", said.err);
}

#[test]
fn a_forecast_says_that_its_edition_is_still_being_planned() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let url = format!("sqlite:{}", folder.path().join("store").display());
    let mailing = runtime.block_on(async {
        let mailing = Mailing::prepare(&url, 1, (3, 1, 1)).await;
        let store = Store::open(&url).await.unwrap();
        let edition = editions::latest(&store, BriefId(1)).await.unwrap().unwrap().id;
        let mut tx = store.begin().await.unwrap();
        deliveries::begin_plan(&mut tx, edition).await.unwrap();
        let first = NewDelivery {
            subscriber: SubscriberId(1),
            slot: MORNING.into(),
        };
        deliveries::plan(&mut tx, edition, &[first], MORNING.plus(-1))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        store.close().await;
        mailing
    });
    let words = mailing.command(&["edition", "forecast"], -30);
    let said = folder.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(
        said.out.contains("still being planned") && said.out.contains("1 of 1"),
        "{}{}",
        said.out,
        said.err
    );
}
