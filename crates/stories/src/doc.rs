//! What goes into the folding, what comes out of it, and how far it looks.

use reveille_model::{ArticleId, ArticleKind, CanonicalUrl, CopyLink, Evidence, Origin, UnixMillis, Uri};
use serde::{Deserialize, Serialize};

/// What grouping needs to know of one article.
#[derive(Debug, Clone)]
pub struct Doc {
    /// Its row. An id that comes twice stands for its first text.
    pub id: ArticleId,
    /// The outlet's key, usually the site: what counts as one newsroom.
    pub source: String,
    /// The outlet's name, as readers know it.
    pub carrier: String,
    /// Where it stands, or the name that it has where it stands nowhere on the web.
    pub url: Uri,
    /// The canonical address that its page gives.
    pub canonical: Option<CanonicalUrl>,
    /// When it was published; for a date without an hour the last millisecond of the day, since it proves no
    /// earlier time.
    pub at: UnixMillis,
    /// The headline.
    pub title: String,
    /// The body as plain text, one paragraph a line.
    pub text: String,
    /// Who wrote it, where the page says so; [`credits`](crate::credits) reads it off a bare text.
    pub origins: Vec<Origin>,
    /// What sort of piece it is.
    pub kind: ArticleKind,
    /// How much the editor trusts the source; 1 is usual.
    pub weight: f64,
}

/// One article that carries another's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Copy {
    /// The copy.
    pub article: ArticleId,
    /// The article that stands for the group: the original where it was gathered. Never itself a copy.
    pub of: ArticleId,
    /// How they relate.
    pub link: CopyLink,
    /// The share, 0 to 1, of the shorter text's five-word runs that stand in the other as well.
    pub overlap: f64,
    /// Who wrote the text, by the verdict on its group.
    pub name: Option<String>,
    /// Why, in words for an editor.
    pub evidence: String,
}

/// Two texts that hold the same passages without either being a copy of the other: a speech, a statement, a paragraph
/// of an agency in a report of one's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quotes {
    /// The one,
    pub article: ArticleId,
    /// and the other, which came earlier.
    pub with: ArticleId,
    /// The share, 0 to 1, of the shorter text's five-word runs that stand in the other as well.
    pub overlap: f64,
    /// The share, 0 to 1, of these runs that is quoted speech.
    pub spoken: f64,
}

/// Who wrote the text that a story is told in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Original {
    /// The agency or outlet, in its usual spelling.
    pub name: String,
    /// Its own article, where that was gathered.
    pub article: Option<ArticleId>,
    /// Where the original stands, if it was gathered or a copy links it.
    pub url: Option<CanonicalUrl>,
    /// What it rests on, strongest first; empty where only the time of publication speaks.
    pub evidence: Vec<Evidence>,
}

/// The articles about one event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// The article that an edition should link.
    pub lead: ArticleId,
    /// All articles, copies included, by time of publication.
    pub articles: Vec<ArticleId>,
    /// How many newsrooms wrote of it themselves: a group of copies counts once, for whoever wrote it.
    pub independent: usize,
    /// Who wrote the text of the lead; `None` where that is unknown or nobody but its carrier.
    pub original: Option<Original>,
    /// Its earliest article.
    pub first: UnixMillis,
    /// Its latest article.
    pub last: UnixMillis,
    /// The lead of the earlier story that this one carries on, where there is one.
    pub follows: Option<ArticleId>,
    /// Other stories of the same night that tell of the same event, the likest first: of a flood the rescue, the damage
    /// and who answers for it.
    pub beside: Vec<Beside>,
}

/// A story that stands beside another one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// Its lead.
    pub lead: ArticleId,
    /// How alike the two are, 0 to 1.
    pub likeness: f64,
}

/// What is told of one article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// The article.
    pub article: ArticleId,
    /// The lead of its story; its own where it is alone.
    pub story: ArticleId,
    /// Whose text it carries.
    pub copy: Option<Carried>,
}

/// Whose text an article carries, and how.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// The article that stands for the text. Never itself a copy.
    pub of: ArticleId,
    /// How they relate.
    pub link: CopyLink,
    /// The share, 0 to 1, of the shorter text's five-word runs that stand in the other as well.
    pub overlap: f64,
}

/// What the grouping makes of all articles.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Folding {
    /// Every copy, by its article's id.
    pub copies: Vec<Copy>,
    /// Texts that share passages without being copies, by article.
    pub quotes: Vec<Quotes>,
    /// Every story, by its first article.
    pub stories: Vec<Story>,
}

impl Folding {
    /// Whose text an article carries.
    #[must_use]
    pub fn copy(&self, article: ArticleId) -> Option<&Copy> {
        let at = self
            .copies
            .binary_search_by_key(&article, |copy| copy.article)
            .ok()?;
        self.copies.get(at)
    }

    /// The same, told article by article.
    #[must_use]
    pub fn assignments(&self) -> Vec<Assignment> {
        let told = self.stories.iter().flat_map(|story| {
            story.articles.iter().map(|&article| Assignment {
                article,
                story: story.lead,
                copy: self.copy(article).map(|copy| Carried {
                    of: copy.of,
                    link: copy.link,
                    overlap: copy.overlap,
                }),
            })
        });
        told.collect()
    }
}

/// How far the grouping looks. The defaults suit a daily brief.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Whether to look for stories at all. Without, each text is one by itself and only copies are folded, in a third
    /// of the time.
    pub stories: bool,
    /// Days for which a story that nobody writes about stays open.
    pub story_days: u32,
    /// Days after its last article for which a story may be followed by another; more than `story_days`.
    pub thread_days: u32,
    /// Whether the articles' times mean anything. Without them stories are told apart by words alone.
    pub dated: bool,
    /// From these mean log-odds on, an article joins a story. Higher means smaller stories.
    pub join: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            stories: true,
            story_days: 6,
            thread_days: 21,
            dated: true,
            join: 0.0,
        }
    }
}
