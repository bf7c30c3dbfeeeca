//! What sort of piece an article is, and whether part of it is for subscribers only.

use reveille_model::{ArticleKind, CanonicalUrl};

use crate::meta::Facts;

/// A body behind a paywall that is shorter than this is a stub, in words.
pub(crate) const STUB: usize = 180;

/// Whether the page says that its article is not free.
pub(crate) fn paywalled(facts: &Facts<'_>) -> bool {
    facts.jsonld.free == Some(false)
        || facts
            .meta(&["article:content_tier"])
            .is_some_and(|tier| tier.eq_ignore_ascii_case("locked"))
        || facts
            .meta(&["isaccessibleforfree"])
            .is_some_and(|free| free.eq_ignore_ascii_case("false"))
}

/// The kind, by what the page says of itself first and by its address next.
pub(crate) fn of(
    facts: &Facts<'_>,
    url: &CanonicalUrl,
    title: &str,
    words: usize,
    paywalled: bool,
    corrected: bool,
) -> ArticleKind {
    let kind = facts.jsonld.kind.as_str();
    let path = url.url().path().to_lowercase();
    let section = facts
        .meta(&["article:section", "section", "parsely-section"])
        .unwrap_or_default()
        .to_lowercase();
    let in_path = |words: &[&str]| path.split('/').any(|part| words.contains(&part));
    let lower = title.to_lowercase();
    if paywalled && words < STUB {
        ArticleKind::PaywallStub
    } else if kind == "LiveBlogPosting"
        || in_path(&[
            "live",
            "liveblog",
            "live-news",
            "live-blog",
            "newsblog",
            "liveticker",
            "live-updates",
        ])
    {
        ArticleKind::LiveBlog
    } else if corrected
        && (lower.starts_with("correction") || lower.starts_with("korrektur") || in_path(&["corrections"]))
    {
        ArticleKind::Correction
    } else if matches!(kind, "OpinionNewsArticle")
        || OPINION
            .iter()
            .any(|word| section.contains(word) || in_path(&[word]))
    {
        ArticleKind::Opinion
    } else if matches!(kind, "ImageGallery" | "MediaGallery")
        || words < STUB
            && in_path(&[
                "gallery",
                "galleries",
                "photos",
                "fotostrecke",
                "bilder",
                "pictures",
                "fotos",
                "slideshow",
            ])
    {
        ArticleKind::Gallery
    } else if words < STUB
        && (matches!(kind, "VideoObject")
            || facts
                .meta(&["og:type"])
                .is_some_and(|kind| kind.starts_with("video"))
            || in_path(&["video", "videos", "watch"]))
    {
        ArticleKind::Video
    } else {
        ArticleKind::News
    }
}

const OPINION: &[&str] = &[
    "opinion",
    "opinions",
    "commentary",
    "comment-is-free",
    "commentisfree",
    "editorial",
    "editorials",
    "op-ed",
    "columnists",
    "columns",
    "letters",
    "meinung",
    "kommentar",
    "kommentare",
    "opinión",
    "tribuna",
    "kolumne",
    "debat",
    "debatt",
    "opinie",
    "idees",
    "opinioni",
    "nuomones",
    "ledare",
];
