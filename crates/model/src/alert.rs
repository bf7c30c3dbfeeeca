//! Of what the editors of a brief are told by mail.

use crate::state::words;

words! {
    /// Why an edition needs its editors.
    AlertKind as "kind of alert" {
        /// It is compiled, and goes out once somebody approves it.
        Waits = "waits",
        /// It approved itself when it was too late already for some of its readers.
        OutOfReach = "out_of_reach",
        /// Its hour has come, and nobody has approved it.
        Overdue = "overdue",
        /// Its mailing rests, since its messages are not taken.
        Rests = "rests",
        /// So does the mailing of what it had wrong.
        CorrectionRests = "correction_rests",
        /// Some of its messages, or of those of what it had wrong, are larger than the mail server takes.
        TooLarge = "too_large",
        /// So are some in a form that the mail server does not take.
        Unfit = "unfit",
        /// So is one that is refused again and again, where no other was taken to show of whom that speaks.
        TurnedAway = "turned_away",
        /// Of some readers in a row the mail server says that nobody has their address, and took nobody after them.
        Unknown = "unknown",
        /// Of some of them nobody knows whether they arrived, and nobody will unless somebody looks.
        Doubts = "doubts",
        /// A step that brings it to its readers fails again and again.
        Stuck = "stuck",
    }
}
