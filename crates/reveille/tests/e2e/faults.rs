//! Bad input: said clearly, and nothing lost.

use reveille_model::UnixMillis;
use reveille_store::{Store, jobs};
use reveille_testkit::web::{Web, answer};
use tokio::runtime::Runtime;

use crate::{commands::serve, program::Folder};

#[test]
fn faulty_settings_are_all_told_and_end_with_code_2() {
    let folder = Folder::new();
    folder.write(
        "reveille.toml",
        "[stor]\nurl = \"x\"\n[gather]\nworkers = \"many\"\n",
    );
    let said = folder.run(&["config", "check"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err.contains("reveille.toml:2:1: stor.url: unknown key"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("reveille.toml:4:11: gather.workers"),
        "{}",
        said.err
    );
    assert_eq!(
        folder.run(&["--config", "nowhere.toml", "sources", "list"]).code,
        Some(2)
    );
    assert_eq!(folder.run(&["nonsense"]).code, Some(2));
    assert_eq!(
        folder
            .run(&["sources", "add", "--weight", "heavy", "https://one.example/"])
            .code,
        Some(2)
    );
}

#[test]
fn each_failing_source_says_why_and_none_holds_up_the_others() {
    let folder = Folder::new();
    let page = serve(
        "text/html",
        "<html><head><title>A page</title></head><body><p>No feed here.</p></body></html>",
    );
    let feed = serve(
        "application/rss+xml",
        "<rss version=\"2.0\"><channel><title>Well</title></channel></rss>",
    );
    // Nobody else is given this port, as they may be one that was just closed.
    let closed = "http://127.0.0.1:1/feed";
    for url in [page.as_str(), closed, &feed] {
        folder.ok(&["sources", "add", "--unseen", url]);
    }
    folder.ok(&[
        "gather",
        "--set",
        "gather.allow_networks=127.0.0.0/8",
        "--set",
        "log.filter=error",
    ]);
    let listed = folder.ok(&["sources", "list"]);
    let line = |url: &str| listed.lines().find(|line| line.contains(url)).unwrap().to_owned();
    // What will not pass by itself is tried at the usual interval, what may pass within a minute or so.
    assert!(
        line(&page).contains("failing: ") && line(&page).contains("  in 1"),
        "{listed}"
    );
    assert!(
        line(closed).contains("refused") && line(closed).contains("1 min  "),
        "{listed}"
    );
    assert!(line(&feed).ends_with("well"), "{listed}");
    let failing = folder.ok(&["sources", "list", "--failing", "--json"]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&failing)
            .unwrap()
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_page_that_asks_to_be_left_alone_for_a_year_is_asked_again_within_a_month() {
    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    let (folder, web) = (Folder::new(), Web::start());
    let page = web.site("page", "/story", |_, stream| {
        answer(
            stream,
            "503 Service Unavailable",
            "Retry-After: 31536000\r\n",
            b"",
        )
    });
    let feed = web.site("outlet", "/feed", move |_, stream| {
        let items = format!("<item><title>A ferry</title><link>{page}</link></item>");
        let feed = format!("<rss version=\"2.0\"><channel><title>Well</title>{items}</channel></rss>");
        answer(
            stream,
            "200 OK",
            "Content-Type: application/rss+xml\r\n",
            feed.as_bytes(),
        )
    });
    let now = "2026-03-10T04:00:00Z";
    let here = ["--now", now, "--set", "gather.allow_networks=127.0.0.0/8"];
    folder.ok(&[&here[..], &["sources", "add", "--unseen", &feed]].concat());
    folder.ok(&[&here[..], &["gather", "--all"]].concat());
    let now: UnixMillis = now.parse().unwrap();
    let url = format!("sqlite:{}", folder.path().join("reveille.db").display());
    let next = async {
        let store = Store::open(&url).await.unwrap();
        jobs::next_at(&store, &["read_item"], now).await.unwrap()
    };
    let next = Runtime::new().unwrap().block_on(next).unwrap().since(now);
    assert!((30 * DAY..=31 * DAY + HOUR).contains(&next), "{next}");
}

#[test]
fn a_private_address_is_refused_unless_it_is_allowed() {
    let folder = Folder::new();
    let feed = serve(
        "application/rss+xml",
        "<rss version=\"2.0\"><channel><title>Inside</title></channel></rss>",
    );
    let said = folder.run(&["sources", "add", &feed]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.err.contains("`gather.allow_networks` opens it"),
        "{}",
        said.err
    );
}

#[test]
fn a_lost_database_stops_with_a_clear_message() {
    let folder = Folder::new();
    let said = folder.run(&[
        "--set",
        "store.url=postgres://nobody@127.0.0.1:1/nothing",
        "sources",
        "list",
    ]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("could not be opened"), "{}", said.err);
    folder.write("not.db", &"this is no database at all, only text\n".repeat(50));
    let said = folder.run(&["--set", "store.url=sqlite:not.db", "sources", "list"]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.err.contains("not.db") || said.err.contains("not a database"),
        "{}",
        said.err
    );
}

#[test]
fn templates_of_ones_own_are_looked_over_before_anything_starts() {
    let folder = Folder::new();
    folder.ok(&["init"]);
    folder.ok(&["brief", "add", "Der Morgen", "--language", "de"]);
    assert!(
        folder.ok(&["brief", "show"]).contains("Politik"),
        "in the language of the brief"
    );
    let wrote = folder.ok(&["brief", "template", "init", "own"]);
    assert!(wrote.contains("look.templates"), "{wrote}");
    let again = folder.run(&["brief", "template", "init", "own"]);
    assert!(again.err.contains("is there already"), "{}", again.err);
    let own = ["--set", "look.templates=own"];
    let checked = folder.ok(&[&own[..], &["brief", "template", "check"]].concat());
    assert!(checked.contains("own/mail.html"), "{checked}");
    folder.write("own/web.html", "<main>\n{{ nmae }}</main>");
    for command in [["config", "check"], ["brief", "list"]] {
        let said = folder.run(&[&own[..], &command].concat());
        assert_eq!(said.code, Some(1));
        assert!(said.err.contains("own/web.html, line 2"), "{}", said.err);
    }
}
