//! One open way out, and what goes over it.

use std::path::PathBuf;

use reveille_mail::{Message, dkim::Signer, folder, smtp};
use reveille_model::EmailAddress;

use super::{PostError, relays};

/// A message ready to leave.
pub(crate) struct Sealed {
    from: EmailAddress,
    to: EmailAddress,
    id: String,
    text: smtp::Text,
}

impl Sealed {
    /// Gives a message this form, signed where there is a key.
    ///
    /// # Errors
    /// Where it cannot be signed.
    pub(super) fn new(message: &Message, signers: &[Signer]) -> Result<Self, PostError> {
        Ok(Self {
            from: message.return_path.as_ref().unwrap_or(&message.from.1).clone(),
            to: message.to.clone(),
            id: message.message_id.clone(),
            text: reveille_mail::build_signed(message, signers)?,
        })
    }

    /// Its Message-ID, without angle brackets.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    fn parcel(&self) -> smtp::Parcel<'_> {
        smtp::Parcel {
            from: &self.from,
            to: &self.to,
            message: &self.text,
            id: Some(&self.id),
        }
    }
}

/// One open way out; it takes message after message.
pub(crate) enum Way {
    Folder(PathBuf),
    /// A connection, how many messages more it is good for, and its place at the server.
    Smtp(Box<smtp::Connection>, u32, relays::Place),
}

impl Way {
    /// Hands over one message and returns what the other side said on taking it.
    ///
    /// # Errors
    /// Where it was not taken, or where nobody can tell.
    pub(crate) async fn send(&mut self, message: &Sealed) -> Result<String, PostError> {
        self.begin(message).await?;
        self.finish(message, None).await
    }

    /// Announces a message, of which nothing leaves yet. [`Way::finish`] must follow with the same one.
    ///
    /// # Errors
    /// Where it cannot be taken.
    pub(crate) async fn begin(&mut self, message: &Sealed) -> Result<(), PostError> {
        match self {
            Self::Smtp(connection, left, place) => {
                let begun = connection.begin(message.parcel()).await;
                if begun.is_err() {
                    *left = left.saturating_sub(1);
                    place.announced();
                }
                Ok(begun?)
            }
            Self::Folder(_) => Ok(()),
        }
    }

    /// Hands over the message that was begun, announces the next, and returns what the other side said on taking it.
    ///
    /// # Errors
    /// Where it was not taken, or where nobody can tell.
    pub(crate) async fn finish(
        &mut self,
        message: &Sealed,
        next: Option<&Sealed>,
    ) -> Result<String, PostError> {
        match self {
            Self::Smtp(connection, left, place) => {
                *left = left.saturating_sub(1);
                place.announced();
                // The next one then goes by whoever's turn it is.
                let next = next.filter(|_| *left > 0);
                let sent = connection.finish(message.parcel(), next.map(Sealed::parcel));
                let sent = sent.await;
                if sent.is_err() {
                    place.goes_without(connection.without());
                }
                let reply = sent?.reply;
                place.carried(connection.server());
                Ok(format!("taken by {}: {reply}", connection.server()))
            }
            Self::Folder(folder) => {
                let path = folder::deliver(folder, &file_name(&message.id), message.text.bytes())?;
                Ok(format!("written to {}", path.display()))
            }
        }
    }

    /// Whether an error says no more than that this way has carried its fill, or that the server does not carry out what it offers.
    pub(crate) fn is_worn(&self, error: &PostError) -> bool {
        match (self, error) {
            (Self::Smtp(connection, ..), PostError::Smtp(error)) => connection.is_worn(error),
            _ => false,
        }
    }

    /// Whether a message was announced that is still to come, and nothing else can follow.
    pub(crate) fn is_begun(&self) -> bool {
        match self {
            Self::Folder(_) => false,
            Self::Smtp(connection, ..) => connection.is_begun(),
        }
    }

    /// The number of the mail server to which it leads.
    pub(crate) fn server(&self) -> Option<usize> {
        match self {
            Self::Folder(_) => None,
            Self::Smtp(_, _, place) => Some(place.server()),
        }
    }

    /// Takes note that the mail server does not know a reader, and says whether it said so of so many in a row that it may know nobody.
    pub(crate) fn knows_not(&self) -> bool {
        match self {
            Self::Folder(_) => false,
            Self::Smtp(_, _, place) => place.knows_not(),
        }
    }

    /// Whether it can take another message.
    pub(crate) fn is_ready(&self) -> bool {
        match self {
            Self::Folder(_) => true,
            Self::Smtp(connection, left, _) => connection.is_ready() && *left > 0,
        }
    }

    /// Takes leave of the other side, which did not take a message that goes by another one now.
    pub(crate) async fn close_after(self, error: &PostError) {
        if let (Self::Smtp(_, _, place), PostError::Smtp(error)) = (&self, error) {
            place.passed_on(error);
        }
        self.close().await;
    }

    /// Takes leave of the other side.
    pub(crate) async fn close(self) {
        if let Self::Smtp(connection, _, _place) = self {
            connection.quit().await;
        }
    }

    /// The same with another side that takes nothing now, as this error says: fewer connections go there for a while.
    pub(crate) async fn close_for_now(self, error: &PostError) {
        if let (Self::Smtp(connection, _, place), PostError::Smtp(error)) = (self, error) {
            connection.quit().await;
            place.refused(error);
        }
    }
}

/// A Message-ID as a file name: the same message, sent again, replaces itself.
fn file_name(message_id: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@' | '_') {
            c
        } else {
            '_'
        }
    };
    message_id.trim_matches(['<', '>']).chars().map(safe).collect()
}
