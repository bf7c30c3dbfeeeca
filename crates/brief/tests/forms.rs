//! The whole invented morning in every form, to be looked at when it changes: `tests/snapshots`.

mod morning;

use morning::{correction, edition, html_mail, links, web};
use reveille_brief::render::{epub, markdown, pdf, text, text_mail};
use reveille_model::Edition;

fn morning_with_a_correction() -> Edition {
    let mut edition = edition();
    edition.corrections = vec![correction("It was the pond.")];
    edition
}

#[test]
fn forms_that_are_text_read_as_they_were_reviewed() {
    let edition = morning_with_a_correction();
    insta::assert_snapshot!("mail.html", html_mail(&edition, &links()));
    insta::assert_snapshot!("mail.txt", text_mail(&edition, &links()));
    insta::assert_snapshot!("web.html", web(&edition));
    insta::assert_snapshot!("terminal.txt", text(&edition));
    insta::assert_snapshot!("edition.md", markdown(&edition));
}

/// Two faces of one machine may differ, so nothing here needs a sign that our own lack.
#[test]
fn the_print_is_byte_for_byte_the_one_that_was_reviewed() {
    let pdf = pdf(&morning_with_a_correction(), |_| Vec::new()).unwrap();
    insta::assert_binary_snapshot!("print.pdf", pdf.bytes);
}

#[test]
fn the_book_is_byte_for_byte_the_one_that_was_reviewed() {
    let book = epub(
        &morning_with_a_correction(),
        "https://brief.example/morning/2026-03-10",
    )
    .unwrap();
    insta::assert_binary_snapshot!("book.epub", book);
}
