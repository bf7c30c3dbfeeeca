//! Articles to copies, originals, stories and rank.
//!
//! [`fold`] takes a window of articles at once; [`Window`] takes them as they come. Both tell which articles carry
//! another's text ([`struct@Copy`]), who wrote it ([`Original`]), which articles are about one event ([`Story`]), and
//! [`rank()`] orders the stories with reasons that a reader can be shown.
//!
//! Pure: no clock, no randomness, no I/O, no model that is loaded at run time. Nothing here knows a particular
//! outlet; agencies are known by the facts of the trade in one table.

mod agencies;
mod compare;
mod copies;
mod credits;
mod doc;
mod events;
mod group;
mod habits;
mod held;
#[cfg(feature = "lab")]
pub mod lab;
mod linkage;
mod model;
mod origin;
mod rank;
mod runs;
mod story;
mod terms;
mod weights;
mod window;
mod words;

pub use agencies::{Agency, agency_named};
pub use credits::credits;
pub use doc::{Copy, Doc, Folding, Options, Original, Story};
pub use rank::{Facts, RECENT_HOURS, rank};
pub use window::Window;

/// Folds a window of articles. The result does not depend on their order: they are taken by time, address and id.
#[must_use]
pub fn fold(docs: &[Doc], options: &Options) -> Folding {
    let mut order: Vec<&Doc> = docs.iter().collect();
    let key = |doc: &Doc| (doc.at, doc.url.clone(), doc.id);
    order.sort_by(|a, b| {
        key(a)
            .cmp(&key(b))
            .then_with(|| (&a.title, &a.text).cmp(&(&b.title, &b.text)))
    });
    let mut window = Window::new(options.clone());
    for doc in order {
        window.add(doc);
    }
    window.folding()
}
