//! Why a message did not leave, and what that says of its reader, of the message or of the mail server.

use std::error::Error;

use reveille_mail::{
    bounce::{self, Failure},
    folder, smtp,
};
use reveille_model::EmailAddress;

/// Why one message did not leave.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostError {
    /// The mail server's answer, or the loss of the connection to it.
    #[error(transparent)]
    Smtp(#[from] smtp::SmtpError),
    /// The folder could not take the file.
    #[error(transparent)]
    Folder(#[from] folder::FolderError),
    /// The message could not be signed.
    #[error("the message could not be signed")]
    Dkim(#[from] reveille_mail::dkim::DkimError),
}

/// The whole chain of causes on one line.
pub(crate) fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl PostError {
    /// Whether it is what the mail server said, and not that nothing was heard of it.
    pub(crate) fn is_answer(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.reply().is_some())
    }

    /// Whether this reader's address was refused for good, so that no other try can help.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.is_recipient_refused())
    }

    /// The same without the mail server's words, which may repeat a reader's address.
    pub(super) fn without_words(self) -> Self {
        match self {
            Self::Smtp(error) => Self::Smtp(error.without_words()),
            other => other,
        }
    }

    /// What a mail that came back would say of the reader's address, where the server refused it in a message from `sender`.
    pub(crate) fn refusal(&self, reader: &EmailAddress, sender: &EmailAddress) -> Option<Failure> {
        let Self::Smtp(error) = self else { return None };
        let reply = error.reply().filter(|_| error.is_recipient_refused())?;
        Some(bounce::of_answer(
            reader.as_str(),
            sender.as_str(),
            &reply.to_string(),
        ))
    }

    /// Whether the mail server takes nothing from us, whoever the reader.
    pub(crate) fn is_of_sender(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.is_sender_refused())
    }

    /// Whether the mail server asks us to come again, whoever the reader.
    pub(crate) fn is_put_off(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.is_put_off())
    }

    /// Whether the mail server says that it is busy itself, though it has heard of the reader.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.is_busy())
    }

    /// Why the mail server can take no message such as this one to this reader, whoever else's it were, where that is so.
    pub(crate) fn unfit(&self, reader: &EmailAddress) -> Option<smtp::Unfit> {
        match self {
            Self::Smtp(error) => error.unfit(reader),
            _ => None,
        }
    }

    /// Whether the mail server can take nothing for this reader, since it knows no such addresses.
    pub(crate) fn is_address_unfit(&self, reader: &EmailAddress) -> bool {
        matches!(self, Self::Smtp(error) if error.is_address_unfit(reader))
    }

    /// Whether the mail server puts the message off for its reader's address or box, which says nothing of any other. That it finds no
    /// domain (X.1.2) does: then it may find none.
    pub(crate) fn is_readers_pause(&self) -> bool {
        let Self::Smtp(error) = self else { return false };
        let finds_no_domain = error
            .reply()
            .is_some_and(|reply| matches!(reply.enhanced, Some((_, 1, 2))));
        error.blame() == Some(smtp::Blame::Reader) && !finds_no_domain
    }

    /// Whether the mail server said no to the message in words that may speak of us, and not of its reader.
    pub(crate) fn may_blame_us(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.may_blame_us())
    }

    /// Whether nobody can know if the other side has the message.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.may_be_accepted())
    }

    /// Whether nothing of the message was taken, and no answer says why: the connection was lost.
    pub(crate) fn is_loss(&self) -> bool {
        let Self::Smtp(error) = self else { return false };
        let is_lost = matches!(
            error,
            smtp::SmtpError::Io { .. } | smtp::SmtpError::Timeout { .. } | smtp::SmtpError::Protocol { .. }
        );
        is_lost && !error.may_be_accepted()
    }

    /// Whether the server asks us to wait with mail to this reader's domain, and not with that to this reader alone, by whose address
    /// or box it is hindered.
    pub(crate) fn is_deferral(&self) -> bool {
        let Self::Smtp(error) = self else { return false };
        let asks = error.code().is_some_and(|code| (400..500).contains(&code));
        asks && matches!(error.blame(), Some(smtp::Blame::Way | smtp::Blame::Server))
    }

    /// Why the folder takes no message, whoever the reader, where it is that.
    pub(crate) fn of_folder(&self) -> Option<String> {
        match self {
            Self::Folder(folder::FolderError::Write { path, source }) => {
                let folder = path.parent().unwrap_or(path);
                Some(format!("could not write into {}: {source}", folder.display()))
            }
            _ => None,
        }
    }

    /// Whether trying again cannot help, whoever the reader is.
    pub(crate) fn is_permanent(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.is_permanent())
    }
}
