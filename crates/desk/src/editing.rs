//! What editors do to an edition that takes more than the store: whoever runs the desk does it.

use std::{fmt, pin::Pin};

use reveille_brief::{Own, Spare, Way};
use reveille_model::{
    BriefId, Check, Edition, EditionId, EmailAddress, EntryKey, Language, NoticeId, StoryId,
};

/// What is under way.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, Refusal>> + Send>>;

/// Why something was not done, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The edition is another than the one that was looked at.
    Meanwhile(String),
    /// It cannot be done.
    Told(String),
    /// Nobody knows whether it was done.
    Unsure(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Meanwhile(text) | Self::Told(text) | Self::Unsure(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Refusal {}

/// An edition as somebody looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The edition.
    pub edition: EditionId,
    /// Which revision of it.
    pub revision: u32,
}

/// An entry that readers have, as somebody looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenEntry {
    /// Its edition.
    pub within: Seen,
    /// Its number there.
    pub number: usize,
    /// What had become of its article by then, where nobody has decided on that: it does not count among the edition's revisions.
    pub noticed: Option<NoticeId>,
}

/// Words that a model proposes for an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The model's name.
    pub model: String,
    /// The headline.
    pub headline: String,
    /// The summary.
    pub summary: String,
    /// What they say that the article does not: with one of these they cannot be used.
    pub faults: Vec<String>,
    /// What a person should look at.
    pub doubts: Vec<String>,
}

/// Words that an editor sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The headline.
    pub headline: String,
    /// The summary.
    pub summary: String,
    /// The model that proposed them.
    pub model: Option<String>,
    /// In which language they are; where nobody says, in the edition's.
    pub language: Option<Language>,
}

/// What an editor does to an open edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets an entry's words.
    Reword(EntryKey, Words),
    /// Moves an entry by one place.
    Shift(EntryKey, Way),
    /// Files an entry at the end of the section of this name.
    File(EntryKey, String),
    /// Takes an entry out.
    Drop(EntryKey),
    /// Takes a dropped entry back.
    TakeBack(EntryKey),
    /// Tells a story that was left out, in the section of this name.
    Tell(StoryId, String),
    /// Adds what the editor wrote, in the section of this name.
    Write(Own, String),
    /// Lets something stand that a check did not find in the article.
    Overrule(EntryKey, Check, String),
    /// Has the edition hold what it held before the change that was made from this revision.
    Restore(u32),
}

/// What an editor states of an entry that readers have wrong. Only [`Right::parse`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Right {
    /// What was wrong and what is right.
    pub text: String,
    /// The headline as it should be, where it was wrong.
    pub headline: Option<String>,
    /// The summary as it should be, where it was wrong.
    pub summary: Option<String>,
}

impl Right {
    /// Takes what was typed.
    ///
    /// # Errors
    /// Where it states nothing, or leaves the entry without a headline.
    pub fn parse(text: &str, headline: Option<&str>, summary: Option<&str>) -> Result<Self, Refusal> {
        let trimmed = |typed: Option<&str>| typed.map(|typed| typed.trim().to_owned());
        let right = Self {
            text: text.trim().to_owned(),
            headline: trimmed(headline),
            summary: trimmed(summary),
        };
        let refused = |why: &str| Err(Refusal::Told(why.to_owned()));
        match (&*right.text, right.headline.as_deref()) {
            ("", _) => refused("Say what was wrong and what is right."),
            (_, Some("")) => refused("An entry needs a headline."),
            _ => Ok(right),
        }
    }
}

/// Does what editors wish.
pub trait Editing: fmt::Debug + Send + Sync {
    /// The model that may be asked for words.
    fn model(&self) -> Option<&str>;
    /// Asks it for words of an entry. Nothing is changed.
    fn propose(&self, edition: EditionId, entry: EntryKey) -> Pending<Offer>;
    /// The stories of the night that an open edition does not tell, best first.
    fn left_out(&self, edition: EditionId) -> Pending<Vec<Spare>>;
    /// Makes a change of an open edition in an editor's name, and looks it over.
    fn change(&self, seen: Seen, change: Change, editor: String) -> Pending<()>;
    /// Lets an edition go out in which the checks find no fault.
    fn approve(&self, seen: Seen) -> Pending<()>;
    /// Takes an approved edition back of which nothing has left yet.
    fn recall(&self, edition: EditionId) -> Pending<()>;
    /// States in an editor's name what an entry has wrong in an edition that is out. Nobody is mailed.
    fn correct(&self, seen: SeenEntry, right: Right, editor: String) -> Pending<()>;
    /// Has a stated correction mailed to everybody who has the wrong entry.
    fn mail_correction(&self, correction: NoticeId) -> Pending<()>;
    /// Mails an edition to one of its editors, marked as a proof. It is done once the mail server has taken the mail.
    fn proof(&self, edition: EditionId, to: EmailAddress) -> Pending<()>;
    /// The next edition as a brief's plan would make it of the stories that there are by now; where there is nothing new yet, the
    /// one of today. Nothing is stored.
    fn next(&self, brief: BriefId) -> Pending<Edition>;
}
