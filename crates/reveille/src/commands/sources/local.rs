//! Sources that are not on the web: a folder where wire messages land, a Maildir, an mbox file, a mailbox.

use std::path::Path;

use anyhow::{Context, bail};
use reveille_model::{SourceKind, Uri};
use url::Url;

/// What stands at a place that is no address on the web.
pub(super) struct Local {
    pub(super) url: Uri,
    pub(super) kind: SourceKind,
    pub(super) title: String,
}

/// What a person named, if it is a mailbox or lies on this machine.
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
    if place.contains("://") || !path.exists() {
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
