//! One day's brief.

use serde::{Deserialize, Serialize};

use crate::{
    ArticleId, Basis, Change, Day, Dropped, EmailAddress, EntryKey, EntryKind, Front, Language, MorningTime,
    Numbering, Overruled, Published, Reason, Slug, StoryId, UnixMillis, Uri, Zone, entry_form::Form,
    state::words,
};

words! {
    /// How far an edition has come.
    EditionState as "edition state" {
        /// Compiled; may change.
        Draft = "draft",
        /// Its checks found no fault.
        Checked = "checked",
        /// Released: deliveries go out at each reader's morning.
        Approved = "approved",
        /// Every delivery has ended.
        Sent = "sent",
        /// Changed after it was sent; the correction is stated.
        Corrected = "corrected",
    }
}

impl EditionState {
    /// Whether an editor may still change it without stating a correction.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Checked)
    }

    /// Where a move takes an edition from here; `None`: it cannot be made in this state.
    #[must_use]
    pub fn after(self, step: EditionMove) -> Option<Self> {
        let (from, to) = step.ends();
        from.contains(&self).then_some(to)
    }
}

/// What takes an edition from one state to another. There is no other way from any to any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditionMove {
    /// Its checks found a fault.
    Fault,
    /// Its checks found none.
    Pass,
    /// Somebody released it, or its brief's rule did.
    Approve,
    /// It is taken back before any reader has it, and is looked over anew: it may have ended without reaching anybody.
    Recall,
    /// Its last delivery ended.
    Finish,
    /// A correction of it was stated.
    Correct,
}

impl EditionMove {
    /// From which states it can be made, and to which one it leads.
    #[must_use]
    pub const fn ends(self) -> (&'static [EditionState], EditionState) {
        use EditionState::{Approved, Checked, Corrected, Draft, Sent};
        match self {
            Self::Fault => (&[Draft, Checked], Draft),
            Self::Pass => (&[Draft, Checked], Checked),
            Self::Approve => (&[Checked], Approved),
            Self::Recall => (&[Approved, Sent], Draft),
            Self::Finish => (&[Approved], Sent),
            Self::Correct => (&[Sent], Corrected),
        }
    }
}

/// Who brought a story, and who wrote it: `(Carrier · Original)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Credit {
    /// Who published the linked copy.
    pub carrier: String,
    /// Who wrote it, where that is known and somebody else.
    pub original: Option<String>,
    /// Who wrote it together with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint: Vec<String>,
    /// Whose names stand above it, where the plan asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byline: Option<String>,
}

impl std::fmt::Display for Credit {
    /// "Harbour Courier · Ann Example, Northern Wire", as printed indexes of the press had it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.carrier)?;
        let wrote = self.byline.iter().chain(&self.original).chain(&self.joint);
        for (name, before) in wrote.zip(std::iter::once(" · ").chain(std::iter::repeat(", "))) {
            write!(f, "{before}{name}")?;
        }
        Ok(())
    }
}

/// An entry of an earlier edition that one carries on: "follows Tuesday's entry 3".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follows {
    /// The day of that edition.
    pub day: Day,
    /// The entry's number in it.
    pub number: usize,
    /// Its headline, where no reader could tell it by that number ([`Edition::is_quotable`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
}

/// Where a summary stands in its article: every sentence that was not written by the desk can be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extract {
    /// Where it begins, in bytes of [`Article::text`](crate::Article::text) of the entry's version.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether it is not what the text opens with; it is then printed behind "…".
    pub starts_mid: bool,
    /// Whether part of the sentence was left out; it then ends in "…".
    pub shortened: bool,
}

/// Words of an entry that a model proposed and a person took. There are none that nobody took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The model's name.
    pub model: String,
    /// Who took them.
    pub taken_by: String,
    /// When.
    pub at: UnixMillis,
}

/// One line of an edition. What is read of one, `entry_form.rs` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Form")]
pub struct Entry {
    /// By what it is known in addresses and counts, from 1, each once in an edition. It is printed, for readers to quote,
    /// where the entry's section counts on through the edition; see [`Numbering`].
    pub number: usize,
    /// What sort of line it is.
    #[serde(skip_serializing_if = "EntryKind::is_usual")]
    pub kind: EntryKind,
    /// At what time of the edition's day it takes place, by the clock of the edition's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<MorningTime>,
    /// Where it takes place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The headline.
    pub headline: String,
    /// Who brought it and who wrote it.
    pub credit: Credit,
    /// One sentence; empty where none of the article's can stand for it and the desk wrote none.
    pub summary: String,
    /// Where the summary is from; `None` where the desk wrote it, or there is none.
    pub extract: Option<Extract>,
    /// Whose the headline and the summary are, where a model proposed them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposed>,
    /// What an editor lets stand in headline and summary though a check did not find it in the article.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overruled: Vec<Overruled>,
    /// Where to read on. What stands nowhere on the web has a name here, which is not linked.
    pub link: Uri,
    /// What it is made of.
    #[serde(flatten)]
    pub basis: Basis,
    /// When that article was published.
    pub published: Option<Published>,
    /// What headline and summary are written in, where that is known.
    pub language: Option<Language>,
    /// Correction notices of the article, as printed there; they stand beneath the summary.
    pub corrections: Vec<String>,
    /// Marks such as "Opinion", "Live", "Correction", "Subscribers only": said before the reader clicks.
    pub marks: Vec<String>,
    /// The earlier entry that it carries on.
    pub follows: Option<Follows>,
    /// Why it ranks here: "9 newsrooms", "first 04:12".
    pub reasons: Vec<Reason>,
    /// Who carries copies of the same text, folded into this entry, in order of publication.
    pub also_in: Vec<String>,
    /// Other newsrooms' own reports of the story, in order of publication.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Report>,
    /// What names the original, in words: "byline: By Ann Example, Northern Wire"; and what shows the copies to be such.
    pub evidence: Vec<String>,
}

/// A newsroom's own report of a story that an entry tells by another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Who published it.
    pub carrier: String,
    /// Where it stands.
    pub link: Uri,
}

impl Entry {
    /// By what it is known within its edition.
    #[must_use]
    pub const fn key(&self) -> EntryKey {
        self.basis.key()
    }

    /// The story that it stands for; none where the desk wrote it.
    #[must_use]
    pub const fn story(&self) -> Option<StoryId> {
        match self.basis {
            Basis::Story { story, .. } => Some(story),
            Basis::Own { .. } => None,
        }
    }

    /// The article that headline, summary and link are from; none where the desk wrote it.
    #[must_use]
    pub const fn article(&self) -> Option<ArticleId> {
        match self.basis {
            Basis::Story { article, .. } => Some(article),
            Basis::Own { .. } => None,
        }
    }

    /// That article, and which version of it, counted from 1.
    #[must_use]
    pub const fn printed(&self) -> Option<(ArticleId, u32)> {
        match self.basis {
            Basis::Story { article, version, .. } => Some((article, version)),
            Basis::Own { .. } => None,
        }
    }
}

words! {
    /// What a section stands for.
    SectionKind as "kind of section" {
        /// It stands in the brief's plan, or holds its first stories.
        Standing = "standing",
        /// It is about one event, for as long as that goes on.
        Event = "event",
        /// It holds what somebody paid for, and nothing else.
        Sponsored = "sponsored",
        /// It holds commentary, and nothing else.
        Opinion = "opinion",
        /// It holds what the day brings, in order of time.
        Calendar = "calendar",
    }
}

impl SectionKind {
    /// Editions that were stored before there were others.
    pub(crate) const fn usual() -> Self {
        Self::Standing
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    pub(crate) const fn is_usual(&self) -> bool {
        matches!(self, Self::Standing)
    }
}

/// A heading with its entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The heading: "Top Five", "World".
    pub name: String,
    /// What it stands for.
    #[serde(default = "SectionKind::usual")]
    pub kind: SectionKind,
    /// What is printed before its entries.
    #[serde(default, skip_serializing_if = "Numbering::is_usual")]
    pub numbering: Numbering,
    /// What its entries' numbers are above those that are printed, where they count from 1. It is kept, so that the others stay
    /// what readers quote when an entry is struck.
    #[serde(default, skip_serializing_if = "is_none")]
    pub above: usize,
    /// Why there is one, where no plan says so: "12 newsrooms in one night".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// Its entries, best first.
    pub entries: Vec<Entry>,
}

/// What an earlier edition had wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The day of that edition.
    pub day: Day,
    /// The entry's number in it.
    pub number: usize,
    /// Whether no reader could tell it by that number, but by its headline alone ([`Edition::is_quotable`]).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_headline: bool,
    /// The entry's headline as it was.
    pub headline: String,
    /// What was wrong and what is right, in whole sentences.
    pub text: String,
}

/// A story that a section wanted and had no room for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The section's heading.
    pub section: String,
    /// The story's headline.
    pub headline: String,
}

/// One day's brief, ready to be rendered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edition {
    /// The brief's short name.
    pub slug: Slug,
    /// The brief's masthead.
    pub name: String,
    /// In which language it speaks to its readers; each entry has its own.
    #[serde(default = "Language::english")]
    pub language: Language,
    /// The day that it is dated.
    pub day: Day,
    /// The how manieth edition of its brief it is, from 1; `None` where that was not counted yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<u32>,
    /// When it was compiled.
    pub compiled: UnixMillis,
    /// By whose clock its times of day are told: the zone of the brief when it was compiled. Editions that were stored before
    /// do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// When somebody last changed it by hand; `None` where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<UnixMillis>,
    /// Which state of it this is, so that whoever changes it can say what they started from. It is told whenever the edition is
    /// shown, and no part of what is stored: the store counts it up from 1 with every change.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub revision: u32,
    /// Where readers' answers go; none: to the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tips: Option<EmailAddress>,
    /// What stands around its entries.
    #[serde(default, skip_serializing_if = "Front::is_empty")]
    pub front: Front,
    /// Its sections; the first holds the top stories.
    pub sections: Vec<Section>,
    /// What editors took out of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    /// What earlier editions had wrong; stands behind the sections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// The stories that its sections had no room for when it was compiled, best first. Readers are not told of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// What became of its entries after it went out. It is told from the notices whenever the edition is shown, and no part
    /// of what is stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_none(number: &usize) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Edition {
    /// When it was last changed: when it was compiled, or when something became of its entries.
    #[must_use]
    pub fn modified(&self) -> UnixMillis {
        let changed = self.changes.iter().map(|change| change.at);
        changed.fold(self.compiled, UnixMillis::max)
    }

    /// The entry that is known by this.
    #[must_use]
    pub fn entry(&self, key: EntryKey) -> Option<&Entry> {
        self.entries().find(|entry| entry.key() == key)
    }

    /// Puts an entry in the place of the one that is known by the same.
    pub fn amend(&mut self, entry: Entry) {
        let mut entries = self.sections.iter_mut().flat_map(|section| &mut section.entries);
        if let Some(place) = entries.find(|old| old.key() == entry.key()) {
            *place = entry;
        }
    }

    /// Takes out the entry that is known by this, and its section where that is then empty. The other numbers stay, until
    /// [`Edition::number`].
    pub fn strike(&mut self, key: EntryKey) {
        for section in &mut self.sections {
            section.entries.retain(|entry| entry.key() != key);
        }
        self.sections.retain(|section| !section.entries.is_empty());
    }

    /// All entries in the order in which they are read.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sections.iter().flat_map(|section| &section.entries)
    }

    /// The entries by which it is told in a line: those that tell stories, so that no subject and no list opens with what was
    /// paid for; all, where none does.
    pub fn telling(&self) -> impl Iterator<Item = &Entry> {
        let tells = |entry: &&Entry| entry.kind.is_story();
        let has_story = self.entries().any(|entry| tells(&entry));
        self.entries().filter(move |entry| !has_story || tells(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_goes_from_draft_to_corrected_and_back_only_by_a_recall() {
        use EditionState::{Approved, Checked, Corrected, Draft, Sent};
        let ways = |step: EditionMove| {
            EditionState::ALL
                .iter()
                .map(|state| state.after(step))
                .collect::<Vec<_>>()
        };
        let (draft, checked) = (Some(Draft), Some(Checked));
        assert_eq!(EditionState::ALL, [Draft, Checked, Approved, Sent, Corrected]);
        assert_eq!(ways(EditionMove::Fault), [draft, draft, None, None, None]);
        assert_eq!(ways(EditionMove::Pass), [checked, checked, None, None, None]);
        assert_eq!(
            ways(EditionMove::Approve),
            [None, Some(Approved), None, None, None]
        );
        assert_eq!(ways(EditionMove::Recall), [None, None, draft, draft, None]);
        assert_eq!(ways(EditionMove::Finish), [None, None, Some(Sent), None, None]);
        assert_eq!(
            ways(EditionMove::Correct),
            [None, None, None, Some(Corrected), None]
        );
    }
}
