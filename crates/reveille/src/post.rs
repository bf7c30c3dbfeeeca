//! The way out for mail: an SMTP server, or a folder of .eml files.

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use reveille_mail::{Message, dkim::Signer, folder, smtp};
use reveille_model::EmailAddress;

use crate::config::{Dkim, Mail, TlsKind, TransportKind};

/// Opens ways out. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Post {
    transport: Transport,
    signers: Arc<[Signer]>,
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
        let (transport, width) = match mail.transport {
            TransportKind::Folder => (Transport::Folder(mail.folder.clone()), 1),
            TransportKind::Smtp => (
                Transport::Smtp(Arc::new(smtp_options(mail))),
                mail.smtp.connections,
            ),
        };
        Ok(Self {
            transport,
            signers: signers(&mail.dkim)?.into(),
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
        Ok(Sealed {
            from: message.return_path.as_ref().unwrap_or(&message.from.1).clone(),
            to: message.to.clone(),
            name: file_name(&message.message_id),
            bytes: reveille_mail::build_signed(message, &self.signers)?,
        })
    }
}

/// The keys that sign: the usual one, and one in Ed25519 for receivers that know it (RFC 8463).
fn signers(dkim: &Dkim) -> anyhow::Result<Vec<Signer>> {
    let Some(domain) = &dkim.domain else {
        return Ok(Vec::new());
    };
    let keys = [
        ("mail.dkim.key", &dkim.selector, &dkim.key),
        ("mail.dkim.ed25519_key", &dkim.ed25519_selector, &dkim.ed25519_key),
    ];
    let mut signers = Vec::new();
    for (name, selector, key) in keys {
        let Some(key) = key else { continue };
        let signer = Signer::from_pem(domain, selector, key);
        signers.push(signer.with_context(|| format!("{name}: the key cannot be used"))?);
    }
    Ok(signers)
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

impl Sealed {
    fn parcel(&self) -> smtp::Parcel<'_> {
        smtp::Parcel {
            from: &self.from,
            to: &self.to,
            message: &self.bytes,
        }
    }
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
            Self::Smtp(connection) => Ok(connection.begin(message.parcel()).await?),
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
            Self::Smtp(connection) => {
                let sent = connection.finish(message.parcel(), next.map(Sealed::parcel));
                Ok(sent.await?.reply)
            }
            Self::Folder(folder) => {
                let path = folder::deliver(folder, &message.name, &message.bytes)?;
                Ok(format!("written to {}", path.display()))
            }
        }
    }

    /// Whether an error says no more than that this way has carried its fill.
    pub(crate) fn is_worn(&self, error: &PostError) -> bool {
        match (self, error) {
            (Self::Smtp(connection), PostError::Smtp(error)) => connection.is_worn(error),
            _ => false,
        }
    }

    /// Whether a message was announced that is still to come, and nothing else can follow.
    pub(crate) fn is_begun(&self) -> bool {
        match self {
            Self::Folder(_) => false,
            Self::Smtp(connection) => connection.is_begun(),
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
