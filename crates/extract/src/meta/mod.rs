//! What a page says of itself outside its text: `meta` and `link` elements, JSON-LD, microdata.

pub(crate) mod authors;
pub(crate) mod dates;
pub(crate) mod jsonld;
pub(crate) mod place;
pub(crate) mod title;

use std::borrow::Cow;

use reveille_model::{CanonicalUrl, Image, Language, Topics};

use crate::{
    origin::agencies,
    parse::{Document, Tag},
    survey::Survey,
    text,
};

/// So much JSON-LD of a page is read; longer scripts hold data for programs, not facts about an article, in bytes.
const MAX_JSONLD: usize = 1 << 20;

/// The facts, read once; each part of the article asks for what it needs.
#[derive(Debug, Default)]
pub(crate) struct Facts<'p> {
    /// Names and values of `meta` elements, names in lower case.
    metas: Vec<(String, Cow<'p, str>)>,
    /// `<link rel=canonical>`.
    pub(crate) canonical: Option<Cow<'p, str>>,
    /// The `title` element.
    pub(crate) title: String,
    /// JSON-LD.
    pub(crate) jsonld: jsonld::Facts,
    html_language: Option<Cow<'p, str>>,
}

impl<'p> Facts<'p> {
    /// Reads a page's facts.
    pub(crate) fn read(page: &Document<'p>, survey: &Survey, url: &CanonicalUrl) -> Self {
        let mut facts = Self {
            html_language: page.attribute(0, "lang"),
            ..Self::default()
        };
        for at in &survey.metas {
            facts.read_meta(page, *at as usize);
        }
        for at in &survey.links {
            let rel = page.attribute(*at as usize, "rel").unwrap_or_default();
            if rel.eq_ignore_ascii_case("canonical") && facts.canonical.is_none() {
                facts.canonical = page.attribute(*at as usize, "href");
            }
        }
        facts.title = survey
            .titles
            .first()
            .map(|at| page.text(*at as usize))
            .unwrap_or_default();
        let mut left = MAX_JSONLD;
        for at in &survey.jsonld {
            if let Some(inside) = page
                .children(*at as usize)
                .find(|inside| page.node(*inside).tag == Tag::Raw)
            {
                let script = page.raw_text(inside);
                if script.len() <= left {
                    left -= script.len();
                    jsonld::read(script, url.as_str(), &mut facts.jsonld);
                }
            }
        }
        facts
    }

    fn read_meta(&mut self, page: &Document<'p>, at: usize) {
        let (mut content, mut names) = (None, [None, None, None]);
        for attribute in page.attributes(at) {
            if attribute.is("content") {
                content = Some(attribute.value());
            } else if attribute.is("name") {
                names[0] = Some(attribute.raw());
            } else if attribute.is("property") {
                names[1] = Some(attribute.raw());
            } else if attribute.is("itemprop") {
                names[2] = Some(attribute.raw());
            }
        }
        let Some(content) = content.filter(|content| !content.trim().is_empty()) else {
            return;
        };
        for name in names.into_iter().flatten() {
            self.metas
                .push((name.trim().to_ascii_lowercase(), content.clone()));
        }
    }

    /// The first `meta` value by the first of these names that there is.
    pub(crate) fn meta(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            self.metas
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.trim())
        })
    }

    /// All `meta` values by this name.
    pub(crate) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> + use<'s, 'p> {
        self.metas
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.trim())
    }

    /// The page's own summary of the article.
    pub(crate) fn description(&self) -> &str {
        self.meta(&[
            "og:description",
            "description",
            "twitter:description",
            "dc.description",
        ])
        .unwrap_or(&self.jsonld.description)
    }

    /// What the site calls itself.
    pub(crate) fn site_name(&self) -> Option<String> {
        [
            self.own_publisher(),
            self.named_site().unwrap_or_default(),
            &self.jsonld.site,
        ]
        .into_iter()
        .map(text::folded)
        .find(|name| !name.is_empty() && name.len() < 80 && !name.contains("://"))
    }

    fn named_site(&self) -> Option<&str> {
        self.meta(&[
            "og:site_name",
            "application-name",
            "apple-mobile-web-app-title",
            "twitter:app:name:iphone",
        ])
    }

    /// The publisher by JSON-LD, where that is the site: some name the agency whose article they carry.
    pub(crate) fn own_publisher(&self) -> &str {
        let publisher = self.jsonld.publisher.as_str();
        let agency = |name: &str| agencies::by_name(name).map(|agency| agency.name);
        let carried = agency(publisher).is_some()
            && self
                .named_site()
                .is_some_and(|site| agency(site) != agency(publisher));
        if carried { "" } else { publisher }
    }

    /// The language that the page declares.
    pub(crate) fn declared_language(&self) -> Option<Language> {
        [
            Some(self.jsonld.language.as_str()),
            self.html_language.as_deref(),
            self.meta(&[
                "og:locale",
                "content-language",
                "language",
                "dc.language",
                "inlanguage",
            ]),
        ]
        .into_iter()
        .flatten()
        .find_map(|tag| tag.parse().ok())
    }

    /// What the page files its article under: sections, then tags (ogp.me, article) and keywords.
    pub(crate) fn topics(&self) -> Topics {
        let sections = Topics::of(self.all("article:section")).and(&self.jsonld.sections);
        sections.and(&self.tags()).and(&self.jsonld.keywords)
    }

    /// Each has an element of its own, in which a comma belongs to it ("Paris, Texas"). Pages that have one element for all of
    /// them part them by commas there.
    fn tags(&self) -> Topics {
        let elements: Vec<&str> = self.all("article:tag").collect();
        match elements.as_slice() {
            [list] => Topics::of(list.split(',')),
            several => Topics::of(several),
        }
    }

    /// The picture that stands for the article.
    pub(crate) fn image(&self, url: &CanonicalUrl) -> Option<Image> {
        let address = self.meta(&[
            "og:image",
            "og:image:url",
            "og:image:secure_url",
            "twitter:image",
            "twitter:image:src",
        ]);
        address
            .or(Some(self.jsonld.image.as_str()).filter(|image| !image.is_empty()))
            .and_then(|address| url.join(address).ok())
            .map(|url| Image { url })
    }

    /// The address that the page itself gives for its article.
    pub(crate) fn canonical_url(&self, url: &CanonicalUrl) -> Option<CanonicalUrl> {
        let linked = self
            .canonical
            .as_deref()
            .map(str::trim)
            .filter(|address| !address.is_empty());
        linked
            .or_else(|| self.meta(&["og:url"]))
            .and_then(|address| url.join(address).ok())
    }
}
