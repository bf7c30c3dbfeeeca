//! Whether text is written from right to left.

use reveille_model::{Edition, Entry};

/// The `dir` of a page: that of most of its entries.
pub(super) fn of_edition(edition: &Edition) -> &'static str {
    let all = edition.entries().count();
    let right_to_left = edition.entries().filter(|entry| of_entry(entry) == "rtl").count();
    if right_to_left * 2 > all { "rtl" } else { "ltr" }
}

/// The `dir` of an entry: that of most letters of its headline. The letters decide rather than the language,
/// which is a guess.
pub(super) fn of_entry(entry: &Entry) -> &'static str {
    let letters = entry.headline.chars().filter(|c| c.is_alphabetic());
    let balance: i64 = letters.map(|c| if is_right_to_left(c) { 1 } else { -1 }).sum();
    if balance > 0 { "rtl" } else { "ltr" }
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms (Unicode blocks).
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
}
