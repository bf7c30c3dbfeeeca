//! What sort of piece an article is, and whether part of it is for subscribers only.

use reveille_model::{ArticleKind, Block, BlockKind, CanonicalUrl};

use crate::{meta::Facts, text};

/// A body behind a paywall, beside a film or under a gallery that is shorter than this is little more than a stub, in
/// words.
const STUB: usize = 180;

/// So many captions under so little text are a gallery.
const PICTURES: usize = 5;

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

/// How a kind is named: as part of an address, and before the colon of a headline, in lower case.
struct Names {
    in_address: &'static str,
    in_title: &'static str,
}

const LIVE: Names = Names {
    in_address: "live liveblog live-news live-blog newsblog liveticker live-updates",
    in_title: "live|live blog|liveblog|liveticker|newsblog|live updates|en direct|en vivo|en directo|diretta|ao vivo|direkt",
};
const CORRECTION: Names = Names {
    in_address: "corrections corrections-and-clarifications",
    in_title: "correction|corrections|corrections and clarifications|korrektur|berichtigung|rectificatif|erratum|\
        fe de errores|rectificación|errata corrige|errata|rectificatie|rättelse|rettelse",
};
const OPINION: Names = Names {
    in_address: "opinion opinions commentary comment-is-free commentisfree editorial editorials op-ed columnists columns \
        letters meinung kommentar kommentare opinión tribuna kolumne debat debatt opinie idees opinioni nuomones ledare",
    in_title: "opinion|editorial|comment|commentary|op-ed|letter|letters|kommentar|meinung|leserbrief|tribune|opinión|\
        opinione|opinie|leder|ledare|debatt",
};
const ANALYSIS: Names = Names {
    in_address: "analysis analyses analyse analysen análisis analisi",
    in_title: "analysis|analyse|análisis|analisi|news analysis|die analyse",
};
const SPONSORED: Names = Names {
    in_address: "sponsored sponsored-content sponsored-post advertorial advertorials paid-content paid-post paidpost \
        partner-content branded-content brand-content brandstudio publireportage publirreportaje anzeige anzeigen \
        sponsored-by",
    in_title: "sponsored|sponsored content|sponsored post|advertorial|advertisement|paid content|paid post|paid for|\
        partner content|branded content|brand content|anzeige|werbung|contenu sponsorisé|publireportage|publi-reportage|\
        publicité|contenido patrocinado|publirreportaje|publicidad|contenuto sponsorizzato|pubblicità",
};
/// How a line opens that says who paid for what it stands above or below, in lower case.
const PAID_BY: [&str; 9] = [
    "paid content",
    "sponsored content",
    "sponsored by",
    "paid for by",
    "this content was paid for",
    "advertorial",
    "contenu proposé par",
    "contenido ofrecido por",
    "eine anzeige von",
];
/// A line of more words tells something.
const PAID_BY_WORDS: usize = 12;
const GALLERY: Names = Names {
    in_address: "gallery galleries photos fotostrecke bilder pictures fotos slideshow diaporama",
    in_title: "in pictures|photos|pictures|gallery|fotostrecke|bildergalerie|en images|fotos|fotogalería|fotogalleria",
};
const VIDEO: Names = Names {
    in_address: "video videos watch",
    in_title: "video|watch|vidéo|vídeo",
};

impl Names {
    /// Whether the kind is so named by a folder of an address or by what opens a headline.
    fn name(&self, folders: &[&str], opening: &str) -> bool {
        let mut in_address = self.in_address.split_ascii_whitespace();
        let mut in_title = self.in_title.split('|');
        in_address.any(|name| folders.contains(&name)) || in_title.any(|name| name == opening)
    }
}

/// The kind, by what the page says of itself first, and by its address and headline next.
pub(crate) fn of(
    facts: &Facts<'_>,
    url: &CanonicalUrl,
    title: &str,
    body: &[Block],
    paywalled: bool,
) -> ArticleKind {
    let stated = facts.jsonld.kind.as_str();
    let path = url.url().path().to_lowercase();
    let folders: Vec<&str> = path.split('/').collect();
    let opening = title.split([':', '|']).next().unwrap_or_default();
    let opening = opening.trim().to_lowercase();
    let named = |names: &Names| names.name(&folders, &opening);
    let section = facts
        .meta(&["article:section", "section", "parsely-section"])
        .unwrap_or_default()
        .to_lowercase();
    let in_section = |names: &Names| {
        let mut names = names.in_address.split_ascii_whitespace();
        names.any(|name| section.contains(name))
    };
    let texts = body.iter().filter(|block| block.kind != BlockKind::Caption);
    let short = || text::words_up_to(texts.clone().map(|block| block.text.as_str()), STUB) < STUB;
    let pictures = body.len() - texts.clone().count();
    let is_video = || {
        facts
            .meta(&["og:type"])
            .is_some_and(|kind| kind.starts_with("video"))
    };
    if stated == "AdvertiserContentArticle"
        || in_section(&SPONSORED)
        || named(&SPONSORED)
        || says_who_paid(body)
    {
        ArticleKind::Sponsored
    } else if paywalled && short() {
        ArticleKind::PaywallStub
    } else if stated == "LiveBlogPosting" || named(&LIVE) {
        ArticleKind::LiveBlog
    } else if named(&CORRECTION) {
        ArticleKind::Correction
    } else if stated == "OpinionNewsArticle" || in_section(&OPINION) || named(&OPINION) {
        ArticleKind::Opinion
    } else if stated == "AnalysisNewsArticle" || in_section(&ANALYSIS) || named(&ANALYSIS) {
        ArticleKind::Analysis
    } else if matches!(stated, "ImageGallery" | "MediaGallery")
        || (pictures >= PICTURES || named(&GALLERY)) && short()
    {
        ArticleKind::Gallery
    } else if (stated == "VideoObject" || is_video() || named(&VIDEO)) && short() {
        ArticleKind::Video
    } else {
        ArticleKind::News
    }
}

/// Whether the first or the last line says that somebody paid for the rest.
fn says_who_paid(body: &[Block]) -> bool {
    let ends = body.first().into_iter().chain(body.last());
    let mut lines = ends.map(|block| block.text.trim().to_lowercase());
    lines.any(|line| {
        PAID_BY.iter().any(|opening| line.starts_with(opening))
            && line.split_whitespace().count() <= PAID_BY_WORDS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kind of a page with a headline, an address, something in its head and so many sentences and captions.
    fn kind(title: &str, path: &str, head: &str, sentences: usize, captions: usize) -> ArticleKind {
        let text = "<p>The gates of the outer harbour opened on Monday, and forty ships came in before it was dark.</p>";
        let picture = |at| {
            format!("<figure><img src=/{at}.jpg><figcaption>Ship number {at} comes in.</figcaption></figure>")
        };
        let pictures: String = (0..captions).map(picture).collect();
        let page = format!(
            "<title>{title}</title>{head}<article><h1>{title}</h1>{}{pictures}</article>",
            (0..sentences)
                .map(|at| text.replace("forty", &at.to_string()))
                .collect::<String>()
        );
        let url = format!("https://gazette.example{path}").parse().unwrap();
        crate::extract(page.as_bytes(), &url, Some("utf-8")).article.kind
    }

    #[test]
    fn each_kind_is_known_by_its_address_its_headline_or_what_the_page_states() {
        let ld = |kind: &str| {
            format!(
                "<script type=\"application/ld+json\">{{\"@type\":\"{kind}\",\"headline\":\"Gates\"}}</script>"
            )
        };
        let locked = "<meta name=\"article:content_tier\" content=\"locked\">";
        for (title, path, head, sentences, captions, expected) in [
            ("Gates open", "/harbour/gates", "", 12, 0, ArticleKind::News),
            ("Gates open", "/live/gates", "", 12, 0, ArticleKind::LiveBlog),
            (
                "Liveticker: Gates open",
                "/gates",
                "",
                12,
                0,
                ArticleKind::LiveBlog,
            ),
            (
                "Gates open",
                "/gates",
                &ld("LiveBlogPosting"),
                12,
                0,
                ArticleKind::LiveBlog,
            ),
            (
                "Correction: Gates story",
                "/gates",
                "",
                2,
                0,
                ArticleKind::Correction,
            ),
            (
                "Correction officers walk out",
                "/gates",
                "",
                12,
                0,
                ArticleKind::News,
            ),
            (
                "Kommentar: Macht auf das Tor",
                "/tor",
                "",
                12,
                0,
                ArticleKind::Opinion,
            ),
            (
                "Open the gates",
                "/opinion/gates",
                "",
                12,
                0,
                ArticleKind::Opinion,
            ),
            (
                "Open the gates",
                "/gates",
                &ld("OpinionNewsArticle"),
                12,
                0,
                ArticleKind::Opinion,
            ),
            (
                "Open the gates",
                "/g",
                "<meta property=\"article:section\" content=\"Opinion\">",
                12,
                0,
                ArticleKind::Opinion,
            ),
            ("Analysis: Gates open", "/gates", "", 12, 0, ArticleKind::Analysis),
            (
                "Sponsored: Gates open",
                "/gates",
                "",
                12,
                0,
                ArticleKind::Sponsored,
            ),
            (
                "Gates open",
                "/advertorial/gates",
                "",
                12,
                0,
                ArticleKind::Sponsored,
            ),
            (
                "Gates open",
                "/gates",
                "<meta property=\"article:section\" content=\"Sponsored\">",
                12,
                0,
                ArticleKind::Sponsored,
            ),
            ("Gates open", "/gates", "", 2, 6, ArticleKind::Gallery),
            ("Gates open", "/gates", "", 12, 6, ArticleKind::News),
            (
                "In pictures: Gates open",
                "/gates",
                "",
                2,
                1,
                ArticleKind::Gallery,
            ),
            ("Gates open", "/video/gates", "", 2, 0, ArticleKind::Video),
            (
                "Gates open",
                "/gates",
                "<meta property=\"og:type\" content=\"video.other\">",
                2,
                0,
                ArticleKind::Video,
            ),
            (
                "Gates open",
                "/gates",
                "<meta property=\"og:type\" content=\"video.other\">",
                12,
                0,
                ArticleKind::News,
            ),
            ("Gates open", "/gates", locked, 2, 0, ArticleKind::PaywallStub),
            ("Gates open", "/gates", locked, 12, 0, ArticleKind::News),
        ] {
            assert_eq!(
                kind(title, path, head, sentences, captions),
                expected,
                "{title} {path} {head}"
            );
        }
    }
}
