//! Sources from their discovery to how they fare.

use std::sync::Arc;

use reveille_testkit::web::{Web, answer};

use crate::program::Folder;

pub(crate) const FEED: &str = "<rss version=\"2.0\"><channel><title>The Harbour Post</title><ttl>90</ttl>\
    <item><title>Tide</title><link>/tide</link><pubDate>Tue, 10 Mar 2026 03:00:00 GMT</pubDate></item></channel></rss>";
const COMMENTS: &str = "<rss version=\"2.0\"><channel><title>Comments for The Harbour Post</title>\
    <item><title>Ann</title><link>/tide#1</link><pubDate>Tue, 10 Mar 2026 03:30:00 GMT</pubDate></item></channel></rss>";
const FRONT: &str = "<html><head><title>The Harbour Post</title><link rel=icon href=/anchor.png>\
    <link rel=alternate type=application/rss+xml href=/comments.xml>\
    <link rel=alternate type=application/rss+xml href=/feed.xml></head><body><p>News</p></body></html>";
pub(crate) const PAGE: &str = "<html><head><title>Tide</title></head><body><article><h1>Tide comes early to the harbour</h1>\
    <p>The tide came an hour early on Tuesday, and the ferries to the islands stayed at their berths.</p>\
    <p>The harbour master said that the wind had turned in the night and that nobody was hurt.</p></article></body></html>";

/// A site of files; whatever is not there is not found.
fn site(web: &Web, name: &str, files: &'static [(&'static str, &'static str)]) -> String {
    web.site(name, "/", move |request, stream| {
        match files.iter().find(|(path, _)| *path == request.path) {
            Some((_, body)) => answer(stream, "200 OK", "", body.as_bytes()),
            None => answer(stream, "404 Not Found", "", b""),
        }
    })
}

pub(crate) fn run(folder: &Folder, time: &str, arguments: &[&str]) -> String {
    let now = format!("2026-03-10T{time}:00Z");
    let settings = [
        "--now",
        &now,
        "--set",
        "gather.allow_networks=127.0.0.0/8",
        "--set",
        "gather.host_delay_millis=0",
        "--set",
        "log.filter=error",
    ];
    folder.ok(&[&settings, arguments].concat())
}

#[test]
fn a_sites_feeds_and_news_sitemap_are_found_best_first() {
    let (folder, web) = (Folder::new(), Web::start());
    let home = site(
        &web,
        "post",
        &[
            ("/", FRONT),
            ("/feed.xml", FEED),
            ("/comments.xml", COMMENTS),
            ("/robots.txt", "Sitemap: /all.xml\nSitemap: /news/map.xml\n"),
            (
                "/news/map.xml",
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>/tide</loc></url></urlset>",
            ),
        ],
    );
    let found = run(&folder, "04:00", &["sources", "find", &home]);
    let order: Vec<_> = ["/feed.xml", "/news/map.xml", "/comments.xml"]
        .map(|path| found.find(path))
        .to_vec();
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{found}");
    assert!(!found.contains("/all.xml"), "{found}");

    let added = run(&folder, "04:00", &["sources", "add", &home]);
    assert!(
        added.starts_with("Added The Harbour Post") && added.contains("/comments.xml"),
        "{added}"
    );
    let shown = run(&folder, "04:00", &["sources", "show", "the harbour"]);
    assert!(
        shown.contains("/feed.xml") && shown.contains("/anchor.png"),
        "{shown}"
    );
    assert!(shown.contains("not read yet"), "{shown}");
}

#[test]
fn a_site_that_names_nothing_is_asked_at_the_usual_places() {
    let (folder, web) = (Folder::new(), Web::start());
    let quiet = site(
        &web,
        "quiet",
        &[("/", "<html><body>News</body></html>"), ("/atom.xml", FEED)],
    );
    assert!(run(&folder, "04:00", &["sources", "find", &quiet]).contains("/atom.xml"));
    let bare = site(&web, "bare", &[("/", "<html><body>News</body></html>")]);
    let said = folder.run(&[
        "--set",
        "gather.allow_networks=127.0.0.0/8",
        "sources",
        "add",
        &bare,
    ]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("nor the usual places"), "{}", said.err);
}

#[test]
fn a_gathering_says_that_nothing_was_due_and_asks_in_full_where_all_are_asked() {
    let (folder, web) = (Folder::new(), Web::start());
    let feed = web.site("post", "/feed", |request, stream| {
        match (request.path.as_str(), request.header("if-none-match")) {
            ("/feed", Some("\"7\"")) => answer(stream, "304 Not Modified", "", b""),
            ("/feed", _) => answer(stream, "200 OK", "ETag: \"7\"\r\n", FEED.as_bytes()),
            _ => answer(stream, "404 Not Found", "", b""),
        }
    });
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let said = run(&folder, "04:00", &["gather"]);
    assert!(
        said.contains("no source to ask") && said.contains("sources add"),
        "{said}"
    );
    run(
        &folder,
        "04:00",
        &["sources", "add", "--carrier", "The Post", "--unseen", &feed],
    );
    assert!(!run(&folder, "04:01", &["gather"]).contains("was due"));
    let said = run(&folder, "04:02", &["gather"]);
    assert!(
        said.contains("No source was due; the next is at 2026-03-10T") && said.contains("gather --all"),
        "{said}"
    );
    run(&folder, "04:03", &["gather", "--all"]);
    let log = web.log();
    let asked: Vec<_> = log.iter().filter(|request| request.path == "/feed").collect();
    assert_eq!(asked.len(), 2);
    assert!(
        asked
            .iter()
            .all(|request| request.header("if-none-match").is_none())
    );
}

#[test]
fn a_source_shows_how_it_fares() {
    let (folder, web) = (Folder::new(), Web::start());
    // The old address moves for good; the new one knows its entity tag.
    let old = web.site("post", "/old.xml", |request, stream| {
        match (request.path.as_str(), request.header("if-none-match")) {
            ("/old.xml", _) => answer(stream, "301 Moved", "Location: /new.xml\r\n", b""),
            ("/new.xml", Some("\"7\"")) => answer(stream, "304 Not Modified", "", b""),
            ("/new.xml", _) => answer(stream, "200 OK", "ETag: \"7\"\r\n", FEED.as_bytes()),
            ("/tide", _) => answer(stream, "200 OK", "", PAGE.as_bytes()),
            _ => answer(stream, "404 Not Found", "", b""),
        }
    });
    run(
        &folder,
        "04:00",
        &["sources", "add", "--carrier", "The Post", "--unseen", &old],
    );
    assert!(run(&folder, "04:01", &["gather"]).contains("1 new article"));
    let shown = run(&folder, "04:02", &["sources", "show", "post"]);
    assert!(
        shown.contains("/new.xml") && shown.contains("from ") && shown.contains("/old.xml"),
        "{shown}"
    );
    // The feed asks for an hour and a half, and gets a little more.
    assert!(shown.contains("Asked every      90 min"), "{shown}");
    assert!(
        shown.contains("Next try         in 8") || shown.contains("Next try         in 9"),
        "{shown}"
    );
    assert!(shown.contains("Unchanged (304)  0 %"), "{shown}");
    assert!(run(&folder, "06:00", &["gather"]).contains("0 new articles"));
    let shown = run(&folder, "06:01", &["sources", "show", "post", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert!(shown["share_unchanged"].as_f64().unwrap() > 0.4, "{shown}");
    assert_eq!(shown["moves"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(shown["failures"], 0, "{shown}");
    // A paused source is left alone.
    run(&folder, "06:02", &["sources", "pause", "The Post"]);
    let before = web.log().len();
    run(&folder, "23:00", &["gather"]);
    assert_eq!(web.log().len(), before);
    let removed = run(&folder, "23:01", &["sources", "remove", "The Post"]);
    assert!(removed.contains("what it brought stays"), "{removed}");
    let listed = run(&folder, "23:02", &["sources", "list", "--json"]);
    assert_eq!(listed.trim(), "[]");
    assert!(
        run(
            &folder,
            "23:02",
            &["articles", "show", &old.replace("old.xml", "tide")]
        )
        .contains("The Post")
    );
    let new = old.replace("old", "new");
    let hint = format!("`reveille sources resume {new}`");
    assert!(removed.contains(&hint), "{removed}");
    run(&folder, "23:03", &["sources", "resume", &new]);
    let shown = run(&folder, "23:04", &["sources", "show", "post", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        (&shown["state"], &shown["last_success"]),
        (&"active".into(), &serde_json::Value::Null)
    );
    run(&folder, "23:05", &["sources", "remove", "post"]);
    let again = run(&folder, "23:06", &["sources", "add", "--unseen", &new]);
    assert!(again.contains("Added"), "{again}");
}

#[test]
fn a_source_that_is_removed_while_it_waits_is_not_visited() {
    let (folder, web) = (Arc::new(Folder::new()), Web::start());
    let shared = folder.clone();
    // Whichever is visited first has the other removed.
    let home = web.site("post", "/", move |request, stream| {
        let other = match request.path.as_str() {
            "/first.xml" => Some("Second"),
            "/second.xml" => Some("First"),
            _ => None,
        };
        if let Some(other) = other {
            run(&shared, "04:01", &["sources", "remove", other]);
        }
        answer(stream, "200 OK", "", FEED.as_bytes())
    });
    for (name, path) in [("First", "first.xml"), ("Second", "second.xml")] {
        let feed = format!("{home}{path}");
        run(
            &folder,
            "04:00",
            &["sources", "add", "--carrier", name, "--unseen", &feed],
        );
    }
    run(&folder, "04:01", &["--set", "gather.workers=1", "gather"]);
    let asked = web
        .log()
        .into_iter()
        .filter(|request| request.path.ends_with(".xml"));
    let asked: Vec<String> = asked.map(|request| request.path).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
}

#[test]
fn a_feed_that_moved_to_where_a_removed_source_was_goes_on_there() {
    let (folder, web) = (Folder::new(), Web::start());
    let home = web.site("post", "/", |request, stream| match request.path.as_str() {
        "/old.xml" => answer(stream, "301 Moved", "Location: /feed.xml\r\n", b""),
        "/feed.xml" => answer(stream, "200 OK", "", FEED.as_bytes()),
        "/tide" => answer(stream, "200 OK", "", PAGE.as_bytes()),
        _ => answer(stream, "404 Not Found", "", b""),
    });
    for name in ["feed", "old"] {
        let feed = format!("{home}{name}.xml");
        run(
            &folder,
            "04:00",
            &["sources", "add", "--carrier", name, "--unseen", &feed],
        );
    }
    run(&folder, "04:00", &["sources", "remove", "feed"]);
    assert!(run(&folder, "04:01", &["gather"]).contains("1 new article"));
    let listed = run(&folder, "04:02", &["sources", "list"]);
    assert!(
        listed.contains("/feed.xml") && listed.contains("well"),
        "{listed}"
    );
}

#[test]
fn what_can_only_be_a_path_is_never_looked_for_on_the_web() {
    let folder = Folder::new();
    for path in [
        "/nowhere/at/all/Maildir",
        "./Maildir",
        "../nowhere/Maildir",
        "~/Maildir",
        "C:\\Mail\\news.mbox",
        "d:/mail",
    ] {
        for more in [&[][..], &["--unseen"]] {
            let said = folder.run(&[&["sources", "add", path][..], more].concat());
            assert_eq!(said.code, Some(1), "{path}");
            assert!(
                said.err.contains(&format!("there is nothing at {path}")),
                "{}",
                said.err
            );
        }
    }
    let drop = folder.path().canonicalize().unwrap().join("drop");
    std::fs::create_dir(&drop).unwrap();
    let drop = drop.to_str().unwrap();
    folder.ok(&["sources", "add", drop]);
    std::fs::remove_dir(drop).unwrap();
    folder.ok(&["sources", "remove", drop]);
    let said = folder.run(&["sources", "find", "."]);
    assert!(
        said.code == Some(1) && said.err.contains("`reveille sources add`"),
        "{}",
        said.err
    );
}

#[test]
fn a_feed_that_is_cut_off_is_called_damaged() {
    let (folder, web) = (Folder::new(), Web::start());
    const CUT: &str = "<rss version=\"2.0\"><channel><title>The Harbour Post</title><item><title>Tide</title>\
        <link>/tide</link></item><item><title>Ferry st";
    let home = site(&web, "post", &[("/feed.xml", CUT)]);
    let added = run(&folder, "04:00", &["sources", "add", &format!("{home}feed.xml")]);
    assert!(
        added.contains("Added The Harbour Post")
            && added.contains("It is damaged")
            && added.contains("ends inside an entry"),
        "{added}"
    );
}

#[test]
fn a_night_in_which_every_source_fails_is_a_failure() {
    let (folder, web) = (Folder::new(), Web::start());
    let home = site(&web, "post", &[("/feed.xml", FEED), ("/tide", PAGE)]);
    let gather = |time: &str| {
        let now = format!("2026-03-10T{time}:00Z");
        let here = ["--now", &now, "--set", "gather.allow_networks=127.0.0.0/8"];
        let hurry = ["--set", "gather.host_delay_millis=0"];
        folder.run(&[&here[..], &hurry, &["gather", "--all"]].concat())
    };
    let add = |path: &str| {
        run(
            &folder,
            "04:00",
            &["sources", "add", "--unseen", &format!("{home}{path}")],
        )
    };
    add("gone.xml");
    let said = gather("04:01");
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("1 source could not be read"), "{}", said.out);
    assert!(
        said.err.contains("every source that was asked failed"),
        "{}",
        said.err
    );
    add("feed.xml");
    let said = gather("08:00");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains("1 new article") && said.out.contains("could not be read"),
        "{}",
        said.out
    );
}

#[test]
fn what_names_a_newsletter_is_no_site() {
    let folder = Folder::new();
    for name in ["mailto:ann@letters.example", "urn:x-list:harbour.letters.example"] {
        let said = folder.run(&["sources", "add", "--unseen", name]);
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(said.err.contains("`reveille sources resume`"), "{}", said.err);
    }
}

#[test]
fn a_page_that_two_feeds_of_an_outlet_list_is_asked_for_once() {
    let (folder, web) = (Folder::new(), Web::start());
    let files = &[("/front.xml", FEED), ("/sea.xml", FEED), ("/tide", PAGE)];
    let home = site(&web, "post", files);
    for feed in ["front.xml", "sea.xml"] {
        let feed = format!("{home}{feed}");
        run(
            &folder,
            "04:00",
            &["sources", "add", "--carrier", feed.as_str(), &feed],
        );
    }
    assert!(run(&folder, "04:01", &["gather"]).contains("1 new article"));
    let pages = web.log().into_iter().filter(|request| request.path == "/tide");
    assert_eq!(pages.count(), 1);
    let listed = run(&folder, "04:02", &["sources", "show", "sea.xml", "--json"]);
    assert!(listed.contains("\"failures\": 0"), "{listed}");
}

#[test]
fn a_feed_that_moved_to_where_another_source_is_ends() {
    let (folder, web) = (Folder::new(), Web::start());
    let home = web.site("post", "/", |request, stream| match request.path.as_str() {
        "/old.xml" => answer(stream, "301 Moved", "Location: /feed.xml\r\n", b""),
        "/feed.xml" => answer(stream, "200 OK", "", FEED.as_bytes()),
        "/tide" => answer(stream, "200 OK", "", PAGE.as_bytes()),
        _ => answer(stream, "404 Not Found", "", b""),
    });
    let (old, new) = (format!("{home}old.xml"), format!("{home}feed.xml"));
    run(&folder, "04:00", &["sources", "add", &new]);
    // Whoever adds the old address is told at once; where it was never looked at, the first visit finds out.
    assert!(run(&folder, "04:00", &["sources", "add", &old]).contains("there already"));
    run(
        &folder,
        "04:00",
        &["sources", "add", "--carrier", "Old", "--unseen", &old],
    );
    run(&folder, "04:01", &["gather"]);
    let shown = run(&folder, "04:02", &["sources", "list"]);
    assert!(shown.contains("gone: moved for good to"), "{shown}");
}

#[test]
fn an_index_of_sitemaps_is_followed_to_the_news() {
    let (folder, web) = (Folder::new(), Web::start());
    let home = site(
        &web,
        "maps",
        &[
            (
                "/index.xml",
                "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\
                 <sitemap><loc>/missing.xml</loc></sitemap>\
                 <sitemap><loc>/news.xml</loc></sitemap></sitemapindex>",
            ),
            (
                "/news.xml",
                "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
                 xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\"><url><loc>/tide</loc><news:news>\
                 <news:publication_date>2026-03-10T03:00:00Z</news:publication_date><news:title>Tide</news:title>\
                 </news:news></url></urlset>",
            ),
            ("/tide", PAGE),
        ],
    );
    let index = format!("{home}index.xml");
    run(&folder, "04:00", &["sources", "add", "--carrier", "Maps", &index]);
    let said = run(&folder, "04:01", &["gather"]);
    assert!(said.contains("1 new article"), "{said}");
}

#[test]
fn the_original_of_a_repost_is_read_once_and_carries_its_own_name() {
    let (folder, web) = (Folder::new(), Web::start());
    let original = site(&web, "shield", &[("/tide", PAGE)]);
    let copy: &'static str = Box::leak(
        PAGE.replace(
            "</article>",
            &format!("<p>View original post here:</p><p><a href=\"{original}tide\">Tide comes early to the harbour</a></p></article>"),
        )
        .into_boxed_str(),
    );
    let files: &'static [(&str, &str)] = Box::leak(Box::new([("/feed.xml", FEED), ("/tide", copy)]));
    for name in ["digest", "daily"] {
        let feed = format!("{}feed.xml", site(&web, name, files));
        run(&folder, "04:00", &["sources", "add", "--carrier", name, &feed]);
    }
    let said = run(&folder, "04:01", &["gather"]);
    assert!(said.contains("3 new articles"), "{said}");
    let asked = web
        .log()
        .into_iter()
        .filter(|request| request.host == "shield.localhost" && request.path == "/tide");
    assert_eq!(asked.count(), 1);
}
