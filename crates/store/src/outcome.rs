//! What an insert came to, where finding the row already there is a normal answer.

/// A new row's id, or that of the row that was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted<Id> {
    /// The row is new.
    New(Id),
    /// A row with the same key was there; nothing was changed.
    Known(Id),
}

impl<Id: Copy> Inserted<Id> {
    /// The row's id, new or known.
    #[must_use]
    pub const fn id(self) -> Id {
        match self {
            Self::New(id) | Self::Known(id) => id,
        }
    }
}
