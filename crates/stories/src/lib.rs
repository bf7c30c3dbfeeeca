//! Articles to copies, originals, stories and rank.
//!
//! A [`Folder`] takes articles as they come and tells at once where each belongs; [`Folder::settle`] corrects that by
//! what came later, [`Folder::explain`] says why, and a [`Ruling`] of an editor holds against both. [`fold`] does all at
//! once. Told are the articles that carry another's text ([`struct@Copy`]), who wrote it ([`Original`]), and the articles
//! that are about one event ([`Story`]); [`rank()`] orders the stories with reasons that a reader can be shown.
//!
//! Pure: no clock, no randomness, no I/O, no model that is loaded at run time. Nothing here knows a particular
//! outlet; agencies are known by the facts of the trade in one table.

mod agencies;
mod archive;
mod compare;
mod copies;
mod credits;
mod doc;
mod events;
mod explain;
mod folder;
mod group;
mod grouping;
mod habits;
mod held;
mod index;
#[cfg(feature = "lab")]
pub mod lab;
pub mod lines;
mod linkage;
mod model;
mod origin;
mod probe;
mod rank;
mod ruling;
mod runs;
mod spelling;
mod story;
mod table;
mod terms;
mod threads;
mod weights;
mod words;

pub use agencies::{Agency, agency_named};
pub use credits::credits;
pub use doc::{Assignment, Beside, Carried, Copy, Doc, Folding, Options, Original, Quotes, Story};
pub use explain::{Explanation, Neighbour};
pub use folder::{Folder, fold};
pub use rank::{Facts, RECENT_HOURS, rank};
pub use reveille_model::{Pair, Ruling};
