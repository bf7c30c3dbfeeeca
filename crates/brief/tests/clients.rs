//! What the mail is made of, compared with what the large mail clients show (caniemail.com).

mod morning;

use std::collections::{BTreeMap, BTreeSet};

use morning::{edition, html_mail, links};

/// What some clients drop, and what is lost there: never a word, nor where it belongs.
const LOSABLE: &[(&str, &str)] = &[
    (
        "css-at-media",
        "wide margins stay on small screens, and colours stay light",
    ),
    (
        "css-at-media-prefers-color-scheme",
        "the mail stays light, or the client darkens it its own way",
    ),
    ("css-color-scheme", "the same"),
    ("css-important", "the same"),
    ("css-max-height", "`display:none` hides the preheader already"),
    ("css-overflow", "the same"),
    (
        "css-white-space",
        "a section's name and numbers may stand on two lines",
    ),
    ("html-body", "the table on it has the colour of the paper too"),
    (
        "html-dir",
        "sentences keep the direction of their letters, and `align` their side",
    ),
    ("html-lang", "screen readers guess the language"),
    ("html-role", "screen readers tell of tables"),
    (
        "html-style",
        "nothing but small screens and dark colours depends on it",
    ),
];

/// What caniemail.com did not test.
const UNTESTED: &[(&str, &str)] = &[
    (
        "css--webkit-text-size-adjust",
        "Apple's own: keeps its small devices from enlarging the text",
    ),
    ("css-color", "there since the first clients with styles"),
    (
        "css-font-variant-numeric",
        "where it is dropped, numbers of two digits stand less straight",
    ),
    ("css-mso-hide", "Outlook's own: hides the preheader there"),
    (
        "css-supported-color-schemes",
        "Apple's old name of `color-scheme`",
    ),
    ("html-a", "there since the first clients with links"),
    ("html-border", "there since the first clients with tables"),
];

/// The clients without a feature, by feature.
fn dropped() -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = include_str!("clients/features.txt").lines();
    let told = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    told.map(|line| {
        let mut words = line.split(' ');
        (words.next().unwrap_or_default(), words.collect())
    })
    .collect()
}

/// The features that a mail uses, in the words of caniemail.com.
fn used(html: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for tag in html
        .split('<')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('>')?.0))
    {
        if tag.starts_with(['/', '!']) {
            continue;
        }
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        used.insert(element(name));
        while let Some((attribute, after)) = rest.split_once("=\"") {
            let (value, after) = after.split_once('"').unwrap_or((after, ""));
            match attribute.trim() {
                "style" => used.extend(value.split(';').filter_map(property)),
                "class" | "href" | "title" | "name" | "content" | "charset" => {}
                attribute => {
                    used.insert(format!("html-{attribute}"));
                }
            }
            rest = after;
        }
    }
    let style = html
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"));
    for rule in style.map_or("", |(style, _)| style).split(['{', '}']) {
        used.extend(rule.split(';').filter_map(property));
        for (sign, feature) in [
            ("@media", "css-at-media"),
            ("prefers-color-scheme", "css-at-media-prefers-color-scheme"),
            ("!important", "css-important"),
        ] {
            if rule.contains(sign) {
                used.insert(feature.to_owned());
            }
        }
    }
    used
}

fn element(name: &str) -> String {
    match name {
        "h1" | "h2" | "h3" => "html-h1-h6".to_owned(),
        // Tables are tested as a whole, and a page without its own parts is none.
        "tr" | "td" => "html-table".to_owned(),
        "b" => "html-strong".to_owned(),
        "html" | "head" | "meta" | "title" => "html-body".to_owned(),
        name => format!("html-{name}"),
    }
}

/// The feature of a declaration such as `margin:0`.
fn property(declaration: &str) -> Option<String> {
    let (name, value) = declaration.split_once(':')?;
    let name = name.trim();
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    // Parts of one property are tested with it.
    let whole = ["margin", "padding", "border"]
        .into_iter()
        .find(|whole| name.starts_with(whole));
    (is_name && !name.is_empty()).then(|| match (whole, value.trim()) {
        (Some(whole), _) => format!("css-{whole}"),
        (None, "none") if name == "display" => "css-display-none".to_owned(),
        (None, _) => format!("css-{name}"),
    })
}

#[test]
fn large_clients_show_what_the_mail_is_made_of() {
    let (dropped, used) = (dropped(), used(&html_mail(&edition(), &links())));
    let untested = used
        .iter()
        .filter(|feature| !dropped.contains_key(feature.as_str()));
    let untested: Vec<&str> = untested.map(String::as_str).collect();
    let named = |list: &[(&'static str, &str)]| list.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    assert_eq!(untested, named(UNTESTED));
    let lost = used.iter().filter(|feature| {
        dropped
            .get(feature.as_str())
            .is_some_and(|clients| !clients.is_empty())
    });
    let lost: Vec<&str> = lost.map(String::as_str).collect();
    assert_eq!(lost, named(LOSABLE));
}
