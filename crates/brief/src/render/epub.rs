//! An edition as a book for reading devices: EPUB 3.3 (W3C), which is a zip archive of XHTML.
//!
//! Its page is the one on the web by our own template, an operator's being for browsers; a table of contents names every
//! entry. The same edition is the same file, byte for byte.

mod archive;

use minijinja::{Environment, Value, context, value::Serde};
use reveille_model::Edition;

use self::archive::Archive;
use super::{
    MARK, TemplateError, Templates, changes,
    templates::{self, Form},
    view::View,
};

/// What a zip archive is known by: its first file, at a fixed place (OCF, section 4.3).
const KIND: &str = "application/epub+zip";

/// Where a reading system finds the package (OCF, section 4.2.6.3.1).
const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"#;

const STYLE: &str = include_str!("../../templates/epub/style.css");

/// What is written anew for every edition, and its template.
const PARTS: [(&str, &str); 3] = [
    ("package.opf", include_str!("../../templates/epub/package.opf")),
    ("nav.xhtml", include_str!("../../templates/epub/nav.xhtml")),
    ("edition.xhtml", include_str!("../../templates/epub/page.xhtml")),
];

/// The edition that stands at this absolute address, by which it is known wherever it is copied to.
///
/// # Errors
/// Where our templates cannot render it, as one with more than some ten thousand entries.
pub fn epub(edition: &Edition, url: &str) -> Result<Vec<u8>, TemplateError> {
    let mut environment = Environment::new();
    templates::settle(&mut environment);
    // Within XHTML a drawing says what language it is in.
    let mark = MARK.replacen("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"", 1);
    let main = Templates::built_in().render(Form::Web, edition, None, &mark)?;
    let modified = edition.modified().to_string();
    let view = context! {
        url,
        main => Value::from_safe_string(main),
        // Whole seconds (EPUB 3.3, section 5.5.5).
        modified => format!("{}Z", modified.get(..19).unwrap_or(&modified)),
        changes => Value::from(Serde(changes(edition))),
        ..Serde(View::of(edition, None))
    };
    let mut archive = Archive::default();
    archive.add("mimetype", KIND.as_bytes());
    archive.add("META-INF/container.xml", CONTAINER.as_bytes());
    for (name, template) in PARTS {
        let text = environment
            .render_named_str(name, template, &view)
            .map_err(|error| TemplateError::of(name, &error))?;
        archive.add(&format!("EPUB/{name}"), in_xml(&text).as_bytes());
    }
    archive.add("EPUB/style.css", STYLE.as_bytes());
    Ok(archive.finish())
}

/// Without the signs that XML 1.0 (section 2.2) has no place for, however they are written.
fn in_xml(text: &str) -> String {
    let has_place = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    let kept = |c: char| {
        if has_place(c) {
            c
        } else {
            char::REPLACEMENT_CHARACTER
        }
    };
    text.chars().map(kept).collect()
}
