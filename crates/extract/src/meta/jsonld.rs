//! What a page's JSON-LD says of its article (schema.org/Article and its kinds).

use reveille_model::Topics;
use serde_json::{Map, Value};

/// Scripts with more commas and opening brackets hold data for programs; each mark may stand for a value in memory.
const MOST_MARKS: usize = 40_000;

/// So many people and organisations are looked at.
const MOST: usize = 100;

/// How deep objects are followed.
const MAX_DEPTH: usize = 8;

/// A person or organisation named as author, publisher or source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Party {
    /// Its name.
    pub(crate) name: String,
    /// Whether it is said to be no person.
    pub(crate) organization: bool,
}

/// What JSON-LD says of the page's article.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The schema.org type, without its address.
    pub(crate) kind: String,
    pub(crate) headline: String,
    pub(crate) authors: Vec<Party>,
    pub(crate) published: String,
    pub(crate) modified: String,
    pub(crate) publisher: String,
    pub(crate) body: String,
    pub(crate) description: String,
    pub(crate) language: String,
    pub(crate) image: String,
    pub(crate) free: Option<bool>,
    /// Other outlets named as source: the property, a name and an address, either of which may be empty.
    pub(crate) sources: Vec<(&'static str, String, String)>,
    /// The site's name by its `WebSite` object.
    pub(crate) site: String,
    /// Where it stands in the outlet.
    pub(crate) sections: Topics,
    /// What it is tagged with.
    pub(crate) keywords: Topics,
    /// An agency or credit line.
    pub(crate) credit: String,
    rank: u8,
}

/// Reads one script into `facts`. Scripts that are no JSON are skipped.
pub(crate) fn read(script: &str, page_url: &str, facts: &mut Facts) {
    let marks = memchr::memchr3_iter(b',', b'{', b'[', script.as_bytes()).count();
    if marks > MOST_MARKS {
        return;
    }
    let Some(value) = lenient(script) else { return };
    let mut ids = Vec::new();
    collect_ids(&value, 0, &mut ids);
    visit(&value, 0, page_url, &ids, facts);
}

/// JSON as content systems write it: in comments, with raw line breaks in strings, with a stray semicolon.
fn lenient(script: &str) -> Option<Value> {
    let script = script.trim().trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(script) {
        return Some(value);
    }
    let start = script.find(['{', '['])?;
    let stop = script.rfind(['}', ']'])?;
    let mut clean = String::with_capacity(script.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in script.get(start..=stop)?.chars() {
        match c {
            '\n' | '\r' | '\t' if quoted => clean.push(' '),
            c if c.is_control() && c != '\n' => {}
            c => clean.push(c),
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
    }
    serde_json::from_str(&clean).ok()
}

type Ids<'v> = Vec<(&'v str, &'v Map<String, Value>)>;

fn collect_ids<'v>(value: &'v Value, depth: usize, ids: &mut Ids<'v>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_ids(item, depth + 1, ids)),
        Value::Object(object) => {
            if let (Some(Value::String(id)), Some(_)) = (object.get("@id"), object.get("name")) {
                ids.push((id, object));
            }
            object.values().for_each(|item| collect_ids(item, depth + 1, ids));
        }
        _ => {}
    }
}

fn visit(value: &Value, depth: usize, page_url: &str, ids: &Ids<'_>, facts: &mut Facts) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|item| visit(item, depth + 1, page_url, ids, facts)),
        Value::Object(object) => {
            let rank = rank(object, page_url, depth);
            if rank > facts.rank {
                let site = std::mem::take(&mut facts.site);
                *facts = article(object, ids);
                facts.rank = rank;
                facts.site = site;
            }
            if types(object).any(|kind| kind == "WebSite") && facts.site.is_empty() {
                facts.site = text(object.get("name"));
            }
            for key in [
                "@graph",
                "mainEntity",
                "mainEntityOfPage",
                "hasPart",
                "itemListElement",
                "item",
                "liveBlogUpdate",
            ] {
                // Lists name other articles; their items only count where nothing better is found.
                if let Some(inner) = object.get(key) {
                    visit(inner, depth + 1, page_url, ids, facts);
                }
            }
        }
        _ => {}
    }
}

fn types(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let list = match object.get("@type") {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter()
        .filter_map(Value::as_str)
        .map(|kind| kind.rsplit(['/', ':']).next().unwrap_or(kind))
}

/// How likely this object is to be the page's article; 0 where it is none.
fn rank(object: &Map<String, Value>, page_url: &str, depth: usize) -> u8 {
    let kind = types(object)
        .map(|kind| match kind {
            "LiveBlogPosting" if depth < 3 => 6,
            kind if kind.ends_with("NewsArticle")
                || kind.ends_with("Article")
                || kind == "BlogPosting"
                || kind == "Report" =>
            {
                5
            }
            "LiveBlogPosting" | "SocialMediaPosting" | "Review" | "Recipe" | "HowTo"
            | "OpinionNewsArticle" => 4,
            "WebPage" | "ItemPage" | "AboutPage" | "FAQPage" | "CreativeWork" => 2,
            "ImageGallery" | "MediaGallery" => 3,
            "VideoObject" | "AudioObject" | "PodcastEpisode" => 1,
            _ => 0,
        })
        .max()
        .unwrap_or(0);
    if kind == 0 {
        return 0;
    }
    // Nearer the top counts more; an address that is the page's counts most.
    kind * 12 + if is_about(object, page_url) { 24 } else { 0 } + (MAX_DEPTH - depth.min(MAX_DEPTH)) as u8
}

/// Whether an object gives the page's address as its own.
fn is_about(object: &Map<String, Value>, page_url: &str) -> bool {
    ["url", "@id", "mainEntityOfPage"].iter().any(|key| {
        let address = match object.get(*key) {
            Some(Value::Object(inner)) => text(inner.get("@id")),
            other => text(other),
        };
        same_address(&address, page_url)
    })
}

fn same_address(a: &str, b: &str) -> bool {
    let bare = |address: &str| -> String {
        let address = address.split(['?', '#']).next().unwrap_or_default();
        let address = address.split_once("://").map_or(address, |(_, rest)| rest);
        address
            .trim_start_matches("www.")
            .trim_end_matches('/')
            .to_ascii_lowercase()
    };
    let a = bare(a);
    !a.is_empty() && a == bare(b)
}

fn article(object: &Map<String, Value>, ids: &Ids<'_>) -> Facts {
    let mut facts = Facts {
        kind: types(object).next().unwrap_or_default().to_owned(),
        headline: text(object.get("headline")),
        published: text(object.get("datePublished")),
        modified: text(object.get("dateModified")),
        // Line breaks part its paragraphs, so it is kept as it is.
        body: object
            .get("articleBody")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        description: text(object.get("description")),
        language: text(object.get("inLanguage")),
        image: address(object.get("image")),
        free: object.get("isAccessibleForFree").and_then(truth),
        credit: text(object.get("creditText")),
        sections: Topics::of(texts(object.get("articleSection"))),
        keywords: keywords(object.get("keywords")),
        authors: authors(object, ids),
        publisher: object
            .get("publisher")
            .map(|value| first_name(value, ids))
            .unwrap_or_default(),
        sources: sources(object, ids),
        ..Facts::default()
    };
    if facts.headline.is_empty() {
        facts.headline = text(object.get("name"));
    }
    facts
}

/// Who wrote it, by the property that names most of them.
fn authors(object: &Map<String, Value>, ids: &Ids<'_>) -> Vec<Party> {
    let mut authors: Vec<Party> = Vec::new();
    for key in ["author", "creator", "contributor"] {
        let mut named = Vec::new();
        if let Some(value) = object.get(key) {
            parties(value, ids, &mut named);
        }
        // Some systems give the first author only, and all of them as creators.
        let fuller = named.len() > authors.len()
            && authors
                .iter()
                .all(|known| named.iter().any(|party| party.name == known.name));
        if fuller && (key != "contributor" || authors.is_empty()) {
            authors = named;
        }
    }
    authors
}

/// Other outlets that it names as its source, as [`Facts::sources`] has them.
fn sources(object: &Map<String, Value>, ids: &Ids<'_>) -> Vec<(&'static str, String, String)> {
    let mut sources = Vec::new();
    for key in [
        "isBasedOn",
        "sourceOrganization",
        "copyrightHolder",
        "provider",
        "isPartOf",
    ] {
        let Some(value) = object.get(key) else { continue };
        let name = first_name(value, ids);
        let url = if key == "isBasedOn" {
            address(Some(value))
        } else {
            String::new()
        };
        if !url.is_empty() || !name.is_empty() {
            sources.push((
                key,
                if key == "isBasedOn" && name == url {
                    String::new()
                } else {
                    name
                },
                url,
            ));
        }
    }
    sources
}

/// The first who is named there; empty where nobody is.
fn first_name(value: &Value, ids: &Ids<'_>) -> String {
    let mut named = Vec::new();
    parties(value, ids, &mut named);
    named
        .into_iter()
        .next()
        .map(|party| party.name)
        .unwrap_or_default()
}

fn parties(value: &Value, ids: &Ids<'_>, out: &mut Vec<Party>) {
    match value {
        _ if out.len() >= MOST => return,
        Value::String(name) => out.push(Party {
            name: crate::text::folded(name),
            organization: false,
        }),
        Value::Array(items) => items.iter().for_each(|item| parties(item, ids, out)),
        Value::Object(object) => {
            let named = match (object.get("name"), object.get("@id")) {
                (None, Some(Value::String(id))) => ids
                    .iter()
                    .find(|(known, _)| known == id)
                    .map_or(object, |(_, object)| object),
                _ => object,
            };
            let organization = types(named).any(|kind| kind.ends_with("Organization"));
            match named.get("name") {
                Some(Value::Array(names)) => {
                    for name in names.iter().take(MOST) {
                        out.push(Party {
                            name: text(Some(name)),
                            organization,
                        });
                    }
                }
                name => out.push(Party {
                    name: text(name),
                    organization,
                }),
            }
        }
        _ => {}
    }
    out.retain(|party| !party.name.is_empty());
}

/// A string value, its HTML references decoded, white space folded; the first of a list, the value of a typed one.
fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => {
            let mut out = String::with_capacity(text.len());
            crate::text::append_folded(text, &mut out, 0);
            crate::text::trim_end(&mut out, 0);
            out
        }
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Array(items)) => text(items.first()),
        Some(Value::Object(object)) => text(object.get("@value").or_else(|| object.get("name"))),
        _ => String::new(),
    }
}

/// As [`text`], of every value of a list.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().map(|item| text(Some(item))).collect(),
        one => vec![text(one)],
    }
}

/// A string has several, parted by commas (schema.org/keywords).
fn keywords(value: Option<&Value>) -> Topics {
    match value {
        Some(Value::String(_)) => Topics::of(text(value).split(',')),
        listed => Topics::of(texts(listed)),
    }
}

fn address(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Array(items)) => address(items.first()),
        Some(Value::Object(object)) => {
            let inner = ["url", "contentUrl", "@id"]
                .iter()
                .find_map(|key| object.get(*key));
            if matches!(inner, Some(Value::String(_))) {
                address(inner)
            } else {
                String::new()
            }
        }
        _ => String::new(),
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.to_ascii_lowercase().ends_with("true") => Some(true),
        Value::String(text) if text.to_ascii_lowercase().ends_with("false") => Some(false),
        _ => None,
    }
}
