//! Renders an invented edition in every form into a folder, and one with sections of all kinds beside it, to be looked at:
//! `cargo run -p reveille-brief --example sample -- target/sample`, or with a language: `… -- target/sample de`.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use reveille_brief::{Sources, compose, render};
use reveille_model::Edition;

#[path = "../tests/morning/mod.rs"]
mod morning;

/// Stands in for the stylesheet of the page that wraps the web form.
const STYLE: &str = include_str!("sample.css");

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("usage: sample FOLDER [LANGUAGE]")?);
    fs::create_dir_all(&folder)?;
    let mut brief = morning::brief();
    if let Some(language) = env::args().nth(2) {
        brief.language = language.parse()?;
    }
    let edition = compose(
        &brief,
        morning::day(),
        morning::compiled(),
        &morning::candidates(),
        &[],
    );
    write(&folder, &edition)?;
    let kinds = folder.join("kinds");
    fs::create_dir_all(&kinds)?;
    write(&kinds, &morning::all_kinds())
}

fn write(folder: &Path, edition: &Edition) -> Result<(), Box<dyn Error>> {
    let links = morning::links();
    let page = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Sample</title><style>{STYLE}</style>{}",
        edition.language,
        morning::web(edition)
    );
    for (name, content) in [
        ("mail.html", morning::html_mail(edition, &links)),
        ("web.html", page),
        ("edition.txt", render::text(edition)),
        ("mail.txt", render::text_mail(edition, &links)),
        ("edition.md", render::markdown(edition)),
        ("edition.json", render::json(edition)),
    ] {
        fs::write(folder.join(name), &content)?;
        println!("{name}: {} bytes", content.len());
    }
    let url = "https://brief.example/morning/2026-03-10";
    fs::write(folder.join("edition.epub"), render::epub(edition, url)?)?;
    let pdf = render::pdf(edition, |_| Vec::new())?;
    fs::write(folder.join("edition.pdf"), &pdf.bytes)?;
    println!("edition.pdf: {} bytes, without {:?}", pdf.bytes.len(), pdf.unset);
    println!("subject: {}", render::subject(edition));
    for finding in morning::preflight(edition, &Sources::default()) {
        println!("{}: {:?} {}", finding.severity, finding.entry, finding.text);
    }
    Ok(())
}
