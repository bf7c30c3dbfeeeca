//! What is to be extracted, wherever it comes from.

use std::io::Read;

use anyhow::{Context, ensure};
use reveille_extract::parse::MAX_BYTES;
use reveille_gather::Accept;
use reveille_model::CanonicalUrl;

use crate::{
    cli::{self, Extract, Global},
    commands::input,
};

/// A page or clip.
pub(super) struct Source {
    /// How a person calls it.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) url: Option<CanonicalUrl>,
    /// The charset of the HTTP header.
    pub(super) charset: Option<String>,
    /// Whether it is plain text.
    pub(super) is_text: bool,
}

/// A page takes two bytes a character at most in the character sets that are in use, and the parser reads no more
/// characters than this.
const MOST_BYTES: usize = 2 * MAX_BYTES;

pub(super) async fn read(global: &Global, options: &Extract) -> anyhow::Result<Source> {
    let mut source = if input::is_address(&options.page) {
        if options.url.is_some() {
            return Err(cli::misuse("`--url` names the address of a file; this page has its own").into());
        }
        let document = input::fetch(global, &options.page, Accept::Page).await?;
        Source {
            name: options.page.clone(),
            is_text: document.media_type().as_deref() == Some("text/plain"),
            bytes: document.body,
            url: Some(document.url),
            charset: document.charset,
        }
    } else {
        let mut bytes = Vec::new();
        let (opened, _) = input::open(&options.page)?;
        opened
            .take(MOST_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot read {}", input::name(&options.page)))?;
        Source {
            name: input::name(&options.page).to_owned(),
            is_text: options.page.ends_with(".txt") || !has_markup(&bytes),
            bytes,
            url: options.url.clone(),
            charset: None,
        }
    };
    source.is_text |= options.text;
    check(&source.bytes).with_context(|| source.name.clone())?;
    Ok(source)
}

/// Refuses what cannot be a page.
pub(super) fn check(bytes: &[u8]) -> anyhow::Result<()> {
    ensure!(!bytes.trim_ascii().is_empty(), "there is nothing in it");
    ensure!(
        bytes.len() <= MOST_BYTES,
        "it is larger than {} MiB, which no page is",
        MOST_BYTES >> 20
    );
    // Text in UTF-16 is full of zeros, but says by its mark what it is.
    let wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let start = &bytes[..bytes.len().min(1024)];
    ensure!(
        wide || !(start.contains(&0) || start.starts_with(b"%PDF-")),
        "it is neither a page nor text, but binary data"
    );
    Ok(())
}

/// Whether it opens with an element, or anything in it looks like the end of one, a comment or a doctype, as everything in
/// HTML does but a few lines.
fn has_markup(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).replace(['\0', '\u{feff}'], "");
    let opens = text.trim_start().strip_prefix('<').is_some_and(|tag| {
        let after = tag.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        tag.starts_with(|c: char| c.is_ascii_alphabetic())
            && after.starts_with(|c: char| c == '>' || c.is_whitespace())
    });
    opens
        || text.split('<').skip(1).any(|tag| {
            let tag = tag.as_bytes();
            let letter = |at: usize| tag.get(at).is_some_and(u8::is_ascii_alphabetic);
            tag.starts_with(b"!") || tag.starts_with(b"/") && letter(1) || tag.starts_with(b"p>")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_told_from_what_only_looks_like_it() {
        for page in [
            "<!-- x -->",
            "<P><b>x</b>",
            "<p>one<p>two",
            "\n<html>",
            "<body class=x>one",
        ] {
            assert!(has_markup(page.as_bytes()), "{page}");
        }
        for clip in [
            "From: Ann <ann@example.org>",
            "<https://times.example/>",
            "<ann@example.org> wrote",
            "<",
            "1 < 2",
            "",
        ] {
            assert!(!has_markup(clip.as_bytes()), "{clip}");
        }
    }

    #[test]
    fn what_cannot_be_a_page_is_refused() {
        assert!(check(b"<p>x").is_ok());
        assert!(check(b"\xff\xfe<\0p\0").is_ok());
        for bytes in [b" \n".as_slice(), b"%PDF-1.7", b"\x89PNG\r\n\0"] {
            assert!(check(bytes).is_err(), "{bytes:?}");
        }
    }
}
