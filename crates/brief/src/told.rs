//! What an entry takes from its article alone: headline, summary, correction notices, marks.

use reveille_model::{Article, ArticleKind, Block, Extract, Language};

use crate::{Candidate, Summary, summarize, words::Words};

/// The words of an article that an entry prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) headline: String,
    /// Empty where no sentence can stand for the article.
    pub(crate) summary: String,
    /// Where the summary is from.
    pub(crate) extract: Option<Extract>,
    pub(crate) corrections: Vec<String>,
    pub(crate) marks: Vec<Mark>,
}

/// What a reader should know of a piece before the click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Opinion,
    Analysis,
    Sponsored,
    Live,
    Video,
    Gallery,
    Correction,
    SubscribersOnly,
}

impl Mark {
    /// What outlets write before a headline to say the same, in small letters.
    const fn labels(self) -> &'static [&'static str] {
        match self {
            Self::Opinion => &[
                "opinion",
                "comment",
                "commentary",
                "kommentar",
                "meinung",
                "opinión",
                "tribune",
            ],
            Self::Analysis => &["analysis", "analyse", "análisis"],
            Self::Live => &["live", "live updates", "liveblog", "en direct"],
            Self::Video => &["video", "vidéo", "vídeo"],
            Self::Sponsored | Self::Gallery | Self::Correction | Self::SubscribersOnly => &[],
        }
    }

    /// As an edition prints it.
    pub(crate) fn printed(self, words: &Words) -> String {
        let marks = &words.marks;
        let text = match self {
            Self::Opinion => &marks.opinion,
            Self::Analysis => &marks.analysis,
            Self::Sponsored => &marks.sponsored,
            Self::Live => &marks.live,
            Self::Video => &marks.video,
            Self::Gallery => &marks.gallery,
            Self::Correction => &marks.correction,
            Self::SubscribersOnly => &marks.subscribers_only,
        };
        text.clone()
    }
}

impl Told {
    /// What a candidate's article gives.
    pub(crate) fn by_candidate(candidate: &Candidate) -> Self {
        Self::of(&Piece {
            headline: &candidate.headline,
            body: &candidate.body,
            place: candidate.place.as_deref(),
            language: candidate.language.as_ref(),
            corrections: &candidate.corrections,
            kind: candidate.kind,
            paywalled: candidate.paywalled,
        })
    }

    /// The same of an article; `None` where it has no headline, and so nothing to print.
    pub(crate) fn by_article(article: &Article) -> Option<Self> {
        let told = Self::of(&Piece {
            headline: &article.title,
            body: &article.body,
            place: article.dateline.as_ref().map(|dateline| &*dateline.place),
            language: article.language.as_ref(),
            corrections: &article.corrections,
            kind: article.kind,
            paywalled: article.paywalled,
        });
        (!told.headline.is_empty()).then_some(told)
    }

    fn of(piece: &Piece<'_>) -> Self {
        let marks = piece.marks();
        let headline = without_label(&tidy(piece.headline), &marks).to_owned();
        let found = summarize(piece.headline, piece.body, piece.place, piece.language);
        let summary = found.as_ref().map_or(String::new(), Summary::printed);
        Self {
            headline,
            summary,
            extract: found.map(|found| found.extract),
            corrections: piece.corrections.iter().map(|notice| tidy(notice)).collect(),
            marks,
        }
    }
}

/// A headline without a label that says what a mark beside it does: "Opinion: The quay is lost".
fn without_label<'a>(headline: &'a str, marks: &[Mark]) -> &'a str {
    let parts = [": ", " | ", " – "]
        .iter()
        .find_map(|mark| headline.split_once(mark));
    let Some((label, rest)) = parts else {
        return headline;
    };
    let label = label.trim().to_lowercase();
    let is_said = marks.iter().any(|mark| mark.labels().contains(&&*label));
    match is_said && !rest.trim().is_empty() {
        true => rest.trim(),
        false => headline,
    }
}

/// What of an article goes into [`Told`].
struct Piece<'a> {
    headline: &'a str,
    body: &'a [Block],
    place: Option<&'a str>,
    language: Option<&'a Language>,
    corrections: &'a [String],
    kind: ArticleKind,
    paywalled: bool,
}

impl Piece<'_> {
    fn marks(&self) -> Vec<Mark> {
        let kind = match self.kind {
            ArticleKind::Opinion => Some(Mark::Opinion),
            ArticleKind::Analysis => Some(Mark::Analysis),
            ArticleKind::Sponsored => Some(Mark::Sponsored),
            ArticleKind::LiveBlog => Some(Mark::Live),
            ArticleKind::Video => Some(Mark::Video),
            ArticleKind::Gallery => Some(Mark::Gallery),
            ArticleKind::Correction => Some(Mark::Correction),
            ArticleKind::News | ArticleKind::PaywallStub => None,
        };
        let closed = self.paywalled || self.kind == ArticleKind::PaywallStub;
        kind.into_iter()
            .chain(closed.then_some(Mark::SubscribersOnly))
            .collect()
    }
}

/// One line without control characters or marks that turn the reading direction of what follows: gathered text
/// must not reorder the page that it stands on; nor marks that only say where a line may break. Joiners stay, since Persian
/// and emoji need them.
#[must_use]
pub fn tidy(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let is_unseen = |c: char| matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}');
    let kept: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|&c| !turns(c) && !is_unseen(c))
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_goes_and_joiners_stay() {
        assert_eq!(tidy("Ha\u{AD}fen\u{200B}amt \u{FEFF}zu"), "Hafenamt zu");
        assert_eq!(tidy("می\u{200C}رود"), "می\u{200C}رود");
    }

    #[test]
    fn a_label_is_said_once() {
        let told = |headline| without_label(headline, &[Mark::Opinion]);
        assert_eq!(told("Opinion: The quay is lost"), "The quay is lost");
        assert_eq!(told("KOMMENTAR | Der Kai ist verloren"), "Der Kai ist verloren");
        for kept in [
            "Opinion",
            "Opinion: ",
            "Video: The quay is lost",
            "A quay: the last of its kind",
        ] {
            assert_eq!(told(kept), kept);
        }
        assert_eq!(
            without_label("Opinion: The quay is lost", &[]),
            "Opinion: The quay is lost"
        );
    }
}
