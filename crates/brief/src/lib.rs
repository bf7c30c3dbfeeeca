//! Stories to an edition, and an edition to mail, page, text, Markdown, JSON, print and book. Pure.
//!
//! [`compose`] orders a morning's stories into numbered sections and those of big events, [`summarize`] finds the one
//! sentence that each is told in, [`edit`] does what an editor wishes, [`preflight`] says what a person should look at
//! before readers do, and [`render`] writes the result in every form in which it leaves the house.
//!
//! Nothing here reads a clock, a file or the network. Nothing is invented either: what is composed stands word for word in
//! its article, and what a person or a model words otherwise is compared with that.

mod abbreviations;
mod across;
mod author_note;
mod boilerplate;
mod candidate;
#[cfg(test)]
mod cases;
mod compose;
mod diff;
pub mod edit;
mod event_name;
mod events;
mod fitness;
mod furniture;
mod headline;
mod introduced;
mod keyword;
mod lead;
mod leaning;
mod left_out;
mod no_room;
mod notice;
mod opening;
mod own;
mod preflight;
mod proposal;
pub mod render;
mod revise;
mod section;
mod sentence;
mod shorten;
mod speaking;
mod spelling;
mod summary;
mod told;
mod torn;
mod unresolved;
mod untold;
mod verb;
mod word_list;
mod words;

pub use candidate::{Candidate, Growth};
pub use compose::compose;
pub use diff::{Change, Line, Span, diff, marked, words};
pub use edit::Way;
pub use event_name::event_name;
pub use events::develop;
pub use keyword::is_keyword;
pub use left_out::{Spare, entry_of, left_out};
pub use own::{Own, own_entry};
pub use preflight::{Compared, Finding, Severity, Sources, preflight};
pub use proposal::{Proposal, ProposalError, question};
pub use revise::{Revised, revise};
pub use section::Interests;
pub use summary::{SUMMARY_MAX, Summary, summarize};
pub use told::tidy;
pub use words::{Dates, Usual, fill_with, usual};
