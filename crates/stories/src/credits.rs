//! Reads off a bare text who wrote it: datelines, bylines and credit lines at head and foot.
//!
//! For texts that come without their page (a wire's feed, a pasted clip, a line of JSON). Where the page was read,
//! its own findings are better and stand in [`Doc::origins`](crate::Doc::origins).

use reveille_model::{Evidence, EvidenceMark, Origin, OriginClass};

use crate::agencies::{AGENCIES, Agency};

/// Bytes at the head in which a byline or dateline may stand, boilerplate above it included.
const HEAD: usize = 1500;
/// Bytes at the foot in which a credit line may stand, boilerplate below it included.
const FOOT: usize = 1800;

/// Who wrote a text, as far as the text itself says so, best first.
#[must_use]
pub fn credits(text: &str) -> Vec<Origin> {
    let mut found = Vec::new();
    let mut add = |agency: &Agency, class, mark, line: &str| {
        let evidence = Evidence {
            mark,
            text: shortened(line),
        };
        match found
            .iter_mut()
            .find(|origin: &&mut Origin| origin.name == agency.name && origin.class == class)
        {
            Some(origin) => origin.evidence.push(evidence),
            None => found.push(Origin {
                name: agency.name.to_owned(),
                class,
                url: None,
                evidence: vec![evidence],
            }),
        }
    };
    for line in head(text).lines().filter(|line| !line.is_empty()) {
        if let Some(agency) = dateline(line) {
            add(agency, OriginClass::Original, EvidenceMark::Dateline, line);
        }
        if let Some(agency) = byline(line) {
            add(agency, OriginClass::Original, EvidenceMark::Byline, line);
        }
    }
    for line in foot(text).lines().filter(|line| !line.is_empty()) {
        let lower = line.to_lowercase();
        if let Some(agency) = contribution(&lower) {
            add(agency, OriginClass::Contributed, EvidenceMark::Contribution, line);
        } else if let Some(agency) = footer(line, &lower) {
            add(agency, OriginClass::Original, EvidenceMark::Footer, line);
        }
    }
    found.sort_by_key(|origin| origin.class);
    found
}

/// `BAGHDAD (AP) —`, `(CNN) …`, `MOSCOW, March 3. /TASS/.`: the mark near the line's beginning.
fn dateline(line: &str) -> Option<&'static Agency> {
    let start = &line[..floor(line, 120)];
    if let Some(at) = start.find("/TASS/") {
        return (at < 60).then(|| named("TASS")).flatten();
    }
    let open = start.find('(')?;
    let close = open + start[open..].find(')')?;
    let (mark, before, after) = (
        &line[open + 1..close],
        line[..open].trim(),
        line[close + 1..].trim_start(),
    );
    // A place is in capitals, or short; "(AP)" after a whole sentence is a picture's credit.
    let place =
        before.is_empty() || (before.len() < 60 && !before.contains(['.', ':']) || is_dated_place(before));
    let dashed = after.starts_with(['-', '–', '—']);
    AGENCIES
        .iter()
        .find(|agency| {
            agency
                .marks
                .iter()
                .any(|known| *known == mark || mark.split('/').any(|part| part == *known))
        })
        .filter(|_| place && (dashed || before.is_empty() && !after.is_empty()))
}

/// `BEIJING, Jan. 3`: short, with a comma before the date.
fn is_dated_place(before: &str) -> bool {
    before.len() < 60 && before.contains(',') && before.ends_with(|c: char| c.is_ascii_digit())
}

/// A line that is an agency's name, or a byline that ends in one: `By Ann Example, Associated Press`.
fn byline(line: &str) -> Option<&'static Agency> {
    let lower = line.trim().to_lowercase();
    if lower.len() > 120 {
        return None;
    }
    let by = lower.strip_prefix("by ");
    let last = by.map_or(&*lower, |by| by.rsplit([',', '|', '/']).next().unwrap_or(by));
    let last = last.trim().trim_start_matches("for ").trim_start_matches("via ");
    AGENCIES.iter().find(|agency| agency.bylines.contains(&last))
}

/// A copyright or credit line that only the agency's own texts carry.
fn footer(line: &str, lower: &str) -> Option<&'static Agency> {
    if line.len() > 700 {
        return None;
    }
    let desk = lower.trim_start_matches(['(', ' ']);
    if (desk.starts_with("reporting by ") || desk.starts_with("additional reporting by "))
        && (lower.contains("editing by ") || lower.contains("writing by "))
    {
        return named("Reuters");
    }
    if let Some(number) = lower.split("dpa:").nth(1)
        && number.starts_with(|c: char| c.is_ascii_digit())
    {
        return named("dpa");
    }
    AGENCIES
        .iter()
        .find(|agency| agency.footers.iter().any(|known| lower.contains(known)))
}

/// "The Associated Press contributed to this report": the carrier wrote it.
fn contribution(lower: &str) -> Option<&'static Agency> {
    let at = lower.find("contributed to this")?;
    let before = &lower[..at];
    AGENCIES.iter().find(|agency| {
        agency
            .bylines
            .iter()
            .any(|name| name.len() > 3 && before.contains(name))
    })
}

fn named(short: &str) -> Option<&'static Agency> {
    AGENCIES.iter().find(|agency| agency.short == short)
}

fn head(text: &str) -> &str {
    &text[..floor(text, HEAD)]
}

fn foot(text: &str) -> &str {
    let mut from = text.len().saturating_sub(FOOT);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    // A line that begins before the foot is a paragraph of the body, unless the text is that short.
    match text[from..].find('\n') {
        Some(end) if from > 0 => &text[from + end..],
        None if from > 0 => "",
        _ => text,
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn shortened(line: &str) -> String {
    let line = line.trim();
    let end = floor(line, 120);
    if end < line.len() {
        format!("{}…", line[..end].trim_end())
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, OriginClass)> {
        credits(text)
            .into_iter()
            .map(|origin| (origin.name, origin.class))
            .collect()
    }

    #[test]
    fn house_styles_are_read() {
        for (text, name) in [
            (
                "By Ann Example\nAssociated Press\nLAKETOWN (AP) — It rained.",
                "Associated Press",
            ),
            ("LAKETOWN (Reuters) - It rained.", "Reuters"),
            (
                "It rained.\n\nReporting by Ann Example; Editing by Bo Example",
                "Reuters",
            ),
            ("LAKETOWN, Jan. 3 (Xinhua) -- It rained.", "Xinhua"),
            ("LAKETOWN, January 3. /TASS/. It rained.", "TASS"),
            ("(CNN) It rained.", "CNN"),
            (
                "It rained.\n©2031 Lake Star\nDistributed by Tribune Content Agency, LLC.",
                "Tribune News Service",
            ),
            ("By Ann Example, ProPublica\nIt rained.", "ProPublica"),
        ] {
            assert_eq!(read(text), [(name.to_owned(), OriginClass::Original)], "{text}");
        }
    }

    #[test]
    fn mentions_pictures_and_contributions_do_not_make_an_original() {
        assert!(read("The mayor told the Associated Press (AP) that it rained.").is_empty());
        assert!(read("The mayor looks on. Photo: Bo Example (AP)").is_empty());
        assert_eq!(
            read("It rained.\nThe Associated Press contributed to this report."),
            [("Associated Press".to_owned(), OriginClass::Contributed)]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_upsets_it(text in "(?s).{0,400}") {
            let _ = credits(&text);
        }
    }
}
