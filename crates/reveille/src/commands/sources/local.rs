//! Sources that are not on the web: a folder where wire messages land, a Maildir, an mbox file, a mailbox.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use reveille_model::{SourceKind, Uri};
use url::Url;

/// What stands at a place that is no address on the web.
pub(super) struct Local {
    pub(super) url: Uri,
    pub(super) kind: SourceKind,
    pub(super) title: String,
}

/// Whether a text can mean nothing but a path of this machine, or of one with drives.
fn is_path(place: &str) -> bool {
    let of_a_drive =
        |text: &[u8]| matches!(text, [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic());
    ["/", "./", "../", "~", ".\\", "..\\"]
        .iter()
        .any(|start| place.starts_with(start))
        || matches!(place, "." | "..")
        || of_a_drive(place.as_bytes())
}

/// What a person named, if it is a mailbox or lies on this machine.
///
/// # Errors
/// Where it names a password, or is a path at which nothing lies.
pub(super) fn local(place: &str) -> anyhow::Result<Option<Local>> {
    let path = Path::new(place);
    if place.starts_with("imaps://") {
        let url = Url::parse(place)?;
        if url.password().is_some() {
            bail!(
                "a password in an address is shown in lists: leave it out, and hand it to `reveille sources sign-in`"
            );
        }
        return Ok(Some(Local {
            title: url.host_str().unwrap_or_default().to_owned(),
            url: Uri::Other(url),
            kind: SourceKind::Imap,
        }));
    }
    if place.contains("://") {
        return Ok(None);
    }
    if !path.exists() {
        ensure!(
            !is_path(place),
            "there is nothing at {place}: a folder, Maildir or mbox file has to be there before it is a source"
        );
        return Ok(None);
    }
    let path = path
        .canonicalize()
        .with_context(|| format!("cannot read {place}"))?;
    let kind = if path.join("new").is_dir() && path.join("cur").is_dir() {
        SourceKind::Maildir
    } else if path.is_dir() {
        SourceKind::Wires
    } else {
        SourceKind::Mbox
    };
    let url =
        Url::from_file_path(&path).map_err(|()| anyhow::anyhow!("{place} is no path of this machine"))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Some(Local {
        title: name.into_owned(),
        url: Uri::Other(url),
        kind,
    }))
}
