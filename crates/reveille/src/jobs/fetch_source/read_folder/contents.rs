//! What a file holds. It is read and its text extracted before anything is stored, on a thread that may block.

use std::{fs, io, path::Path};

use reveille_feed::{Hint, Limits};
use reveille_model::SourceKind;
use reveille_store::files::{self, File};

use super::{
    watched::Seen,
    wire_message::{self, Message},
};
use crate::jobs::fetch_source::letter::{self, Issue};

/// The largest mbox file, in bytes: it is read whole.
const LARGEST_MBOX: u64 = 256 << 20;

/// What is to be stored.
pub(super) enum News {
    Letter(Box<Issue>),
    Wire(Box<Message>),
}

/// A file of a folder or Maildir as it is remembered, what is wrong with it included, and what it brings; `None` where it is
/// gone.
pub(super) fn read(
    kind: SourceKind,
    carrier: &str,
    before: Option<&File>,
    seen: &Seen,
) -> Option<(File, Vec<News>)> {
    let (mut file, contents) = load(seen, Limits::default().bytes as u64)?;
    if file.error.is_some() || before.is_some_and(|before| is_same(before, &file)) {
        return Some((file, Vec::new()));
    }
    let read = match kind {
        SourceKind::Maildir => {
            letter::read(&contents).map(|issue| (vec![News::Letter(Box::new(issue))], None))
        }
        _ => messages(&contents, carrier),
    };
    let (news, error) = read.unwrap_or_else(|error| (Vec::new(), Some(error)));
    file.error = error;
    Some((file, news))
}

/// An mbox file as it is remembered, and its letters; where it only grew, those that were added. `None` where it is gone.
pub(super) fn letters(before: Option<&File>, seen: &Seen) -> Option<(File, Vec<Vec<u8>>)> {
    let (mut file, contents) = load(seen, LARGEST_MBOX)?;
    if file.error.is_some() || before.is_some_and(|before| is_same(before, &file)) {
        return Some((file, Vec::new()));
    }
    let known = before.and_then(|before| {
        let size = usize::try_from(before.size).ok()?;
        (files::digest(contents.get(..size)?) == before.digest).then_some(size)
    });
    let letters = reveille_mail::letter::split_mbox(&contents[known.unwrap_or(0)..]);
    if letters.is_empty() && known.is_none() {
        file.error = Some("it is no mbox file".to_owned());
    }
    Some((file, letters))
}

/// Whether a file was copied or touched, and not changed.
fn is_same(before: &File, file: &File) -> bool {
    before.digest == file.digest && before.error.is_none()
}

/// A file and its bytes, or why it cannot be read. `None`: it went, or was moved; the next look sees.
fn load(seen: &Seen, most: u64) -> Option<(File, Vec<u8>)> {
    let (digest, error, contents) = match bytes(&seen.at, most) {
        Ok(contents) => (files::digest(&contents), None, contents),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => (String::new(), Some(error.to_string()), Vec::new()),
    };
    let file = File {
        path: seen.path.clone(),
        size: seen.size,
        modified_at: seen.modified_at,
        digest,
        error,
    };
    Some((file, contents))
}

fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    io::Read::read_to_end(
        &mut io::Read::take(fs::File::open(path)?, most + 1),
        &mut contents,
    )?;
    if contents.len() as u64 > most {
        return Err(io::Error::other(format!("it is larger than {} MiB", most >> 20)));
    }
    Ok(contents)
}

/// The whole messages of a file, and what is wrong with it all the same; or why there are none.
fn messages(contents: &[u8], carrier: &str) -> Result<(Vec<News>, Option<String>), String> {
    let feed = reveille_feed::parse(contents, &Hint::default()).map_err(|error| error.to_string())?;
    let cut = feed.is_cut.then(|| "it ends in the middle".to_owned());
    if !feed.format.is_wire() {
        return Err(format!("it is {}, not a wire message", feed.format.name()));
    }
    let read = feed
        .entries
        .iter()
        .filter_map(|entry| wire_message::read(entry, carrier));
    Ok((read.map(|message| News::Wire(Box::new(message))).collect(), cut))
}
