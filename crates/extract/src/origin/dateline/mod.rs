//! Datelines: `BAGHDAD (AP) — `, `LONDON, March 3 (Reuters) - `, `MOSCOW, 3 May. /TASS/.`, `Berlin (dpa) - `.

mod marked;
mod native;
mod places;

use places::{is_city, is_likely_a_place, is_shouted, place_and_date};
use reveille_model::{Block, BlockKind, Dateline};

use crate::text;

/// A dateline ends within so many bytes of the paragraph's start.
const REACH: usize = 120;

/// What parts a dateline without a mark from the text.
const DASHES: [&str; 8] = [" — ", " – ", " -- ", " - ", "— ", "– ", "—", "--"];

/// A dateline that was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) dateline: Dateline,
    /// The offset at which the text after it begins.
    pub(crate) after: usize,
    /// Whether it ends in a dash or in an agency's mark, so that it is certain where it ends.
    pub(crate) closed: bool,
}

/// The dateline at the start of a paragraph. `named` are organisations that the page names: a bracket that holds
/// the initials of one of them marks it.
pub(crate) fn read(paragraph: &str, named: &[String]) -> Option<Found> {
    let reach = text::excerpt(paragraph, REACH);
    marked::read(reach, named)
        .or_else(|| native::read(reach))
        .or_else(|| unmarked(reach))
        .or_else(|| without_dash(reach))
}

/// Takes the dateline off the body's first paragraph, which a deck may precede. One whose dash was lost is read and
/// stays: the text is damaged there, and is kept as it came.
pub(crate) fn take(body: &mut Vec<Block>, named: &[String]) -> Option<Dateline> {
    let (at, found) = body
        .iter()
        .enumerate()
        .filter(|(_, block)| block.kind == BlockKind::Paragraph)
        .take(OPENING)
        .find_map(|(at, block)| read(&block.text, named).map(|found| (at, found)))?;
    if found.dateline.agency.is_none() {
        // In a round-up each paragraph has its place.
        let others = body[at + 1..]
            .iter()
            .filter(|block| read(&block.text, named).is_some());
        if others.count() > 0 {
            return None;
        }
    }
    if found.closed {
        let rest = body[at].text[found.after..].trim_start().to_owned();
        if rest.is_empty() {
            body.remove(at);
        } else {
            body[at].text = rest;
        }
    }
    Some(found.dateline)
}

/// Paragraphs among which the first of the report stands.
const OPENING: usize = 3;

/// The text of a paragraph after its dateline: for summaries, where the place is only in the way.
///
/// ```
/// use reveille_extract::without_dateline;
/// assert_eq!(without_dateline("BAGHDAD (AP) — Talks resumed on Tuesday."), "Talks resumed on Tuesday.");
/// assert_eq!(without_dateline("Talks resumed on Tuesday."), "Talks resumed on Tuesday.");
/// ```
#[must_use]
pub fn without_dateline(paragraph: &str) -> &str {
    read(paragraph, &[]).map_or(paragraph, |found| paragraph[found.after..].trim_start())
}

/// `AUSTIN, Texas — `: a place in capitals before a dash.
fn unmarked(reach: &str) -> Option<Found> {
    // Most paragraphs begin with a word that has one capital.
    if reach.chars().take(3).any(char::is_lowercase) {
        return None;
    }
    let (at, dash) = DASHES
        .iter()
        .filter_map(|dash| reach.find(dash).map(|at| (at, dash)))
        .min_by_key(|(at, dash)| (*at, usize::MAX - dash.len()))?;
    let (place, date) = place_and_date(reach[..at].trim());
    let after = at + dash.len();
    let agency = None;
    (opens_a_sentence(&reach[after..]) && is_shouted(&place) && is_likely_a_place(&place)).then_some(Found {
        dateline: Dateline { place, agency, date },
        after,
        closed: true,
    })
}

/// Whether a text begins as a sentence does.
fn opens_a_sentence(text: &str) -> bool {
    text.trim_start()
        .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || "\"“‘'$€£".contains(c))
}

/// A known city in capitals, with the next sentence right behind it.
fn without_dash(reach: &str) -> Option<Found> {
    let end = reach
        .char_indices()
        .find(|(_, c)| c.is_lowercase())
        .map(|(at, _)| at)?;
    let capitals = reach[..end].trim_end_matches(|c: char| c != ' ').trim_end();
    // A city that is the sentence's subject is not in capitals; an acronym is not in the list.
    let place = capitals.trim_end_matches([',', '.']);
    is_city(place).then(|| Found {
        dateline: Dateline {
            place: place.to_owned(),
            ..Dateline::default()
        },
        after: capitals.len(),
        closed: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_of_every_house_are_read() {
        for (line, place, agency, date, rest) in [
            ("BAGHDAD (AP) — Iraq has", "BAGHDAD", Some("AP"), None, "Iraq has"),
            (
                "LONDON, March 3 (Reuters) - Shares rose",
                "LONDON",
                Some("Reuters"),
                Some("March 3"),
                "Shares rose",
            ),
            (
                "AUSTIN, Texas — The state",
                "AUSTIN, Texas",
                None,
                None,
                "The state",
            ),
            (
                "Berlin (dpa) - Der Bundestag",
                "Berlin",
                Some("dpa"),
                None,
                "Der Bundestag",
            ),
            (
                "MOSCOW, May 3. /TASS/. The ministry",
                "MOSCOW",
                Some("TASS"),
                Some("May 3"),
                "The ministry",
            ),
            (
                "(Reuters) - Shares rose",
                "",
                Some("Reuters"),
                None,
                "Shares rose",
            ),
            ("BAGHDAD Iraq has sent", "BAGHDAD", None, None, "Iraq has sent"),
            (
                "SKARHAVN, Kaldland (NW) — Talks",
                "SKARHAVN, Kaldland",
                Some("NW"),
                None,
                "Talks",
            ),
            ("SKARHAVN (NW) -- Talks", "SKARHAVN", Some("NW"), None, "Talks"),
            (
                "BELMARAIS, March 9 (CPA) - Talks",
                "BELMARAIS",
                Some("CPA"),
                Some("March 9"),
                "Talks",
            ),
            (
                "SKARHAVN, Kaldland — Talks",
                "SKARHAVN, Kaldland",
                None,
                None,
                "Talks",
            ),
            ("HARBOUR CITY — “Talks", "HARBOUR CITY", None, None, "“Talks"),
        ] {
            let Found { dateline, after, .. } = read(line, &[]).unwrap();
            assert_eq!(
                (
                    dateline.place.as_str(),
                    dateline.agency.as_deref(),
                    dateline.date.as_deref()
                ),
                (place, agency, date),
                "{line}"
            );
            assert_eq!(line[after..].trim(), rest);
        }
    }

    #[test]
    fn a_place_in_small_letters_needs_an_organisation_with_the_marks_initials() {
        let line = "Skarhavn (NW) – Kaldland has sent";
        assert_eq!(read(line, &["Southern Wire".to_owned()]), None);
        let found = read(line, &["Northern Wire".to_owned()]).unwrap();
        assert_eq!(found.dateline.agency.as_deref(), Some("NW"));
        assert_eq!(&line[found.after..], "Kaldland has sent");
    }

    #[test]
    fn a_dateline_is_taken_off_and_those_of_a_round_up_stay() {
        let paragraph = |text: &str| Block {
            kind: BlockKind::Paragraph,
            text: text.to_owned(),
        };
        let mut body = vec![
            paragraph("Grain leaves by the strait."),
            paragraph("SKARHAVN (NW) — Talks resumed."),
            paragraph("They ended."),
        ];
        assert_eq!(take(&mut body, &[]).unwrap().place, "SKARHAVN");
        assert_eq!(body[1].text, "Talks resumed.");
        let mut body = vec![
            paragraph("SKARHAVN — Talks resumed."),
            paragraph("BELMARAIS — Rates rose."),
        ];
        assert_eq!(take(&mut body, &[]), None);
        assert_eq!(body[0].text, "SKARHAVN — Talks resumed.");
    }

    #[test]
    fn sentences_have_none() {
        for line in [
            "NATO Secretary General Ann Example said on Tuesday",
            "The talks (which began in June) – the first – failed.",
            "He said — twice — no.",
            "U.S. forces left.",
            "NATO — The alliance has met.",
            "BREAKING — The bridge is closed.",
            "EXAMPLE – the show that everybody watches – ends.",
            "Example Motors (EXM) — Shares rose.",
            "TALKS: WHAT WE KNOW — The talks resumed.",
        ] {
            assert_eq!(read(line, &[]), None, "{line}");
        }
    }
}
