//! The way out for mail: an SMTP server, or a folder of .eml files.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use reveille_mail::{Message, dkim::Signer, folder, smtp};
use reveille_model::EmailAddress;

use crate::config::{Mail, TlsKind, TransportKind};

/// Opens ways out. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Post {
    transport: Transport,
    signer: Option<Arc<Signer>>,
    /// How many ways may be open at the same time.
    pub(crate) width: usize,
}

#[derive(Clone)]
enum Transport {
    Folder(PathBuf),
    Smtp(Arc<smtp::Options>),
}

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

impl PostError {
    /// Whether this reader's address was refused for good, so that no other try can help.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.is_recipient_refused())
    }

    /// Whether nobody can know if the other side has the message.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.may_be_accepted())
    }

    /// Whether trying again cannot help, whoever the reader is.
    pub(crate) fn is_permanent(&self) -> bool {
        matches!(self, Self::Smtp(error) if error.is_permanent())
    }
}

impl Post {
    /// Readies the transport that the settings name.
    ///
    /// # Errors
    /// Where the signing key cannot be read.
    pub(crate) fn new(mail: &Mail) -> anyhow::Result<Self> {
        let signer = match (&mail.dkim.domain, &mail.dkim.key) {
            (Some(domain), Some(key)) => {
                let signer = Signer::from_pem(domain, &mail.dkim.selector, key);
                Some(Arc::new(signer.context("mail.dkim.key: the key cannot be used")?))
            }
            _ => None,
        };
        let (transport, width) = match mail.transport {
            TransportKind::Folder => (Transport::Folder(mail.folder.clone()), 1),
            TransportKind::Smtp => (
                Transport::Smtp(Arc::new(smtp_options(mail))),
                mail.smtp.connections,
            ),
        };
        Ok(Self {
            transport,
            signer,
            width,
        })
    }

    /// Opens one way out.
    ///
    /// # Errors
    /// Where the mail server cannot be reached or refuses the user.
    pub(crate) async fn open(&self) -> Result<Way, PostError> {
        Ok(match &self.transport {
            Transport::Folder(folder) => Way::Folder(folder.clone()),
            Transport::Smtp(options) => Way::Smtp(Box::new(smtp::Connection::connect(options).await?)),
        })
    }

    /// Gives a message the form in which it leaves, signed where there is a key.
    ///
    /// # Errors
    /// Where it cannot be signed.
    pub(crate) fn seal(&self, message: &Message) -> Result<Sealed, PostError> {
        let mut bytes = reveille_mail::build(message);
        if let Some(signer) = &self.signer {
            let header = signer.sign(&bytes, message.date)?;
            bytes.splice(0..0, header.into_bytes());
        }
        Ok(Sealed {
            from: message.return_path.as_ref().unwrap_or(&message.from.1).clone(),
            to: message.to.clone(),
            name: file_name(&message.message_id),
            bytes,
        })
    }
}

fn smtp_options(mail: &Mail) -> smtp::Options {
    let smtp = &mail.smtp;
    smtp::Options {
        host: smtp.host.clone(),
        port: smtp.port,
        tls: match smtp.tls {
            TlsKind::Implicit => smtp::Tls::Implicit,
            TlsKind::StartTls => smtp::Tls::StartTls,
            TlsKind::None => smtp::Tls::None,
        },
        user: smtp.user.clone(),
        password: smtp.password.clone(),
        hello: mail.from_address.domain().to_owned(),
        timeout: Some(Duration::from_secs(smtp.timeout_seconds)),
        root: None,
    }
}

/// A message ready to leave.
pub(crate) struct Sealed {
    from: EmailAddress,
    to: EmailAddress,
    name: String,
    bytes: Vec<u8>,
}

/// One open way out; it takes message after message.
pub(crate) enum Way {
    Folder(PathBuf),
    Smtp(Box<smtp::Connection>),
}

impl Way {
    /// Hands over one message and returns what the other side said on taking it.
    ///
    /// # Errors
    /// Where it was not taken, or where nobody can tell.
    pub(crate) async fn send(&mut self, message: &Sealed) -> Result<String, PostError> {
        match self {
            Self::Smtp(connection) => {
                let Sealed { from, to, bytes, .. } = message;
                Ok(connection.send(from, to, bytes).await?.reply)
            }
            Self::Folder(folder) => {
                let path = folder::deliver(folder, &message.name, &message.bytes)?;
                Ok(format!("written to {}", path.display()))
            }
        }
    }

    /// Whether it can take another message.
    pub(crate) fn is_ready(&self) -> bool {
        match self {
            Self::Folder(_) => true,
            Self::Smtp(connection) => connection.is_ready(),
        }
    }

    /// Takes leave of the other side.
    pub(crate) async fn close(self) {
        if let Self::Smtp(connection) = self {
            connection.quit().await;
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
