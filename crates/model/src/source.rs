//! Where news comes from.

use crate::state::words;

words! {
    /// How a source is read.
    SourceKind as "source kind" {
        /// RSS, Atom, RDF or JSON Feed: entries that link to pages.
        Feed = "feed",
        /// A news sitemap: pages without entries' texts.
        Sitemap = "sitemap",
        /// A watched folder in which files of wire messages land.
        Wires = "wires",
        /// A Maildir folder of newsletters.
        Maildir = "maildir",
        /// An mbox file of newsletters.
        Mbox = "mbox",
        /// A mailbox of newsletters on an IMAP server.
        Imap = "imap",
        /// One newsletter, by its list or its sender; its letters come with its mailbox.
        Letters = "letters",
    }
}

words! {
    /// Whether a source is being read.
    SourceState as "source state" {
        /// Fetched on its schedule.
        Active = "active",
        /// Kept, but not fetched until an editor resumes it.
        Paused = "paused",
        /// Its host answered 410 Gone; not asked again until an editor resumes it.
        Gone = "gone",
        /// Taken off the list; kept for the articles that it brought.
        Removed = "removed",
    }
}
