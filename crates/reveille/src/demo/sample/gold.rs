//! Holds the sample's gold file, articles and sources against each other, and asks the morning at its instants.

use std::collections::BTreeSet;

use reveille_model::UnixMillis;
use serde::Deserialize;

use super::{Answer, Morning, SUFFIX, file, parse_toml};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gold {
    event: Vec<Event>,
    copies: Vec<Copies>,
    apart: Vec<Apart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    id: String,
    title: String,
    independent: usize,
    original: Option<String>,
    #[serde(default)]
    either: Vec<String>,
    articles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Copies {
    event: String,
    original: String,
    article: Option<String>,
    articles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Apart {
    articles: Vec<String>,
}

fn morning() -> Morning {
    Morning::load().unwrap()
}

fn gold() -> Gold {
    parse_toml("gold.toml", &file("gold.toml").unwrap()).unwrap()
}

fn at(time: &str) -> UnixMillis {
    format!("2026-03-10T{time}:00Z").parse().unwrap()
}

fn page(morning: &Morning, key: &str, now: UnixMillis) -> Answer {
    let (host, path) = key.split_once('/').unwrap();
    let host = format!("{host}{SUFFIX}");
    morning.answer(&host, &format!("/{path}"), now).unwrap()
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

#[test]
fn gold_names_every_article_once_and_nothing_else() {
    let (morning, gold) = (morning(), gold());
    let mut listed = BTreeSet::new();
    for event in &gold.event {
        assert!(!event.title.is_empty());
        for key in event.articles.iter().chain(&event.either) {
            assert!(listed.insert(key.clone()), "{key} stands twice");
        }
    }
    let pages = morning
        .outlets
        .iter()
        .flat_map(|(host, outlet)| outlet.pages.keys().map(move |path| format!("{host}{path}")));
    assert_eq!(pages.collect::<BTreeSet<_>>(), listed);
    assert_eq!(listed.len(), 60);
}

#[test]
fn copies_are_of_one_event_and_fewer_newsrooms_wrote_than_carried() {
    let gold = gold();
    for copies in &gold.copies {
        let event = gold.event.iter().find(|event| event.id == copies.event).unwrap();
        assert_eq!(event.original.as_ref(), Some(&copies.original));
        assert!(copies.articles.iter().all(|key| event.articles.contains(key)));
        assert!(copies.article.iter().all(|key| copies.articles.contains(key)));
        assert_eq!(
            event.independent,
            event.articles.len() - copies.articles.len() + 1,
            "{}",
            event.id
        );
    }
    for apart in &gold.apart {
        let events = gold
            .event
            .iter()
            .filter(|event| event.articles.iter().any(|key| apart.articles.contains(key)));
        assert_eq!(events.count(), apart.articles.len());
    }
}

#[test]
fn every_feed_lists_exactly_the_pages_that_are_out() {
    let morning = morning();
    for now in ["00:00", "04:16", "05:00"].map(at) {
        for source in morning.sources() {
            let feed = text(&morning.answer(&source.host, &source.feed, now).unwrap());
            for (path, versions) in &morning.outlets[source.key()].pages {
                let out = versions[0].from <= now;
                let listed = feed.contains(path.as_str()) && !feed.starts_with("<!DOCTYPE html>");
                let broken = source.broken_until.is_some_and(|until| now < until);
                assert_eq!(listed, out && !broken, "{}{path} at {now}", source.host);
                let status = page(&morning, &format!("{}{path}", source.key()), now).status;
                let fails = versions[0].facts.fails_until.is_some_and(|until| now < until);
                assert_eq!(
                    status,
                    if !out {
                        404
                    } else if fails {
                        500
                    } else {
                        200
                    },
                    "{path}"
                );
            }
        }
    }
}

#[test]
fn links_between_outlets_lead_somewhere() {
    let morning = morning();
    for (host, outlet) in &morning.outlets {
        for version in outlet.pages.values().flatten() {
            let document = String::from_utf8_lossy(&version.document).into_owned();
            for mark in document.split("@{").skip(1) {
                let name = mark.split_once('}').unwrap().0;
                assert!(
                    morning.outlets.contains_key(name),
                    "{host}{}: @{{{name}}}",
                    version.facts.path
                );
            }
        }
    }
}

#[test]
fn the_planted_dirt_is_there() {
    let morning = morning();
    let early = at("04:05");
    let countries = |key| {
        text(&page(&morning, key, at("04:30")))
            .matches("Netherlands Antilles")
            .count()
    };
    assert_eq!(
        countries("signal-shield/networks/2026/03/09/navy-picks-coastal-radar/"),
        1
    );
    assert_eq!(
        countries("daybreak-digest/2026/03/10/navy-picks-mast-mounted-radar-signal-shield/"),
        1
    );
    assert_eq!(countries("alderport-gazette/news/2026/03/strait-patrols.html"), 1);
    assert!(morning.plan.countries.lines().count() >= 235);

    let budget = "harbour-herald/2026/03/09/politics/budget-passes-by-one-vote";
    assert!(text(&page(&morning, budget, early)).contains("148 votes to 147"));
    let corrected = text(&page(&morning, budget, at("04:20")));
    assert!(corrected.contains("148 votes to 146") && corrected.contains("Correction:"));
    let feed = |now| {
        text(
            &morning
                .answer("harbour-herald.localhost", "/feeds/news.rss", now)
                .unwrap(),
        )
    };
    assert!(!feed(at("04:19")).contains("2026-03-10T04:20:00Z"));
    assert!(feed(at("04:20")).contains("<atom:updated>2026-03-10T04:20:00Z"));

    let legacy = page(
        &morning,
        "elbkurier/stadt/bahnstrecke-nach-unterspuelung-gesperrt",
        early,
    );
    assert!(String::from_utf8(legacy.body).is_err());
    assert_eq!(legacy.content_type, "text/html");

    let bare = text(&morning.answer("fen-mail.localhost", "/feed/", early).unwrap());
    assert!(bare.contains("<title>Fen & Marsh Mail</title>") && bare.contains("&hellip;"));
}

#[test]
fn readers_live_under_reserved_names() {
    let morning = morning();
    assert!(morning.readers().len() >= 9);
    for reader in morning.readers() {
        assert!(reader.email.domain().ends_with(".example"));
        assert!(!reader.zone.name().is_empty());
    }
    assert!(
        morning
            .brief()
            .sections
            .iter()
            .any(|section| section.keywords.is_empty())
    );
}
