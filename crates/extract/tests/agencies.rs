//! Every mark of `agencies/marks.tsv`, set into a page: the agency or outlet that it names, in its role.

use reveille_extract::extract;

const MARKS: &str = include_str!("agencies/marks.tsv");

/// A page of the Example Gazette with a mark in one place.
fn page(place: &str, mark: &str) -> String {
    let at = |here: &str| if place == here { mark } else { "" };
    let line = |here: &str, class: &str| match at(here) {
        "" => String::new(),
        text => format!("<p class=\"{class}\">{text}</p>"),
    };
    let author = match at("author") {
        "" => String::new(),
        name => format!("<meta name=\"author\" content=\"{name}\">"),
    };
    format!(
        "<!doctype html><title>Harbour gates open after a storm | Example Gazette</title>\
         <meta property=\"og:site_name\" content=\"Example Gazette\">{author}{}\
         <article><h1>Harbour gates open after a storm</h1>{}<div class=\"article-body\">\
         <p>{}The gates of the outer harbour opened on Monday for the first time since the storm of last week.</p>\
         <p>Forty ships had waited in the roads for six days, and some of their crews had run out of fresh water.</p>{}{}\
         <p>The harbour office said that it would take until Friday before all of them had been unloaded.{}</p>{}\
         </div></article><footer><p>© 2026 Example Gazette</p></footer>",
        at("head"),
        line("byline", "byline"),
        at("opening"),
        line("body", ""),
        at("inside"),
        at("ends"),
        line("foot", ""),
    )
}

#[test]
fn every_mark_names_its_agency() {
    let url = "https://www.example-gazette.example/news/harbour-gates"
        .parse()
        .unwrap();
    let mut faults = Vec::new();
    for row in MARKS.lines().filter(|row| !row.starts_with('#')) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [place, mark, names, class] = columns[..] else {
            panic!("a row has four columns: {row}");
        };
        let found = extract(page(place, mark).as_bytes(), &url, Some("utf-8")).article;
        let mut origins: Vec<(&str, &str)> = found
            .origins
            .iter()
            .map(|origin| (origin.name.as_str(), origin.class.as_str()))
            .collect();
        origins.sort_unstable();
        let mut expected: Vec<(&str, &str)> = names
            .split(',')
            .filter(|name| *name != "-")
            .map(|name| (name, class))
            .collect();
        expected.sort_unstable();
        if origins != expected {
            faults.push(format!(
                "{place}\t{mark}\n  expected {expected:?}\n  found    {origins:?}"
            ));
        }
        if place == "opening" && names != "-" && !found.body[0].text.starts_with("The gates") {
            faults.push(format!("{place}\t{mark}\n  stays in {:?}", found.body[0].text));
        }
    }
    assert!(
        faults.is_empty(),
        "{} marks:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
