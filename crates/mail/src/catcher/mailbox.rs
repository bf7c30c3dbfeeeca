//! The catcher's folder: one folder for each mailbox, one file for each message.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest;
use mail_parser::{Address, MessageParser};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reveille_model::{EmailAddress, UnixMillis, hex};

use crate::folder::{self, FolderError};

/// One message of a mailbox. Reading never fails: what a message lacks is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mail {
    /// The file.
    pub path: PathBuf,
    /// Whose mailbox holds it, or outside a mailbox the first address of the To field.
    pub to: String,
    /// The From field as `Name <address>`, decoded.
    pub from: String,
    /// The subject, decoded.
    pub subject: String,
    /// The Date field.
    pub date: Option<UnixMillis>,
    /// The Message-ID without its angle brackets.
    pub message_id: Option<String>,
    /// The HTML form, where there is one. As sent: not to be shown outside a sandbox.
    pub html: Option<String>,
    /// The text form, where there is one.
    pub text: Option<String>,
    /// The whole message as received.
    pub raw: Vec<u8>,
}

/// Reads one message's bytes. `path` stays empty.
#[must_use]
pub fn read(raw: &[u8]) -> Mail {
    let Some(message) = MessageParser::default().parse(raw) else {
        return Mail {
            raw: raw.to_vec(),
            ..Mail::default()
        };
    };
    let body = |parts: &[u32], kind: &str| {
        let part = parts.iter().find_map(|&part| {
            let part = message.part(part)?;
            // The parser offers text as HTML and HTML as text; a reader asks for what was sent.
            let sent = if part.is_text_html() { "html" } else { "plain" };
            (sent == kind).then(|| part.text_contents()).flatten()
        });
        part.map(|text| text.replace("\r\n", "\n"))
    };
    Mail {
        path: PathBuf::new(),
        to: message.to().and_then(first_address).unwrap_or_default(),
        from: message.from().map(shown).unwrap_or_default(),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: message
            .date()
            .map(|date| UnixMillis(date.to_timestamp().saturating_mul(1000))),
        message_id: message.message_id().map(str::to_owned),
        html: body(&message.html_body, "html"),
        text: body(&message.text_body, "plain"),
        raw: raw.to_vec(),
    }
}

/// The messages of every mailbox under `dir`, and of `dir` itself, newest first; those of one second by path.
/// A folder that does not exist holds none. Blocks on the disk.
///
/// # Errors
/// What the file system refused.
pub fn list(dir: &Path) -> io::Result<Vec<Mail>> {
    let mut mails = Vec::new();
    for (path, is_dir) in entries(dir)? {
        if !is_dir {
            read_file(&path, None, &mut mails)?;
            continue;
        }
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let mailbox = address_of(name);
        for (path, _) in entries(&path)?.into_iter().filter(|(_, is_dir)| !is_dir) {
            read_file(&path, Some(&mailbox), &mut mails)?;
        }
    }
    mails.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.path.cmp(&b.path)));
    Ok(mails)
}

/// What became of a message at a mailbox's door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    New,
    /// The mailbox holds its Message-ID already.
    Again,
}

/// Stores a message durably for one recipient. A message that names itself is known by its Message-ID, another
/// by its bytes. Blocks on the disk.
pub(super) fn store(dir: &Path, to: &EmailAddress, raw: &[u8]) -> Result<Stored, FolderError> {
    let message_id = MessageParser::default()
        .parse_headers(raw)
        .and_then(|message| message.message_id().map(str::to_owned));
    let hash = digest::digest(&digest::SHA256, message_id.as_deref().map_or(raw, str::as_bytes));
    let name = hex(&hash.as_ref()[..16]);
    let mailbox = dir.join(folder_of(to));
    if mailbox.join(format!("{name}.eml")).exists() {
        return Ok(Stored::Again);
    }
    folder::deliver(&mailbox, &name, raw).map(|_| Stored::New)
}

/// What stands in a file's name as it is: no file system and no shell gives it a meaning of its own.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'@')
    .remove(b'.')
    .remove(b'_')
    .remove(b'+')
    .remove(b'-');

/// The address in lower case, with `%` and two digits for each byte that a file's name could not hold
/// everywhere.
fn folder_of(to: &EmailAddress) -> String {
    utf8_percent_encode(&to.key(), PLAIN).to_string()
}

/// The inverse of [`folder_of`].
fn address_of(name: &str) -> String {
    percent_decode_str(name).decode_utf8_lossy().into_owned()
}

/// What a folder holds, without what is hidden or vanished meanwhile.
fn entries(dir: &Path) -> io::Result<Vec<(PathBuf, bool)>> {
    let found = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        found => found?,
    };
    let mut entries = Vec::new();
    for entry in found {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push((entry.path(), entry.file_type()?.is_dir()));
        }
    }
    Ok(entries)
}

fn read_file(path: &Path, mailbox: Option<&str>, mails: &mut Vec<Mail>) -> io::Result<()> {
    if path.extension().is_none_or(|extension| extension != "eml") {
        return Ok(());
    }
    let raw = match fs::read(path) {
        // Replaced or removed since the folder was listed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        raw => raw?,
    };
    let mut mail = read(&raw);
    path.clone_into(&mut mail.path);
    if let Some(mailbox) = mailbox {
        mailbox.clone_into(&mut mail.to);
    }
    mails.push(mail);
    Ok(())
}

fn first_address(address: &Address<'_>) -> Option<String> {
    address.first()?.address().map(str::to_owned)
}

fn shown(address: &Address<'_>) -> String {
    let Some(first) = address.first() else {
        return String::new();
    };
    match (first.name(), first.address().unwrap_or_default()) {
        (Some(name), address) => format!("{name} <{address}>"),
        (None, address) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_names_a_folder_and_is_read_back_from_it() {
        for address in [
            "ann+news@example.org",
            "a/b%41@example.org",
            "jürgen@example.org",
            "..x@example.org",
        ] {
            let Ok(address) = address.parse::<EmailAddress>() else {
                continue;
            };
            let folder = folder_of(&address);
            assert!(!folder.contains('/') && !folder.starts_with('.'), "{folder}");
            assert_eq!(address_of(&folder), address.key());
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_never_panics(raw: Vec<u8>, name in ".*") {
            let _ = read(&raw);
            let _ = address_of(&name);
        }
    }
}
