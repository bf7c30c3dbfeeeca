//! The built-in sample morning: invented outlets, their pages and feeds, and how each looks at a given instant.
//!
//! Everything is read from the files of the folder `sample/`, embedded in the binary. What an outlet answers is a
//! function of host, path and time alone, so a demo that is killed and started again meets the same morning. This
//! module knows nothing of HTTP beyond status and content type; `web` puts it on the wire.

#[cfg(test)]
mod gold;
mod markup;
mod plan;
mod template;

use std::collections::BTreeMap;

use reveille_model::{Brief, UnixMillis};
use serde::de::DeserializeOwned;

use plan::{Facts, Plan, dates};
pub(crate) use plan::{Reader, SUFFIX, Source};
use template::{TemplateError, Value};

#[derive(rust_embed::Embed)]
#[folder = "sample/"]
struct Files;

/// Why the sample cannot be used. It is part of the binary, so each of these is a fault of the build.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SampleError {
    /// A file that the sample needs is not embedded.
    #[error("the sample holds no file `{0}`")]
    File(String),
    /// A file that should be text and is not UTF-8.
    #[error("sample file `{0}` is no text")]
    Text(String, #[source] std::str::Utf8Error),
    /// A file whose TOML is wrong.
    #[error("sample file `{0}` is not as expected")]
    Toml(String, #[source] Box<toml::de::Error>),
    /// A template or a part that cannot be filled in.
    #[error("sample file `{0}` cannot be filled in")]
    Template(String, #[source] TemplateError),
}

/// The sample morning.
#[derive(Debug)]
pub(crate) struct Morning {
    plan: Plan,
    front: String,
    outlets: BTreeMap<String, Outlet>,
}

/// One outlet: its templates and the versions of its pages, by path.
#[derive(Debug)]
struct Outlet {
    source: Source,
    feed: String,
    pages: BTreeMap<String, Vec<Version>>,
}

/// How a page is from one instant on.
#[derive(Debug)]
struct Version {
    from: UnixMillis,
    facts: Facts,
    /// The page's text as HTML, for feeds that carry whole texts.
    body: String,
    document: Vec<u8>,
}

/// What an outlet answers. In the body `@{name}` stands for the origin of the outlet `name`, since only the
/// request tells on which port the morning is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The content type, with a charset only where the outlet is so kind.
    pub(crate) content_type: String,
    /// The body, with `@{name}` marks.
    pub(crate) body: Vec<u8>,
    /// When this last became different.
    pub(crate) modified: UnixMillis,
}

impl Morning {
    /// Reads the embedded files and fills in every page once.
    ///
    /// # Errors
    /// Where a file is missing or wrong; the tests of this module see to it that none is.
    pub(crate) fn load() -> Result<Self, SampleError> {
        let mut plan: Plan = parse_toml("morning.toml", &file("morning.toml")?)?;
        plan.countries = file("countries.txt")?;
        let outlets = plan
            .sources
            .iter()
            .map(|source| Ok((source.key().to_owned(), Outlet::load(source, &plan)?)))
            .collect::<Result<_, SampleError>>()?;
        Ok(Self {
            front: file("front.html")?,
            plan,
            outlets,
        })
    }

    /// The sources, in the order in which an editor would add them.
    pub(crate) fn sources(&self) -> &[Source] {
        &self.plan.sources
    }

    /// The brief to create.
    pub(crate) fn brief(&self) -> &Brief {
        &self.plan.brief
    }

    /// Its readers.
    pub(crate) fn readers(&self) -> &[Reader] {
        &self.plan.readers
    }

    /// What the outlet at `host` answers to a request for `path` at `now`; none where there is no such outlet.
    pub(crate) fn answer(&self, host: &str, path: &str, now: UnixMillis) -> Option<Answer> {
        let outlet = self.outlets.get(host.strip_suffix(SUFFIX)?)?;
        Some(match path {
            "/" => outlet.front(&self.front, now),
            "/robots.txt" => Answer::text(200, "User-agent: *\nDisallow: /search\nDisallow: /account\n"),
            path if path == outlet.source.feed => outlet.feed(now),
            path => outlet.page(path, now),
        })
    }
}

impl Answer {
    fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            content_type: "text/plain; charset=utf-8".to_owned(),
            body: text.as_bytes().to_vec(),
            modified: UnixMillis(0),
        }
    }

    fn html(status: u16, html: String, modified: UnixMillis) -> Self {
        Self {
            status,
            content_type: "text/html; charset=utf-8".to_owned(),
            body: html.into_bytes(),
            modified,
        }
    }
}

impl Outlet {
    fn load(source: &Source, plan: &Plan) -> Result<Self, SampleError> {
        let folder = format!("outlets/{}", source.key());
        let template = file(&format!("{folder}/page.html"))?;
        let articles = format!("{folder}/articles/");
        let mut pages: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        for name in Files::iter().filter(|name| name.starts_with(&articles)) {
            let version = Version::load(&name, source, plan, &template)?;
            let versions = pages.entry(version.facts.path.clone()).or_default();
            versions.push(version);
            versions.sort_by_key(|version| version.from);
        }
        let feed = file(&format!("{folder}/feed.txt"))?;
        let outlet = Self {
            source: source.clone(),
            feed,
            pages,
        };
        // A template that fails must fail here and not in the middle of a morning.
        outlet
            .filled(&outlet.feed, UnixMillis(i64::MAX))
            .map_err(|error| SampleError::Template(format!("{folder}/feed.txt"), error))?;
        Ok(outlet)
    }

    /// The versions in force at `now`, newest first.
    fn current(&self, now: UnixMillis) -> Vec<&Version> {
        let mut current: Vec<&Version> = self
            .pages
            .values()
            .filter_map(|versions| versions.iter().rfind(|version| version.from <= now))
            .collect();
        current.sort_by(|a, b| (b.facts.published, &b.facts.path).cmp(&(a.facts.published, &a.facts.path)));
        current
    }

    /// Fills in a template that lists entries, with the newest change among them.
    fn filled(&self, template: &str, now: UnixMillis) -> Result<(String, UnixMillis), TemplateError> {
        let current = self.current(now);
        let newest = current.iter().map(|version| version.from).max();
        let changed = newest.unwrap_or(UnixMillis(0));
        let mut page = self.source.scope();
        page.extend(dates("changed", changed));
        let last = current.len().saturating_sub(1);
        let entries = current.iter().enumerate().map(|(n, version)| {
            let mut entry = version.facts.scope();
            entry.insert("body".to_owned(), Value::Text(version.body.clone()));
            let comma = if n < last { "," } else { "" };
            entry.insert("comma".to_owned(), Value::Text(comma.to_owned()));
            entry
        });
        page.insert("entries".to_owned(), Value::List(entries.collect()));
        Ok((template::render(template, &[&page])?, changed))
    }

    fn front(&self, template: &str, now: UnixMillis) -> Answer {
        match self.filled(template, now) {
            Ok((html, changed)) => Answer::html(200, html, changed),
            Err(error) => Answer::text(500, &error.to_string()),
        }
    }

    fn feed(&self, now: UnixMillis) -> Answer {
        if let Some(repaired) = self.source.broken_until
            && now < repaired
        {
            return Answer::html(200, self.source.broken_page.clone(), UnixMillis(0));
        }
        match self.filled(&self.feed, now) {
            Ok((feed, changed)) => Answer {
                status: 200,
                content_type: self.source.feed_type.clone(),
                body: feed.into_bytes(),
                modified: changed,
            },
            Err(error) => Answer::text(500, &error.to_string()),
        }
    }

    fn page(&self, path: &str, now: UnixMillis) -> Answer {
        let versions = self.pages.get(path).map(Vec::as_slice).unwrap_or_default();
        let Some(version) = versions.iter().rfind(|version| version.from <= now) else {
            let text = "<!doctype html><title>Not found</title><h1>Page not found</h1><p><a href=\"/\">Front page</a>";
            return Answer::html(404, text.to_owned(), UnixMillis(0));
        };
        if version.facts.fails_until.is_some_and(|until| now < until) {
            let text =
                "<!doctype html><title>500</title><h1>Internal Server Error</h1><p>Please try again later.";
            return Answer::html(500, text.to_owned(), UnixMillis(0));
        }
        Answer {
            status: 200,
            content_type: self.source.page_type.clone(),
            body: version.document.clone(),
            modified: version.from,
        }
    }
}

impl Version {
    fn load(name: &str, source: &Source, plan: &Plan, template: &str) -> Result<Self, SampleError> {
        let text = file(name)?;
        let (head, text) = text.split_once("\n+++\n").unwrap_or((text.as_str(), ""));
        let facts: Facts = parse_toml(name, head)?;
        let wrong = |error| SampleError::Template(name.to_owned(), error);
        let mut page = source.scope();
        page.extend(facts.scope());
        page.insert("countries".to_owned(), Value::List(plan.countries()));
        let parts = |part: &str| {
            file(&format!("outlets/{}/parts/{part}.html", source.key()))
                .or_else(|_| file(&format!("parts/{part}.html")))
                .ok()
        };
        let body = markup::body(text, &parts, &page).map_err(wrong)?;
        let document = match &facts.raw {
            Some(raw) => bytes(&format!("outlets/{}/{raw}", source.key()))?,
            None => {
                page.insert("body".to_owned(), Value::Text(body.clone()));
                template::render(template, &[&page]).map_err(wrong)?.into_bytes()
            }
        };
        Ok(Self {
            from: facts.updated.unwrap_or(facts.published),
            facts,
            body,
            document,
        })
    }
}

fn bytes(name: &str) -> Result<Vec<u8>, SampleError> {
    let file = Files::get(name).ok_or_else(|| SampleError::File(name.to_owned()))?;
    Ok(file.data.into_owned())
}

fn file(name: &str) -> Result<String, SampleError> {
    String::from_utf8(bytes(name)?).map_err(|error| SampleError::Text(name.to_owned(), error.utf8_error()))
}

fn parse_toml<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, SampleError> {
    toml::from_str(text).map_err(|error| SampleError::Toml(name.to_owned(), Box::new(error)))
}
